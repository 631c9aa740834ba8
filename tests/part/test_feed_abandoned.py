"""A person gives up a feed that does not end: what becomes of its messages, and who may still say what."""

from pathlib import Path

import pytest

from channel_protocol.base import Refused
from channel_protocol.feeds import AbandonFeed, FeedAbandoned
from channeld.book.ledger import moves
from channeld.book.ledger.abandoning import LOOK_BACK, LOOK_BACK_FOR, note_look_back
from channeld.book.ledger.feed_blocked import give_up_waiting
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.feed_stuck import note_silence
from channeld.book.ledger.feed_watch import note_status, settle_unknown
from channeld.commands.feeds import count_in_doubt
from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store import feeds
from tests.support.answering import at_desk
from tests.support.domain_orders import NOW
from tests.support.late_feeds import abandoned, stuck
from tests.support.ledger_shop import INSTANCE, LedgerShop, cancel, parcel, refund
from tests.support.work_desk import in_a_feed, queued_note

OK, REFUSED = Result(outcome="ok"), Result(outcome="error", code="18028", text="too much")
DOUBT = Result(outcome="unknown", code="report_contradicts")


@pytest.mark.parametrize(
    ("effect", "told"),
    [(refund(), True), (cancel(), False), (parcel(tracking=""), False)],
    ids=["refund", "cancellation", "parcel"],
)
async def test_what_it_carries_is_in_doubt_and_looked_for(
    house: LedgerShop, effect: Effect, *, told: bool
) -> None:
    (row,) = await house.queue(effect, route=Route.FEED)
    found = await abandoned(house, await stuck(house, row))
    after = await house.row(row.id)
    assert (found.in_doubt, found.feed.state, found.feed.stuck_since) == (1, "abandoned", None)
    assert (after.state, after.feed_pk, after.look_at) == (State.UNKNOWN, None, house.shop.now)
    assert (after.attempts, after.reason_code) == (0, "feed_abandoned")
    assert ("refund.in_doubt" in await house.shop.codes()) is told


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (refund(), ("None is paid again by itself", "72 hours")),
        (cancel(), ("each order is read", "if units of a line are not, you decide")),
        (parcel(tracking=""), ("without tracking", "requests of their own", "none counts twice")),
    ],
    ids=["refund", "cancellation", "parcel"],
)
async def test_the_question_says_what_becomes_of_each_kind(
    house: LedgerShop, effect: Effect, words: tuple[str, ...]
) -> None:
    (row,) = await house.queue(effect, route=Route.FEED)
    feed = await stuck(house, row)
    told = await house.shop.command(lambda unit, asked: count_in_doubt(unit.connection, asked, str(feed.id)))
    assert [each for each in words if each not in told.message] == []


async def test_of_a_feed_that_amazon_may_not_have_tracked_parcels_go_by_requests(house: LedgerShop) -> None:
    rows = await house.queue(parcel(), parcel(), route=Route.BULK)
    feed = await house.submit_unanswered(rows)
    await house.pass_time(hours=1)
    found = await abandoned(house, feed)
    assert found.feed.look_at is None, "without Amazon's id there is nothing to look back at"
    for row in rows:
        after = await house.row(row.id)
        assert (after.state, after.route, after.feed_pk) == (State.UNKNOWN, "call", None)
        assert (after.next_at, after.look_at) == (house.shop.now, None)


