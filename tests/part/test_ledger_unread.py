"""Amazon does not say how an order stands: its work waits, and after a day it is a person's (C1, C2, C3)."""

from datetime import datetime

import pytest

from channeld.amazon.feeds.answers import Feed
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.feed_watch import settle_unknown
from channeld.book.ledger.unread import finances_read, finances_unread, order_unread
from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store.ledger_records import WorkRecord
from tests.support.book_shop import ORDER
from tests.support.ledger_shop import LedgerShop, cancel, parcel, refund

WHY = "Amazon does not know it."


async def no_finances(house: LedgerShop, row: WorkRecord) -> WorkRecord:
    """The row after a read of the order's finances that brought nothing."""
    account, began = house.shop.account_id, house.shop.now
    await house.shop.store.write(lambda u: finances_unread(u, account, ORDER, WHY, began, house.stamp))
    return await house.row(row.id)


async def no_order(house: LedgerShop, row: WorkRecord) -> WorkRecord:
    """The row after a read of its order that brought nothing."""
    began = house.shop.now
    await house.shop.store.write(lambda u: order_unread(u, ORDER, began, house.stamp))
    return await house.row(row.id)


async def taken(house: LedgerShop, row: WorkRecord) -> None:
    """Amazon reports that it has worked through it; whether it happened is looked for."""
    await house.end(await house.submit([row], adopted=True), {}, Result(outcome="ok"))


def minutes_until(house: LedgerShop, at: datetime | None) -> float:
    assert at is not None
    return (at - house.shop.now).total_seconds() / 60


async def test_a_refund_to_be_sent_waits_for_its_order_s_finances(house: LedgerShop) -> None:
    (row,) = await house.queue(refund())
    found = await no_finances(house, row)
    assert (found.state, found.route, found.attempts) == (State.QUEUED, "", 0)
    assert minutes_until(house, found.next_at) == 30
    assert WHY in found.reason
    await house.pass_time(hours=23)
    assert (await no_finances(house, row)).state is State.QUEUED
    await house.pass_time(hours=1)
    found = await no_finances(house, row)
    assert (found.state, found.sent_at) == (State.NEEDS_ATTENTION, None)
    assert "Seller Central" in found.hint


async def test_a_refund_that_was_sent_is_a_person_s_after_a_day_and_may_be_paid(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    await taken(house, row)
    await house.pass_time(hours=1)
    found = await no_finances(house, row)
    assert found.state is State.SUBMITTED
    assert minutes_until(house, found.look_at) == 30
    assert WHY in found.reason
    await house.pass_time(hours=23)
    found = await no_finances(house, row)
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "no_transaction")
    assert "twice" in found.hint


async def test_a_read_that_failed_is_forgotten_when_one_succeeds(house: LedgerShop) -> None:
    """So a single failure after a day is not the last of many."""
    (row,) = await house.queue(refund(), route=Route.FEED)
    await taken(house, row)
    await house.pass_time(hours=1)
    await no_finances(house, row)
    account = house.shop.account_id
    await house.shop.store.write(lambda unit: finances_read(unit, account, ORDER))
    assert (await house.row(row.id)).reason == ""
    await house.pass_time(hours=30)
    assert (await no_finances(house, row)).state is State.SUBMITTED


@pytest.mark.parametrize("effect", [cancel(), parcel()], ids=["cancellation", "parcel"])
async def test_work_whose_order_cannot_be_read_is_a_person_s_after_a_day(
    house: LedgerShop, effect: Effect
) -> None:
    (row,) = await house.queue(effect, route=Route.FEED)
    await taken(house, row)
    await house.pass_time(hours=3)
    found = await no_order(house, row)
    assert found.state is State.SUBMITTED
    assert minutes_until(house, found.look_at) == 30
    await house.pass_time(hours=21)
    found = await no_order(house, row)
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "order_unreadable")
    assert "Seller Central" in found.hint
    assert found.look_at is None


@pytest.mark.parametrize("is_one_found", [True, False])
async def test_a_list_with_unreadable_feeds_proves_neither_ours_nor_none(
    house: LedgerShop, *, is_one_found: bool
) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await house.submit_unanswered([row])
    seen = [Feed(feed_id="X1", feed_type=feed.feed_type, status="DONE", created_at=house.shop.now)]
    given = seen if is_one_found else []
    await house.shop.store.write(lambda unit: settle_unknown(unit, feed, given, 1, house.stamp))
    found = await house.row(row.id)
    assert (found.state, found.feed_pk) == (State.UNKNOWN, None)
    assert minutes_until(house, found.look_at) == 15, "its effect decides"
    assert (await house.feed(feed.id)).state == "lost"
