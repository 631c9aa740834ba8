"""A feed that does not move, or of which Amazon says nothing: what is shown, what does not wait (C1-C3)."""

from datetime import timedelta

import msgspec
import pytest

from channeld.amazon.assumptions import FEED_STUCK_AFTER
from channeld.book.ledger import moves
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_blocked import give_up_waiting
from channeld.book.ledger.feed_ending import gone
from channeld.book.ledger.feed_moves import ROWS_PER_UNIT
from channeld.book.ledger.feed_results import Result, take_down
from channeld.book.ledger.feed_stuck import leave_stuck, note_silence
from channeld.book.ledger.feed_watch import note_status
from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store import feeds
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit
from tests.support.ledger_shop import INSTANCE, LedgerShop, cancel, parcel, refund

WHY = "Amazon answered 503."
DAY = timedelta(hours=24)
MONEY, PART = refund(), msgspec.structs.replace(cancel(), whole_lines=())


async def silent(house: LedgerShop, feed: FeedRecord) -> FeedRecord:
    """Another look that brought nothing."""
    seen = await house.shop.store.write(lambda unit: note_silence(unit, feed, WHY, house.stamp))
    assert seen is not None
    return seen


async def shown(house: LedgerShop, feed: FeedRecord, status: str = "IN_QUEUE") -> FeedRecord:
    seen = await house.shop.store.write(lambda unit: note_status(unit, feed, status, house.stamp))
    assert seen is not None
    return seen


async def stuck(house: LedgerShop, effect: Effect = MONEY) -> FeedRecord:
    """A feed with that one effect, which is stuck since now."""
    (row,) = await house.queue(effect, route=Route.FEED)
    feed = await shown(house, await house.submit([row]))
    await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds())
    return await shown(house, feed)


async def give_up(house: LedgerShop, feed: FeedRecord) -> None:
    while not await house.shop.store.write(lambda unit: give_up_waiting(unit, feed, INSTANCE, house.stamp)):
        pass


async def test_silence_is_said_at_once_and_blocks_after_two_hours(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await silent(house, await house.submit([row]))
    assert (feed.stuck_since, WHY in feed.reason, bool(feed.hint)) == (None, True, True)
    await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds() - 1)
    assert (await silent(house, feed)).stuck_since is None
    await house.pass_time(seconds=1)
    feed = await silent(house, feed)
    assert feed.stuck_since == house.shop.now
    assert f"`channelctl feed abandon {feed.id}`" in feed.hint
    assert await house.shop.store.read(feeds.stuck) == [feed]


async def test_an_answer_ends_the_silence(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await silent(house, await house.submit([row]))
    feed = await shown(house, feed)
    assert (feed.silent_since, feed.reason, feed.hint) == (None, "", "")
    await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds() - 1)
    assert (await silent(house, feed)).stuck_since is None, "the silence is new"


async def test_a_report_that_never_comes_is_silence_too(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await house.submit([row])
    for _ in range(3):
        feed = await silent(house, await shown(house, feed, "DONE"))
        await house.pass_time(hours=1)
    assert feed.stuck_since is not None


async def test_what_has_ended_is_not_stuck(house: LedgerShop) -> None:
    feed = await stuck(house)
    cipher = house.shop.store.cipher
    await house.shop.store.write(lambda unit: take_down(unit, cipher, feed, gone("F1"), house.stamp))
    ended = await house.feed(feed.id)
    assert (ended.state, ended.stuck_since) == ("lost", None)


async def test_it_is_left_piece_by_piece(house: LedgerShop) -> None:
    """Its tracked parcels go by requests of their own, the others are looked for; however many there are."""
    tracked = await house.queue(*(parcel() for _ in range(ROWS_PER_UNIT)), route=Route.BULK)
    plain = await house.queue(*(parcel(tracking="") for _ in range(10)), route=Route.FEED)
    feed = await house.submit([*tracked, *plain])
    after: int | None = 0
    turns = 0
    while after is not None:
        after = await house.shop.store.write(
            lambda unit, after=after: leave_stuck(unit, feed, house.stamp, after)
        )
        turns += 1
    assert turns == 2
    assert {(await house.row(row.id)).route for row in tracked} == {"call"}
    assert {(await house.row(row.id)).look_at for row in plain} == {house.shop.now}


async def test_what_waits_behind_it_is_given_up_after_a_day(house: LedgerShop) -> None:
    feed = await stuck(house)
    await house.pass_time(hours=1)
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    await house.pass_time(hours=23.9)
    await give_up(house, feed)
    assert (await house.row(row.id)).state is State.QUEUED
    await house.pass_time(hours=0.1)
    await give_up(house, feed)
    found = await house.row(row.id)
    assert (found.state, found.attempts, found.reason_code) == (State.NEEDS_ATTENTION, 0, "lane_blocked")


async def test_a_window_that_closed_before_the_lane_was_taken_is_owed_a_try(house: LedgerShop) -> None:
    (old,) = await house.queue(refund(minor=100), route=Route.FEED, window_until=house.shop.now)
    await house.pass_time(minutes=1)
    feed = await stuck(house)
    (late,) = await house.queue(refund(minor=200), route=Route.FEED, window_until=house.shop.now)
    await give_up(house, feed)
    states = [(await house.row(row.id)).state for row in (old, late)]
    assert states == [State.QUEUED, State.NEEDS_ATTENTION]


async def test_what_is_held_waits_for_something_else(house: LedgerShop) -> None:
    feed = await stuck(house)
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    await house.pass_time(hours=30)
    await house.shop.set(dry_run="on")
    await give_up(house, feed)
    assert (await house.row(row.id)).state is State.QUEUED


async def test_what_follows_a_cancellation_is_given_up_with_it(house: LedgerShop) -> None:
    (sent,) = await house.queue(cancel(), route=Route.FEED)
    feed = await shown(house, await house.submit([sent]))
    await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds())
    feed = await shown(house, feed)
    (row,) = await house.queue(cancel("2"), route=Route.FEED)
    (money,) = await house.queue(refund("2"), route=Route.CANCELLATION, follows=row.id)
    await house.pass_time(hours=25)
    await give_up(house, feed)
    found = [await house.row(each.id) for each in (row, money)]
    assert [each.state for each in found] == [State.NEEDS_ATTENTION, State.NEEDS_ATTENTION]
    assert found[0].reason == found[1].reason


