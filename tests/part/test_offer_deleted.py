"""A SKU that was deleted in one marketplace goes on in the others, and what was closed stays so in a race."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from channeld.book.offering.computing import recomputing
from channeld.book.offering.computing.recomputing import StalePage
from channeld.domain.stock.relist import Closure
from channeld.store import channels, desired_stock, listings_down, stale_stock
from channeld.store.unit import Unit
from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk


async def down(desk: OfferDesk, why: Closure, *on: str) -> None:
    def note(unit: Unit) -> None:
        for name in on:
            channel = channels.by_name(unit.connection, name)
            assert channel is not None
            listings_down.note(unit, channel.id, {"MUG": why}, desk.shop.now, desk.shop.now)

    await desk.shop.store.write(note)


async def test_an_older_read_does_not_overwrite_a_newer_one(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 4)
        await down(desk, Closure.DELETED, "uk")
        channel, now = (await desk.one()).members[0].channel.id, desk.shop.now
        for asked_at, closure in ((now - timedelta(seconds=1), Closure.DELETED), (now, None)):
            at = asked_at
            await desk.shop.store.write(
                lambda unit, at=at: listings_down.note(unit, channel, {"MUG": None}, at, now)
            )
            assert (await desk.one()).closure is closure


async def test_the_request_is_about_a_marketplace_that_still_has_it(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE", **SENDING)
        await desk.sell("MUG", 4)
        await desk.list("MUG", "de")
        uk, de = [each.channel.id for each in (await desk.one()).members]
        assert (await desk.one()).group.owner == uk
        await down(desk, Closure.DELETED, "uk")
        found = await desk.one()
        assert (found.group.owner, found.closure) == (de, None)
        assert await desk.quantity() == 4
        await down(desk, Closure.DELETED, "de")
        found = await desk.one()
        assert (found.value, found.closure) == (None, Closure.DELETED)


async def test_amazons_own_stock_in_one_marketplace_withholds_it_from_all(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE", **SENDING)
        await desk.sell("MUG", 4)
        await desk.list("MUG", "de")
        await down(desk, Closure.AMAZONS, "de")
        assert (await desk.one()).withheld == Closure.AMAZONS.value
        assert await desk.quantity() is None


async def test_what_was_computed_before_it_was_closed_does_not_put_it_up(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 4)
        assert await desk.told() == 4
        await desk.count("MUG", 9)
        store, account_id, now = desk.shop.store, desk.shop.account_id, desk.shop.now
        page = await store.read(lambda c: recomputing.next_page(c, account_id))
        assert isinstance(page, StalePage)

        def close(unit: Unit) -> None:
            row = desired_stock.of_skus(unit.connection, account_id, ["MUG"])["MUG"]
            closed = replace(row, closed_at=now, desired=replace(row.desired, computed=None))
            desired_stock.save(unit, [closed], now)
            stale_stock.mark_skus(unit, account_id, ["MUG"], now)

        await store.write(close)
        await store.write(lambda unit: recomputing.book_stale(unit, account_id, page, now))
        assert (await desk.row()).desired.computed is None
        assert await desk.told() is None
