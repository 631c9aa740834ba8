"""What any read of an order settles of the work that needs a person (semantics C1, C2)."""

import msgspec
import pytest

from channeld.book.ledger import moves
from channeld.book.ledger.echoes import FAILURES
from channeld.book.ledger.failure import Failure
from channeld.domain.ledger.doubt import NOT_SEEN
from channeld.domain.ledger.echo import Sighting
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.order import Package
from tests.support.domain_orders import MINUTE, NOW, UK_LINE, order
from tests.support.ledger_shop import LedgerShop, cancel, parcel

REFUSED = Failure(code="18028", reason="Amazon refused it.", lasting=True)
SENT = msgspec.structs.replace(UK_LINE, fulfilled=1, unfulfilled=0)
GONE = msgspec.structs.replace(UK_LINE, quantity=0, unfulfilled=0, cancelled=True)


async def refused_as_shipped_otherwise(house: LedgerShop, tracking: str) -> int:
    (row,) = await house.queue(parcel(tracking=tracking))
    otherwise = FAILURES[Sighting.OTHERWISE]
    await house.move(row.id, lambda unit, now: moves.failed(unit, now, house.stamp, otherwise))
    return row.id


async def test_a_view_without_packages_says_nothing_of_what_others_shipped(house: LedgerShop) -> None:
    work_id = await refused_as_shipped_otherwise(house, "MINE")
    await house.shop.apply(order("SHIPPED", lines=(SENT,), updated_at=NOW + MINUTE))
    assert (await house.row(work_id)).state is State.NEEDS_ATTENTION


@pytest.mark.parametrize("is_ours", [True, False], ids=["our reference", "the same tracking"])
async def test_shipped_otherwise_ends_when_our_parcel_is_shown(house: LedgerShop, *, is_ours: bool) -> None:
    work_id = await refused_as_shipped_otherwise(house, "MINE")
    shown = Package(reference=str(work_id)) if is_ours else Package(reference="1", tracking="MINE")
    await house.shop.apply(order("SHIPPED", lines=(SENT,), packages=(shown,), updated_at=NOW + MINUTE))
    assert (await house.row(work_id)).state is State.CONFIRMED


async def test_a_cancellation_that_was_taken_and_then_refused_is_confirmed_when_shown(
    house: LedgerShop,
) -> None:
    (row,) = await house.queue(cancel(), route=Route.FEED)
    await house.submit([row])
    for failure in (Failure(code=NOT_SEEN, reason="Amazon does not show it."), REFUSED):
        await house.move(row.id, lambda unit, now, why=failure: moves.failed(unit, now, house.stamp, why))
    assert (await house.row(row.id)).state is State.NEEDS_ATTENTION
    await house.shop.apply(order("CANCELLED", lines=(GONE,), updated_at=NOW + MINUTE))
    assert (await house.row(row.id)).state is State.CONFIRMED