async def test_the_audit_trail_says_who_and_which(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await stuck(house, row)
    await abandoned(house, feed)
    assert (await house.shop.codes(None))[-1] == "feed.abandoned"
    who, _, text = (await house.shop.texts())[-1].partition(": ")
    assert who
    assert text.startswith(f"Feed {feed.feed_id} of {feed.feed_type} given up by hand")


async def test_a_late_report_counts_for_what_was_not_sent_since(house: LedgerShop) -> None:
    given, refused, doubtful = await house.queue(refund(), refund(), refund(), route=Route.FEED)
    feed = await stuck(house, given, refused, doubtful)
    await abandoned(house, feed)
    await house.pass_time(hours=1)
    await house.end(await house.feed(feed.id), {1: OK, 2: REFUSED, 3: DOUBT}, DOUBT)
    after = await house.row(given.id)
    assert (after.state, after.submitted_at) == (State.SUBMITTED, house.shop.now), "the finances prove it"
    after = await house.row(refused.id)
    assert (after.state, after.attempts, after.in_doubt) == (State.QUEUED, 1, 0)
    assert (await house.row(doubtful.id)).state is State.UNKNOWN
    assert (await house.feed(feed.id)).state == "done"


async def test_a_late_report_says_nothing_of_what_was_sent_since(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel(), route=Route.BULK)
    feed = await house.submit_unanswered([row])
    await house.pass_time(hours=1)
    await abandoned(house, feed)
    await house.move(row.id, lambda unit, now: moves.begin(unit, now, house.stamp, route=Route.CALL))
    await house.end(await house.feed(feed.id), {1: REFUSED}, OK)
    assert (await house.row(row.id)).state is State.SENDING


async def test_whoever_looked_at_it_before_does_not_bring_it_back(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    seen = await stuck(house, row)
    await abandoned(house, seen)
    store, stamp = house.shop.store, house.stamp
    assert await store.write(lambda unit: note_status(unit, seen, "IN_PROGRESS", stamp)) is None
    assert await store.write(lambda unit: note_silence(unit, seen, "no answer", stamp)) is None
    assert await store.write(lambda unit: give_up_waiting(unit, seen, INSTANCE, stamp))
    assert (await house.feed(seen.id)).state == "abandoned"
    assert (await house.row(row.id)).state is State.UNKNOWN


async def test_whoever_looked_for_it_before_does_not_settle_it(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    seen = await house.submit_unanswered([row])
    await house.pass_time(hours=1)
    await abandoned(house, seen)
    for _ in range(3):
        assert await house.shop.store.write(lambda unit: settle_unknown(unit, seen, [], 0, house.stamp))
    assert (await house.feed(seen.id)).state == "abandoned"
    assert (await house.row(row.id)).state is State.UNKNOWN


async def test_amazon_is_asked_for_it_for_a_week(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = (await abandoned(house, await stuck(house, row))).feed
    account, feed_type, looks = house.shop.account_id, feed.feed_type, 0
    while feed.look_at is not None:
        await house.pass_time(seconds=LOOK_BACK.total_seconds())
        now = house.shop.now
        due = await house.shop.store.read(lambda c, now=now: feeds.abandoned(c, account, feed_type, now))
        assert due is not None
        feed = await house.shop.store.write(lambda unit, due=due: note_look_back(unit, due, "", house.stamp))
        looks += 1
    assert looks == LOOK_BACK_FOR / LOOK_BACK
    assert await house.shop.store.read(lambda c: feeds.next_look_back(c, account, feed_type)) is None


async def test_it_is_done_once_and_the_question_changes_nothing(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as desk:
        work_id = await queued_note(desk, tracking="")
        feed = await in_a_feed(desk, work_id, state="submitted", feed_id="5000", stuck_since=NOW)
        look = AbandonFeed(command_id="the-same-id", feed="5000")
        first = await desk.office.ask(look, FeedAbandoned)
        assert (first.done, first.row.state) == (False, "submitted")
        assert first.message.startswith("Feed 5000 of POST_ORDER_FULFILLMENT_DATA is given up")
        deed = AbandonFeed(command_id="the-same-id", feed=str(feed), confirmed=True)
        answers = [await desk.office.ask(deed, FeedAbandoned) for _ in range(2)]
        assert answers[0] == answers[1]
        assert (answers[0].done, answers[0].row.state) == (True, "abandoned")
        assert (await desk.shop.codes(None)).count("feed.abandoned") == 1


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"state": "submitted"}, "is not stuck"),
        ({"state": "preparing"}, "is just being made"),
        ({"state": "sending"}, "is just being made"),
        ({"state": "unknown", "look_at": NOW}, "is being looked for"),
        ({"state": "done", "ended_at": NOW, "stuck_since": NOW}, "has ended already: done"),
    ],
    ids=["submitted", "preparing", "sending", "unknown", "done"],
)
async def test_any_other_is_refused_with_what_to_do(
    tmp_path: Path, facts: dict[str, object], why: str
) -> None:
    async with at_desk(tmp_path) as desk:
        feed = await in_a_feed(desk, await queued_note(desk, tracking=""), **facts)
        for confirmed in (False, True):
            request = AbandonFeed(command_id=desk.new_id(), feed=str(feed), confirmed=confirmed)
            answer: Refused = await desk.office.refused(request)
            assert answer.code == "not_possible"
            assert why in answer.problems[0].message
            assert answer.hint