async def test_what_may_have_been_paid_before_is_not_called_safe(house: LedgerShop) -> None:
    feed = await stuck(house)
    (row,) = await house.queue(refund(minor=100), route=Route.FEED, in_doubt=2, sent_at=house.shop.now)
    await house.pass_time(hours=25)
    await give_up(house, feed)
    found = await house.row(row.id)
    assert "safe" not in found.hint
    assert "Seller Central" in found.hint
    assert found.look_at is not None, "its transaction may still come"


@pytest.mark.parametrize(
    ("effect", "facts", "says"),
    [
        (PART, {"in_doubt": 2}, "may have cancelled these units"),
        (PART, {}, "may have cancelled these units"),
        (cancel(), {}, "`channelctl work retry` is safe"),
        (parcel(tracking=""), {}, "`channelctl work retry` is safe"),
        (refund(minor=100), {}, "`channelctl work retry` is safe"),
        (refund(minor=100), {"in_doubt": 2}, "may have been paid"),
    ],
    ids=["part in doubt", "part", "whole line", "parcel", "refund", "refund in doubt"],
)
async def test_a_hint_says_what_a_repeat_may_do_of_each_kind(
    house: LedgerShop, effect: Effect, facts: dict[str, object], says: str
) -> None:
    feed = await stuck(house, effect)
    (row,) = await house.queue(effect, route=Route.FEED, sent_at=house.shop.now, **facts)
    await house.pass_time(hours=25)
    await give_up(house, feed)
    found = await house.row(row.id)
    assert says in found.hint
    assert ("safe" in found.hint) != ("Seller Central" in found.hint)


async def test_what_the_stuck_feed_itself_has_carried_may_still_show_itself(house: LedgerShop) -> None:
    """It was not seen and waits to be sent again, behind the feed that has it: a late report is its proof."""
    (row,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    feed = await shown(house, await house.submit([row]))
    await house.pass_time(seconds=FEED_STUCK_AFTER.total_seconds())
    feed = await shown(house, feed)
    unseen = Failure(code="not_seen", reason="Amazon does not show it")
    await house.move(row.id, lambda unit, now: moves.failed(unit, now, house.stamp, unseen))
    await house.pass_time(hours=25)
    await give_up(house, feed)
    found = await house.row(row.id)
    assert (found.state, "not sent again" in found.reason) == (State.NEEDS_ATTENTION, True)
    await house.end(await house.feed(feed.id), {}, Result(outcome="ok"))
    assert (await house.row(row.id)).state is State.CONFIRMED


async def test_nothing_is_given_up_behind_a_feed_that_moves(house: LedgerShop) -> None:
    feed = await stuck(house)
    (row,) = await house.queue(refund(minor=100), route=Route.FEED)
    await house.pass_time(hours=25)
    moving = await shown(house, feed, "IN_PROGRESS")

    def act(unit: Unit) -> bool:
        return give_up_waiting(unit, moving, INSTANCE, house.stamp)

    assert await house.shop.store.write(act)
    assert (await house.row(row.id)).state is State.QUEUED
