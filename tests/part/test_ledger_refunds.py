"""Amazon's finances before and after a refund is sent (semantics C3)."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from channeld.amazon.finances import Transaction, TransactionItem
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.refunds import book_finances
from channeld.domain.ledger.states import State
from channeld.domain.order import IncomingLine
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit
from tests.support.book_shop import ORDER, open_shop
from tests.support.domain_orders import UK_LINE, order
from tests.support.ledger_shop import LedgerShop, refund

CHARGED = 1200
"""What the buyer of the mug paid."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[LedgerShop]:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("SHIPPED", lines=(_shipped(),)))
        yield LedgerShop(shop)


def _shipped() -> IncomingLine:
    return msgspec.structs.replace(UK_LINE, sku="SKU-1", fulfilled=1)


def paid(minor: int, at: datetime, number: int = 1, *, sku: str = "SKU-1") -> Transaction:
    return Transaction(
        transaction_id=f"T{number}",
        kind="Refund",
        status="RELEASED",
        order_id=ORDER,
        posted_at=at,
        currency="GBP",
        items=(TransactionItem(sku=sku, currency="GBP", minor=minor),),
    )


async def seen(
    house: LedgerShop, row: WorkRecord, shown: Sequence[Transaction], unreadable: int = 0
) -> WorkRecord:
    """The row after its order's finances were read."""
    shop = house.shop

    def book(unit: Unit) -> None:
        book_finances(unit, shop.account_id, ORDER, shown, shop.now, house.hand, unreadable=unreadable)

    await shop.store.write(book)
    return await house.row(row.id)


async def test_what_is_left_of_the_charge_may_be_sent(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=CHARGED))
    assert (await seen(house, row, [])).route == "feed"


async def test_money_that_another_program_gave_back_counts(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=CHARGED))
    found = await seen(house, row, [paid(1, house.shop.now)])
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "over_refund")


async def test_beside_a_transaction_that_cannot_be_read_nothing_is_sent(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=100))
    found = await seen(house, row, [], unreadable=1)
    assert (found.state, found.route, found.attempts) == (State.QUEUED, "", 1)
    assert "cannot be read" in found.reason


async def test_one_transaction_proves_one_of_two_equal_refunds(house: LedgerShop) -> None:
    rows = await house.queue(refund(minor=100), refund(minor=100), route="feed")
    await house.submit(rows)
    await house.pass_time(hours=2)
    await seen(house, rows[0], [paid(100, house.shop.now)])
    states = [(await house.row(row.id)).state for row in rows]
    assert sorted(states) == [State.CONFIRMED, State.SUBMITTED]
    await seen(house, rows[0], [paid(100, house.shop.now), paid(100, house.shop.now, 2)])
    assert {(await house.row(row.id)).state for row in rows} == {State.CONFIRMED}


@pytest.mark.parametrize(
    "other",
    [
        paid(99, datetime.fromisoformat("2026-11-22T10:00:00+00:00")),
        paid(100, datetime.fromisoformat("2026-11-22T10:00:00+00:00"), sku="ANOTHER"),
        paid(100, datetime.fromisoformat("2026-11-20T10:00:00+00:00")),
    ],
    ids=["another amount", "another product", "before it was sent"],
)
async def test_another_transaction_proves_nothing(house: LedgerShop, other: Transaction) -> None:
    (row,) = await house.queue(refund(minor=100), route="feed")
    await house.submit([row])
    await house.pass_time(hours=2)
    assert (await seen(house, row, [other])).state is State.SUBMITTED


async def test_three_days_without_a_transaction_are_a_person_s(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=100), route="feed")
    feed = await house.submit([row])
    await house.end(feed, {}, Result(outcome="ok"))
    await house.pass_time(hours=71)
    assert (await seen(house, row, [])).state is State.SUBMITTED
    await house.pass_time(hours=7)
    found = await seen(house, row, [])
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "no_transaction")
    assert found.look_at is None
