"""A refund that may have been paid: what proves it, who may repeat it; its money counts once (C3)."""

from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest

from channeld.book.ledger.decisions import dismissed, rejected, retried
from channeld.book.ledger.feed_results import Result
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store.ledger_records import WorkRecord
from tests.support.book_shop import open_shop
from tests.support.domain_orders import order
from tests.support.finances import CHARGED, MUG, paid, seen
from tests.support.ledger_shop import LedgerShop, refund

OK, REFUSED = Result(outcome="ok"), Result(outcome="error", code="18028", text="too much")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[LedgerShop]:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("SHIPPED", lines=(MUG,)))
        yield LedgerShop(shop)


async def never_seen(house: LedgerShop, minor: int = 100) -> WorkRecord:
    """A refund that Amazon took, and that its finances did not show for three days."""
    (row,) = await house.queue(refund(minor=minor), route=Route.FEED)
    await house.end(await house.submit([row]), {1: OK}, OK)
    await house.pass_time(hours=72)
    row = await seen(house, row, [])
    assert (row.state, row.in_doubt) == (State.NEEDS_ATTENTION, 1)
    return row


async def forced(house: LedgerShop, row: WorkRecord, outcome: Result) -> WorkRecord:
    """A person has it repeated, and Amazon says that of the repeat."""
    await house.move(row.id, lambda unit, now: retried(unit, now, house.stamp))
    row = await seen(house, row, [])
    assert row.route == "feed"
    await house.end(await house.submit([row]), {1: outcome}, OK)
    return await house.row(row.id)


async def test_a_repeat_that_was_refused_needs_a_person_while_one_before_it_is_in_doubt(
    house: LedgerShop,
) -> None:
    row = await forced(house, await never_seen(house), REFUSED)
    assert (row.state, row.in_doubt, row.attempts) == (State.NEEDS_ATTENTION, 2, 1)
    assert "Seller Central" in row.hint
    assert row.look_at is not None, "the finances are read on"


async def test_what_kept_a_repeat_from_leaving_does_not_use_it_up(house: LedgerShop) -> None:
    row = await never_seen(house)
    await house.move(row.id, lambda unit, now: retried(unit, now, house.stamp))
    row = await seen(house, row, [], unreadable=1)
    assert (row.state, row.attempts) == (State.QUEUED, 1)


async def test_a_refusal_of_the_only_submission_is_tried_again_by_itself(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    await house.end(await house.submit([row]), {1: REFUSED}, OK)
    row = await house.row(row.id)
    assert (row.state, row.in_doubt, row.attempts) == (State.QUEUED, 0, 1)


@pytest.mark.parametrize("outcome", [OK, REFUSED], ids=["taken", "refused"])
async def test_the_first_submission_proves_it_however_often_it_was_repeated(
    house: LedgerShop, outcome: Result
) -> None:
    first = house.shop.now
    row = await forced(house, await never_seen(house), outcome)
    await house.pass_time(days=1)
    row = await seen(house, row, [paid(100, first)])
    assert (row.state, row.in_doubt) == (State.CONFIRMED, 0)


async def test_a_submission_that_certainly_failed_proves_nothing_later(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    refused_at = house.shop.now
    await house.end(await house.submit([row]), {1: REFUSED}, OK)
    await house.pass_time(hours=1)
    row = await seen(house, row, [])
    await house.submit([row])
    row = await seen(house, row, [paid(100, refused_at)])
    assert row.state is State.SUBMITTED, "another program's"


async def test_three_days_count_from_the_last_submission(house: LedgerShop) -> None:
    row = await never_seen(house)
    await house.move(row.id, lambda unit, now: retried(unit, now, house.stamp))
    row = await seen(house, row, [])
    await house.submit_unanswered([row])
    await house.pass_time(hours=1)
    row = await seen(house, row, [])
    assert row.state is State.UNKNOWN


@pytest.mark.parametrize("is_removed", [False, True], ids=["dismissed", "its channel removed"])
async def test_what_ended_in_doubt_and_was_paid_counts_once(house: LedgerShop, *, is_removed: bool) -> None:
    sent_at = house.shop.now
    row = await never_seen(house, 500)
    ended = await house.move(
        row.id,
        lambda unit, now: (
            rejected(unit, now, house.stamp, "") if is_removed else dismissed(unit, now, house.stamp)
        ),
    )
    (other,) = await house.queue(refund(minor=CHARGED - 500))
    for _ in range(2):
        other = await seen(house, other, [paid(500, sent_at)])
        assert (other.state, other.route) == (State.QUEUED, "feed")
    assert await house.row(row.id) == ended, "it stays as it ended"


async def test_money_beside_what_was_dismissed_in_doubt_counts_too(house: LedgerShop) -> None:
    sent_at = house.shop.now
    row = await never_seen(house, 500)
    await house.move(row.id, lambda unit, now: dismissed(unit, now, house.stamp))
    (other,) = await house.queue(refund(minor=CHARGED - 500))
    other = await seen(house, other, [paid(500, sent_at), paid(500, sent_at, 2)])
    assert other.reason_code == "over_refund"


async def test_a_refund_under_way_is_proved_before_one_that_was_dismissed(house: LedgerShop) -> None:
    row = await never_seen(house)
    await house.move(row.id, lambda unit, now: dismissed(unit, now, house.stamp))
    (other,) = await house.queue(refund(minor=100), route=Route.FEED)
    await house.submit([other])
    other = await seen(house, other, [paid(100, house.shop.now)])
    assert other.state is State.CONFIRMED


async def test_which_transactions_are_the_same_money_is_not_forgotten(house: LedgerShop) -> None:
    """A later read shows the release only, and not the money held back that names it."""
    (row,) = await house.queue(refund(minor=600), route=Route.FEED)
    feed = await house.submit([row])
    held_back = msgspec.structs.replace(paid(600, house.shop.now), released_as="T2")
    release = paid(600, house.shop.now, 2)
    assert (await seen(house, row, [held_back, release])).state is State.CONFIRMED
    await house.end(feed, {}, Result(outcome="ok"))
    await house.pass_time(minutes=20)
    (other,) = await house.queue(refund(minor=600))
    assert (await seen(house, other, [release])).route == "feed"
