"""Which actors are to run, in the order of their start: data, made of what the store says (design, 3)."""

from pathlib import Path

from channeld.book.ledger import decisions
from channeld.commands.channels import remove_channel
from channeld.tree import plan
from channeld.tree_branches import read_branches
from tests.part.test_tree import ALL, DE, OF_ACCOUNT, OWN, UK, kit
from tests.support.book_shop import Shop, open_shop
from tests.support.domain_orders import order
from tests.support.ledger_shop import LedgerShop, refund


async def test_outbound_work_has_actors_where_a_setting_asks_for_them(tmp_path: Path) -> None:
    """Three more for every channel would cost a machine with a thousand of them 75 MB."""
    async with open_shop(tmp_path) as shop:
        await shop.open_channel("uk", "UK", despatch_notes="on")
        await shop.open_channel("de", "DE")
        assert await ids(shop) == [*OWN, *OF_ACCOUNT, DE, UK, "uk/despatch", "eu/feed_lane_despatch"]
        await shop.set("uk", despatch_notes="off")
        assert await ids(shop) == ALL


async def test_work_that_has_not_ended_keeps_its_actor_whatever_the_settings_say(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel("uk", "UK", order_refunds="on")
        await shop.apply(order())
        work = LedgerShop(shop)
        (row,) = await work.queue(refund())
        await shop.set("uk", order_refunds="off")
        expected = [*OWN, *OF_ACCOUNT, UK, "uk/refund", "eu/feed_lane_refund"]
        assert await ids(shop) == expected
        await work.move(row.id, lambda unit, now: decisions.dismissed(unit, now, work.stamp))
        assert await ids(shop) == [*OWN, *OF_ACCOUNT, UK]


async def test_the_plan_is_data_in_the_order_of_starting(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        assert await ids(shop) == OWN, "an account without a channel that is on does nothing"
        await shop.open_channel("uk", "UK")
        await shop.open_channel("de", "DE")
        await shop.open_channel("fr", "FR", enabled="off")
        assert await ids(shop) == ALL
        await shop.command(lambda u, a: remove_channel(u, a, "uk"))
        assert await ids(shop) == [*OWN, *OF_ACCOUNT, DE]


async def ids(shop: Shop) -> list[str]:
    branches = await shop.store.read(read_branches)
    return [planned.spec.id for planned in plan(branches, kit(shop.store, shop.clock))]
