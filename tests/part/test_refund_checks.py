"""When refunds are checked, and for how long their feed waits for others (semantics C3)."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from channeld.amazon.assumptions import FEED_STUCK_AFTER, ORDER_FEED_PAUSE
from channeld.book.ledger.decisions import rejected
from channeld.book.ledger.feed_blocked import give_up_waiting
from channeld.book.ledger.feed_queue import ADMITTED_FOR, Lane, look_at_lane
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.feed_watch import note_status
from channeld.book.ledger.refund_checks import CHECKING, next_refund_turn
from channeld.book.ledger.refunds import orders_to_check
from channeld.domain.ledger.kinds import REFUND
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from tests.support.book_shop import ORDER, open_shop
from tests.support.domain_orders import order
from tests.support.finances import CHARGED, MUG, paid, seen
from tests.support.ledger_shop import INSTANCE, LedgerShop, refund

OK = Result(outcome="ok")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[LedgerShop]:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("SHIPPED", lines=(MUG,)))
        yield LedgerShop(shop)


async def lane(house: LedgerShop) -> Lane:
    """As it stands now."""
    account, now = house.shop.account_id, house.shop.now
    return await house.shop.store.read(lambda c: look_at_lane(c, account, REFUND, INSTANCE, now))


async def next_read(house: LedgerShop) -> datetime | None:
    """When finances are read again, as far as is known."""
    account, now = house.shop.account_id, house.shop.now
    channel = (await house.shop.channel()).id
    return await house.shop.store.read(lambda c: next_refund_turn(c, account, channel, INSTANCE, now))


async def read_now(house: LedgerShop) -> list[str]:
    """Orders whose finances are read now."""
    now, channel = house.shop.now, (await house.shop.channel()).id
    return await house.shop.store.read(lambda c: orders_to_check(c, channel, INSTANCE, now, 10))


async def checked(house: LedgerShop, **facts: object) -> WorkRecord:
    """A refund whose check allows it now."""
    (row,) = await house.queue(refund(minor=1), route=Route.FEED, admitted_at=house.shop.now, **facts)
    return row


async def running(house: LedgerShop) -> FeedRecord:
    """The feed of a refund that Amazon shows as paid already, so that nothing is looked for."""
    row = await checked(house)
    feed = await house.submit([row])
    assert (await seen(house, row, [paid(1, house.shop.now)])).state is State.CONFIRMED
    return feed


async def silent(house: LedgerShop, feed: FeedRecord) -> FeedRecord:
    """A look at it that found it where it was."""
    found = await house.shop.store.write(lambda unit: note_status(unit, feed, "IN_QUEUE", house.stamp))
    assert found is not None
    return found


async def test_a_feed_waits_while_others_are_checked_and_no_longer_than_a_check_is_good_for(
    house: LedgerShop,
) -> None:
    first = await checked(house)
    await house.queue(refund(minor=1))
    assert (await lane(house)).free_at == house.shop.now + CHECKING < house.shop.now + ADMITTED_FOR
    await house.pass_time(seconds=CHECKING.total_seconds())
    assert (await lane(house)).waiting == (first.id,)


async def test_a_feed_leaves_when_all_are_checked_with_the_nearest_deadline_first(house: LedgerShop) -> None:
    first = await checked(house)
    (unchecked,) = await house.queue(refund(minor=1))
    await house.pass_time(minutes=1)
    urgent = await checked(house, deadline=house.shop.now + timedelta(hours=1))
    assert (await lane(house)).waiting == ()
    await house.move(unchecked.id, lambda unit, row: rejected(unit, row, house.stamp, "not wanted"))
    assert (await lane(house)).waiting == (urgent.id, first.id)


async def test_what_is_to_be_tried_later_is_not_waited_for(house: LedgerShop) -> None:
    await checked(house)
    await house.queue(refund(minor=1), next_at=house.shop.now + timedelta(minutes=1))
    assert (await lane(house)).free_at == house.shop.now + timedelta(seconds=30)


async def test_nothing_is_checked_while_the_lane_waits_for_a_feed(house: LedgerShop) -> None:
    feed = await running(house)
    (row,) = await house.queue(refund(minor=1))
    await house.pass_time(hours=1)
    assert (await next_read(house), await read_now(house)) == (None, [])
    assert (await seen(house, row, [])).route == "", "nor by a read that is made for another"
    await house.end(feed, {}, OK)
    assert await next_read(house) is not None
    assert await read_now(house) == [ORDER]


async def test_in_the_pause_refunds_are_checked_just_before_its_end(house: LedgerShop) -> None:
    sent_at = house.shop.now
    await house.end(await running(house), {}, OK)
    (row,) = await house.queue(refund(minor=1))
    opens = sent_at + ORDER_FEED_PAUSE - CHECKING
    assert await next_read(house) == opens
    await house.pass_time(seconds=(opens - house.shop.now).total_seconds() - 1)
    assert await read_now(house) == []
    await house.pass_time(seconds=1)
    assert await read_now(house) == [ORDER]
    assert (await seen(house, row, [])).route == "feed"
    assert (await lane(house)).free_at == sent_at + ORDER_FEED_PAUSE


async def test_what_was_never_checked_behind_a_stuck_feed_is_a_person_s_after_a_day(
    house: LedgerShop,
) -> None:
    stuck = await silent(house, await running(house))
    await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds())
    stuck = await silent(house, stuck)
    assert stuck.stuck_since
    (row,) = await house.queue(refund(minor=CHARGED))
    await house.pass_time(hours=24)
    await house.shop.store.write(lambda unit: give_up_waiting(unit, stuck, INSTANCE, house.stamp))
    found = await house.row(row.id)
    assert (found.state, found.reason_code) == (State.NEEDS_ATTENTION, "lane_blocked")
