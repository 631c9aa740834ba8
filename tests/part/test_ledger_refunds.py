"""Amazon's finances before and after a refund is sent (semantics C3)."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from channeld.amazon.finances import Transaction
from channeld.book.ledger.decisions import dismissed, retried
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.refunds import orders_to_check
from channeld.book.ledger.unread import finances_unread
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store.ledger_records import WorkRecord
from tests.support.book_shop import ORDER, open_shop
from tests.support.domain_orders import HOUR, NOW, order
from tests.support.finances import CHARGED, MUG, TWO_MUGS, paid, seen
from tests.support.ledger_shop import INSTANCE, LedgerShop, refund


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[LedgerShop]:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("SHIPPED", lines=(MUG,)))
        yield LedgerShop(shop)


async def no_finances(house: LedgerShop, row: WorkRecord, _shown: Sequence[Transaction]) -> WorkRecord:
    """The row after its order's finances could not be read."""
    account, began = house.shop.account_id, house.shop.now
    await house.shop.store.write(lambda u: finances_unread(u, account, ORDER, "why", began, house.stamp))
    return await house.row(row.id)


async def test_what_is_left_of_the_charge_may_be_sent(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=CHARGED))
    assert (await seen(house, row, [])).route == "feed"


async def test_money_that_another_program_gave_back_counts(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=CHARGED))
    found = await seen(house, row, [paid(1, house.shop.now)])
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "over_refund")


async def test_money_of_units_that_amazon_shows_no_more_is_not_given_back(house: LedgerShop) -> None:
    """Two were shown for twice the price; then one is, and no money yet."""
    await house.shop.apply(order("SHIPPED", updated_at=NOW + HOUR, lines=(TWO_MUGS,)))
    one = msgspec.structs.replace(MUG, amounts=None)
    await house.shop.apply(order("SHIPPED", updated_at=NOW + 2 * HOUR, lines=(one,)))
    (row,) = await house.queue(refund(minor=CHARGED + 1))
    row = await seen(house, row, [])
    assert (row.state, row.route, row.reason_code) == (State.QUEUED, "", "no_money")


async def test_beside_a_transaction_that_cannot_be_read_nothing_is_sent(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=100))
    found = await seen(house, row, [], unreadable=1)
    assert (found.state, found.route, found.attempts) == (State.QUEUED, "", 1)
    assert "cannot be read" in found.reason


async def test_one_transaction_proves_one_of_two_equal_refunds(house: LedgerShop) -> None:
    rows = await house.queue(refund(minor=100), refund(minor=100), route=Route.FEED)
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
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    await house.submit([row])
    await house.pass_time(hours=2)
    assert (await seen(house, row, [other])).state is State.SUBMITTED


async def test_three_days_without_a_transaction_are_a_person_s(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    feed = await house.submit([row])
    await house.end(feed, {}, Result(outcome="ok"))
    await house.pass_time(hours=71)
    assert (await seen(house, row, [])).state is State.SUBMITTED
    await house.pass_time(hours=7)
    found = await seen(house, row, [])
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "no_transaction")


async def given_up(house: LedgerShop, *, minor: int = 100) -> WorkRecord:
    """A refund that the finances did not show for three days."""
    (row,) = await house.queue(refund(minor=minor), route=Route.FEED)
    await house.end(await house.submit([row]), {}, Result(outcome="ok"))
    await house.pass_time(hours=72)
    return await seen(house, row, [])


async def to_check(house: LedgerShop) -> list[str]:
    """Orders whose finances are read now."""
    now = house.shop.now
    return await house.shop.store.read(lambda c: orders_to_check(c, 1, INSTANCE, now, 10))


async def test_a_transaction_that_comes_after_that_confirms_it_all_the_same(house: LedgerShop) -> None:
    row = await given_up(house)
    assert row.state is State.NEEDS_ATTENTION
    await house.pass_time(days=5)
    found = await seen(house, row, [paid(100, house.shop.now)])
    assert (found.state, found.look_at, found.in_doubt) == (State.CONFIRMED, None, 0)


async def test_one_late_transaction_proves_one_of_two_that_were_given_up(house: LedgerShop) -> None:
    rows = [await given_up(house) for _ in range(2)]
    await house.pass_time(days=1)
    for _ in range(2):
        await seen(house, rows[0], [paid(100, house.shop.now)])
        states = [(await house.row(row.id)).state for row in rows]
        assert states == [State.CONFIRMED, State.NEEDS_ATTENTION]


async def test_for_a_month_the_finances_are_read_once_a_day_for_it(house: LedgerShop) -> None:
    row = await given_up(house)
    reads = 0
    for _ in range(4 * 35):
        await house.pass_time(hours=6)
        if await to_check(house):
            reads += 1
            row = await (no_finances if reads % 3 == 0 else seen)(house, row, [])
    assert (row.state, row.look_at) == (State.NEEDS_ATTENTION, None)
    assert 25 <= reads <= 30


async def test_nothing_is_read_for_what_a_person_has_dismissed(house: LedgerShop) -> None:
    row = await given_up(house)
    await house.move(row.id, lambda unit, now: dismissed(unit, now, house.stamp))
    await house.pass_time(days=2)
    assert await to_check(house) == []


def held_back(at: datetime, **names: str) -> Transaction:
    """The whole price, held back by Amazon."""
    return msgspec.structs.replace(paid(CHARGED, at, 1), status="DEFERRED", **names)


def released(at: datetime, **names: str) -> Transaction:
    """The same once more, when Amazon lets it go."""
    return msgspec.structs.replace(paid(CHARGED, at, 2), **names)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"released_from": "T1"}),
        ({"released_as": "T2"}, {}),
        ({"released_as": "T2"}, {"released_from": "T1"}),
    ],
    ids=["named by its release", "names its release", "both"],
)
async def test_money_held_back_and_its_release_count_once(
    house: LedgerShop, first: dict[str, str], second: dict[str, str]
) -> None:
    shop = house.shop
    await shop.apply(order("SHIPPED", updated_at=NOW + HOUR, lines=(TWO_MUGS,)))
    (row,) = await house.queue(refund(minor=CHARGED))
    shown = [held_back(shop.now, **first), released(shop.now, **second)]
    assert (await seen(house, row, shown)).route == "feed", "one of two is left"


async def test_a_release_of_what_was_given_back_before_proves_no_later_refund(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=CHARGED))
    before = held_back(house.shop.now)
    await seen(house, row, [before])
    await house.pass_time(hours=1)
    row = await house.move(row.id, lambda unit, now: retried(unit, now, house.stamp))
    await house.submit([row])
    await house.pass_time(hours=2)
    shown = [before, released(house.shop.now, released_from="T1")]
    assert (await seen(house, row, shown)).state is State.SUBMITTED


async def test_the_release_of_what_proves_a_refund_proves_no_other(house: LedgerShop) -> None:
    rows = await house.queue(refund(minor=CHARGED), refund(minor=CHARGED), route=Route.FEED)
    await house.submit(rows)
    await house.pass_time(hours=2)
    before = held_back(house.shop.now)
    await seen(house, rows[0], [before])
    await seen(house, rows[0], [before, released(house.shop.now, released_from="T1")])
    assert [(await house.row(row.id)).state for row in rows] == [State.CONFIRMED, State.SUBMITTED]


async def test_a_release_of_another_amount_counts_beside_it(house: LedgerShop) -> None:
    """Nobody says that it cannot be: so it is asked about."""
    shown = [paid(700, house.shop.now), released(house.shop.now, released_from="T1")]
    (row,) = await house.queue(refund(minor=1))
    assert (await seen(house, row, shown)).reason_code == "over_refund"
