"""A listing counts as closed by hand only if no order may have taken its units, nor one nobody could read."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from channeld.book.offering.reading_back.reading import book_looks
from channeld.domain.listing.item import ItemRead
from channeld.domain.stock.desired import Desired
from channeld.domain.stock.pushing import accepted, begun
from channeld.domain.stock.route import Route
from channeld.store import audit, channels, desired_stock, quarantine
from channeld.store.unit import Unit
from tests.support.book_shop import damaged
from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk, sale

APPLIED = 1000.0
COME_IN = 400.0
"""Seconds after which all orders have come in that may explain a read."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[OfferDesk]:
    async with at_offer_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE", **SENDING)
        yield desk


async def told(desk: OfferDesk, units: int) -> None:
    """Amazon was told that many, and a read has shown them."""
    await desk.sell("MUG", units)
    await desk.settle()
    await sent(desk, desk.shop.now)
    await desk.shop.clock.advance(APPLIED)
    await look(desk, units)
    assert (await desk.row()).desired.is_confirmed


async def sent(desk: OfferDesk, at: datetime) -> None:
    def move(row: Desired) -> Desired:
        return accepted(begun(row, Route.PATCH, "p1", at), "p1", at)

    def book(unit: Unit) -> None:
        row = desired_stock.of_skus(unit.connection, desk.shop.account_id, ["MUG"])["MUG"]
        after = replace(row, desired=move(row.desired))
        desired_stock.save(unit, [after], at)

    await desk.shop.store.write(book)


async def look(desk: OfferDesk, units: int) -> None:
    """The actor has read it now."""
    now, item = desk.shop.now, ItemRead(sku="MUG", marketplace_id="", quantity=units, status=("BUYABLE",))
    await desk.shop.store.write(
        lambda unit: book_looks(unit, desk.shop.account_id, 1, {"MUG": item}, now, now)
    )


async def all_known(desk: OfferDesk) -> None:
    """All orders up to now were read."""
    ids = [
        each.id for each in await desk.shop.store.read(lambda c: channels.of_account(c, desk.shop.account_id))
    ]
    await desk.shop.store.write(lambda unit: channels.move_cursor(unit, ids, desk.shop.now))


async def shown(desk: OfferDesk, units: int) -> None:
    """It is, and still is when all orders have come in."""
    for pause in (60.0, COME_IN):
        await desk.shop.clock.advance(pause)
        await all_known(desk)
        await look(desk, units)


async def seconds_to_look(desk: OfferDesk) -> float:
    at = (await desk.row()).desired.look_at
    assert at is not None
    return (at - desk.shop.now).total_seconds()


async def test_none_without_an_order_is_a_closure(desk: OfferDesk) -> None:
    await told(desk, 1)
    await shown(desk, 0)
    assert (await desk.row()).closed_at is not None


async def test_an_order_that_is_booked_and_not_computed_yet_explains_it(desk: OfferDesk) -> None:
    await told(desk, 1)
    sold_at = desk.shop.now + timedelta(seconds=30)
    await desk.shop.clock.advance(60)
    await look(desk, 0)
    await desk.shop.clock.advance(COME_IN)
    await desk.shop.apply(sale(purchased_at=sold_at, updated_at=desk.shop.now))
    await all_known(desk)
    await look(desk, 0)
    assert (await desk.row()).closed_at is None
    assert await seconds_to_look(desk) == 60
    await desk.count("MUG", 10)
    assert await desk.told() == 9


async def test_an_order_that_cannot_be_booked_may_explain_it(desk: OfferDesk) -> None:
    await told(desk, 1)
    order = sale(purchased_at=desk.shop.now, updated_at=desk.shop.now)
    await desk.shop.apply_carefully(damaged=[damaged(order.order_id)])
    await shown(desk, 0)
    assert (await desk.row()).closed_at is None
    await desk.shop.apply(order)
    await desk.count("MUG", 10)
    assert await desk.told() == 9


async def test_one_that_a_person_has_dismissed_does_not(desk: OfferDesk) -> None:
    await told(desk, 1)
    await desk.shop.apply_carefully(damaged=[damaged()])
    (entry,) = await desk.shop.store.read(lambda c: quarantine.entries(c, 10))
    await desk.shop.store.write(lambda unit: quarantine.dismiss(unit, entry, desk.shop.now))
    await shown(desk, 0)
    assert (await desk.row()).closed_at is not None


async def test_what_is_listed_on_a_disabled_channel_is_sold_there_unread(desk: OfferDesk) -> None:
    await told(desk, 1)
    await desk.list("MUG", "de")
    await desk.shop.set("de", enabled="off")
    await desk.settle()
    await shown(desk, 0)
    assert (await desk.row()).closed_at is None


async def test_what_lacks_for_unread_orders_is_left_and_looked_at_hourly(desk: OfferDesk) -> None:
    await told(desk, 2)
    await desk.shop.apply_carefully(damaged=[damaged()])
    await shown(desk, 1)
    assert await seconds_to_look(desk) == 300
    await desk.shop.clock.advance(3600)
    await look(desk, 1)
    row = await desk.row()
    assert not row.desired.is_dirty
    assert "orders that cannot be read may explain it" in row.desired.reason
    assert await seconds_to_look(desk) == 3600


async def test_a_sale_that_comes_in_late_opens_it_again(desk: OfferDesk) -> None:
    await told(desk, 1)
    sold_at = desk.shop.now + timedelta(seconds=30)
    await shown(desk, 0)
    await desk.settle()
    await desk.shop.apply(sale(purchased_at=sold_at, updated_at=desk.shop.now))
    assert (await desk.row()).closed_at is None
    entries = await desk.shop.store.read(lambda c: audit.entries(c, 10, sku="MUG"))
    assert entries[0].code == "listing.opened"
    await desk.count("MUG", 10)
    assert await desk.told() == 9


async def test_one_from_before_units_were_shown_does_not(desk: OfferDesk) -> None:
    sold_at = desk.shop.now
    await told(desk, 1)
    await shown(desk, 0)
    await desk.settle()
    await desk.shop.apply(sale(purchased_at=sold_at, updated_at=desk.shop.now))
    assert (await desk.row()).closed_at is not None


async def test_an_order_counts_though_the_clock_was_ahead_when_the_value_left(desk: OfferDesk) -> None:
    await desk.sell("MUG", 100, max_listed=5)
    await desk.settle()
    await sent(desk, desk.shop.now + timedelta(days=1))
    await desk.shop.clock.advance(3600)
    await desk.shop.apply(sale(units=5, purchased_at=desk.shop.now, updated_at=desk.shop.now))
    await desk.settle()
    row = await desk.row()
    assert row.desired.is_dirty
    assert row.desired.sent is not None
    assert row.desired.sent.at <= desk.shop.now
