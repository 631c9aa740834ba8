"""Values that are likely to be overtaken do not leave: orders are behind, or they are computed anew."""

from datetime import timedelta
from pathlib import Path

from channeld.book.ledger.holding import take_up
from channeld.book.offering.feeding.lane import read_lane
from channeld.book.offering.requests import take_requests
from channeld.control.rows.offer_explained import explained_offers
from channeld.store import channels, stale_stock
from channeld.tree_branches import read_branches
from tests.part.test_tree_plan import ids
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import market_with
from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk, sale
from tests.support.offering_daemon import open_shop
from tests.support.stock_line import stock_line, stock_market

ME = "me"


async def leaving(desk: OfferDesk) -> list[str]:
    """SKUs that requests take now."""
    shop = desk.shop
    notes = await shop.store.write(lambda u: take_requests(u, shop.account_id, ME, shop.now, 5))
    return [note.sku for note in notes]


async def orders_are_read(desk: OfferDesk, minutes_ago: float = 0) -> None:
    """By its one channel."""
    until = desk.shop.now - timedelta(minutes=minutes_ago)
    await desk.shop.store.write(lambda unit: channels.move_cursor(unit, (1,), until))


async def test_while_orders_are_behind_nothing_but_zeros_leaves(tmp_path: Path) -> None:
    """After two days without channeld: nine of ten are left by the book, and five have been sold."""
    async with at_offer_desk(tmp_path) as desk:
        shop = desk.shop
        await shop.store.write(lambda unit: take_up(unit, ME))
        await desk.sell("MUG", 10)
        await desk.sell("CUP", 0)
        await orders_are_read(desk)
        await shop.clock.advance(2 * 86_400)
        await shop.apply(sale("MUG", 1, purchased_at=shop.now - timedelta(hours=47)))
        await desk.settle()
        lane = await shop.store.read(lambda c: read_lane(c, shop.account_id, ME, 10_000, shop.now))
        assert lane.is_behind
        assert not lane.due
        assert await leaving(desk) == ["CUP"]
        (mug,) = await shop.store.read(lambda c: explained_offers(c, 1, ["MUG"], 5, shop.now, ME))
        assert "orders of the last hours" in mug.waits_for
        await orders_are_read(desk, minutes_ago=12)
        assert await leaving(desk) == ["MUG"]


async def test_what_is_about_to_be_computed_anew_does_not_leave(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.store.write(lambda unit: take_up(unit, ME))
        await orders_are_read(desk)
        await desk.sell("MUG", 10)
        await desk.sell("CUP", 10)
        await desk.settle()
        await desk.count("MUG", 3)
        assert await leaving(desk) == ["CUP"]
        desk.changes.clear()
        await desk.settle()
        assert desk.changes["stock_due"] == {desk.shop.account_id}
        assert await leaving(desk) == ["MUG"]


async def test_a_sweep_lets_go_what_it_has_passed_and_zeros(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        shop = desk.shop
        await shop.store.write(lambda unit: take_up(unit, ME))
        await orders_are_read(desk)
        for sku, units in {"A": 5, "B": 5, "C": 0}.items():
            await desk.sell(sku, units)
        await desk.settle()
        sweep = await shop.store.write(lambda u: stale_stock.begin(u, 1, shop.now)) or await shop.store.read(
            lambda c: stale_stock.sweep(c, 1)
        )
        assert sweep is not None
        await shop.store.write(lambda unit: stale_stock.sweep_on(unit, sweep, "A"))
        lane = await shop.store.read(lambda c: read_lane(c, 1, ME, 10_000, shop.now))
        assert lane.is_computing
        assert await leaving(desk) == ["C", "A"]


async def test_the_actor_tells_why_it_waits_and_goes_on_by_itself(tmp_path: Path, clock: FakeClock) -> None:
    market = stock_market(clock)
    async with stock_line(tmp_path, clock, market) as line:
        behind = clock.now() - timedelta(hours=3)
        await line.shop.store.write(lambda unit: channels.move_cursor(unit, (1, 2), behind))
        await line.want({"SKU": 4})
        await line.run(60)
        assert line.shown[-1] == "the orders of the last hours"
        assert not line.in_order()
        await line.shop.store.write(lambda unit: channels.move_cursor(unit, (1, 2), clock.now()))
        await line.run(20)
        assert line.in_order() == ["SKU"]


async def test_an_account_without_enabled_channels_only_computes(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.set("uk", **SENDING, enabled="off")
        assert [each.channels for each in await desk.shop.store.read(read_branches)] == [()]
        assert [each for each in await ids(desk.shop) if each.startswith("eu/")] == ["eu/stock"]


async def test_what_is_sold_elsewhere_meanwhile_is_known_when_it_is_enabled_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, 30)

    def told() -> dict[str, list[int | None]]:
        return {sku: [each.quantity for each in all_] for (_, sku), all_ in market.truth.told.items()}

    async with open_shop(tmp_path, market, clock) as shop:
        await shop.count(Default=7)
        await shop.said("channel", "set", "uk", "update_inventory=on", "inventory_locations=Default")
        await shop.daemon.pass_time(minutes=30)
        await shop.count(Default=9)
        await shop.said("channel", "set", "uk", "enabled=off")
        await shop.daemon.pass_time(minutes=30)
        await shop.count(Default=0)
        await shop.daemon.pass_time(minutes=1)
        assert "computed anew" not in await shop.said("stock", "explain", shop.skus[3])
        before = told()
        await shop.said("channel", "set", "uk", "enabled=on")
        await shop.daemon.pass_time(minutes=2)
        later = {sku: units[len(before.get(sku, [])) :] for sku, units in told().items()}
        assert not [sku for sku, units in later.items() if any(units)]


async def test_skus_of_a_removed_channel_end_with_nothing_to_send(tmp_path: Path, clock: FakeClock) -> None:
    async with open_shop(tmp_path, market_with(clock, 30), clock) as shop:
        await shop.count(Default=7)
        await shop.said("channel", "set", "uk", "update_inventory=on", "inventory_locations=Default")
        await shop.daemon.pass_time(minutes=2)
        await shop.said("channel", "set", "uk", "enabled=off")
        await shop.said("channel", "remove", "uk", "--yes")
        await shop.daemon.pass_time(minutes=5)
        offers = await shop.offers()
        assert {row["standing"] for row in offers.values()} <= {"nothing to send"}
        assert "eu/stock" not in await shop.said("status")
