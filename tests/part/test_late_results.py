"""What a report says late, of work that a person has decided about, or was asked about, meanwhile (C1-C3)."""

import msgspec
import pytest

from channeld.book.ledger import moves
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.feed_creation import created, creating, prepare
from channeld.book.ledger.feed_results import Result
from channeld.book.ledger.feed_stuck import leave_stuck
from channeld.commands.retrying import Retrying
from channeld.commands.work import retry_work
from channeld.domain.ledger.doubt import NO_TRANSACTION, NOT_SEEN
from channeld.domain.ledger.effects import Cancel, Effect
from channeld.domain.ledger.kinds import REFUND, kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.store import ledger
from channeld.store.ledger_records import WorkRecord
from tests.support.late_feeds import abandoned, stuck
from tests.support.ledger_shop import INSTANCE, LedgerShop, cancel, parcel, refund

OK, REFUSED = Result(outcome="ok"), Result(outcome="error", code="18028", text="too much")
DOUBT = Result(outcome="unknown", code="report_contradicts")
UNSEEN = Failure(code=NOT_SEEN, reason="Amazon does not show it")


def part() -> Cancel:
    """One unit of several: twice would be two units."""
    return msgspec.structs.replace(cancel(), whole_lines=())


async def retry(house: LedgerShop, row: WorkRecord, **wish: object) -> WorkRecord:
    wanted = Retrying(work_ids=(row.id,), **wish)  # pyright: ignore[reportArgumentType] (fields by name)
    (after,) = await house.shop.command(lambda unit, asked: retry_work(unit, asked, wanted))
    return after


async def asked(house: LedgerShop, row: WorkRecord) -> WorkRecord:
    """It was looked for in vain, and a person is asked."""
    code = NO_TRANSACTION if row.kind == REFUND.name else NOT_SEEN
    unseen = Failure(code=code, reason="Amazon does not show it", in_doubt=True)
    return await house.move(row.id, lambda unit, now: moves.given_up(unit, now, house.stamp, unseen))


@pytest.mark.parametrize("changes", [{"tracking": "NEW123"}, {"carrier": "DPD"}], ids=["tracking", "carrier"])
async def test_a_note_that_was_changed_is_not_confirmed_by_what_was_told_before(
    house: LedgerShop, changes: dict[str, str]
) -> None:
    (row,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    feed = await stuck(house, row)
    await abandoned(house, feed)
    await house.move(row.id, lambda unit, now: moves.failed(unit, now, house.stamp, UNSEEN))
    await retry(house, row, **changes)
    await house.end(await house.feed(feed.id), {1: OK}, DOUBT)
    assert (await house.row(row.id)).state is State.QUEUED


async def test_nor_is_one_that_was_sent_on_its_own_and_then_changed(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel(tracking="AB1"), route=Route.BULK)
    feed = await stuck(house, row)
    await house.shop.store.write(lambda unit: leave_stuck(unit, feed, house.stamp, 0))
    await house.move(row.id, lambda unit, now: moves.begin(unit, now, house.stamp, route=Route.CALL))
    refusal = Failure(code="InvalidInput", reason="unknown carrier", lasting=True)
    await house.move(row.id, lambda unit, now: moves.failed(unit, now, house.stamp, refusal))
    await retry(house, row, tracking="NEW123")
    await house.end(await house.feed(feed.id), {1: OK}, DOUBT)
    assert (await house.row(row.id)).state is State.QUEUED


async def test_a_note_that_is_repeated_as_it_was_is_confirmed(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel(tracking=""), route=Route.FEED)
    feed = await stuck(house, row)
    await abandoned(house, feed)
    await house.move(row.id, lambda unit, now: moves.failed(unit, now, house.stamp, UNSEEN))
    await retry(house, row, force=True)
    await house.end(await house.feed(feed.id), {1: OK}, DOUBT)
    assert (await house.row(row.id)).state is State.CONFIRMED


@pytest.mark.parametrize("effect", [refund(), part()], ids=["refund", "part"])
@pytest.mark.parametrize("forced", [False, True], ids=["asked", "forced"])
async def test_what_would_count_twice_is_not_sent_again_when_it_was_taken(
    house: LedgerShop, effect: Effect, *, forced: bool
) -> None:
    (row,) = await house.queue(effect, route=Route.FEED)
    feed = await stuck(house, row)
    await abandoned(house, feed)
    await asked(house, row)
    if forced:
        assert (await retry(house, row, force=True)).state is State.QUEUED
    await house.end(await house.feed(feed.id), {1: OK}, DOUBT)
    after = await house.row(row.id)
    assert (after.state, after.feed_pk, after.reason_code) == (State.SUBMITTED, None, "")
    assert after.look_at == house.shop.now + kind_of(row.kind).looks[0]


async def test_forced_while_its_feed_is_looked_for_it_is_not_sent_again_when_that_was_taken(
    house: LedgerShop,
) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await house.submit_unanswered([row])
    await retry(house, row, force=True)
    found = await house.shop.store.write(
        lambda unit: created(unit, feed.id, "F77", house.stamp, adopted=True)
    )
    await house.end(found, {1: OK}, DOUBT)
    assert (await house.row(row.id)).state is State.SUBMITTED


async def test_a_feed_that_would_send_it_again_is_not_created(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await stuck(house, row)
    await abandoned(house, feed)
    await retry(house, row, force=True)
    again = await house.move(
        row.id,
        lambda unit, now: ledger.save(
            unit, msgspec.structs.replace(now, route=Route.FEED, admitted_at=house.shop.now)
        ),
    )
    store, account = house.shop.store, house.shop.account_id
    second = await store.write(lambda unit: prepare(unit, account, REFUND, [again], ["M"], house.stamp))
    assert second is not None
    await house.end(await house.feed(feed.id), {1: OK}, DOUBT)
    begun = await store.write(
        lambda unit: creating(unit, second.id, [again], "document", INSTANCE, house.stamp)
    )
    assert begun is None
    assert (await house.row(row.id)).state is State.SUBMITTED


@pytest.mark.parametrize("effect", [refund(), part()], ids=["refund", "part"])
@pytest.mark.parametrize("given_up", [False, True], ids=["stuck", "given up"])
async def test_what_was_refused_is_in_doubt_no_more(
    house: LedgerShop, effect: Effect, *, given_up: bool
) -> None:
    """It stays with the person who was asked, and may be repeated without insisting."""
    (row,) = await house.queue(effect, route=Route.FEED)
    feed = await stuck(house, row)
    if given_up:
        await abandoned(house, feed)
    await asked(house, row)
    await house.end(await house.feed(feed.id), {1: REFUSED}, DOUBT)
    after = await house.row(row.id)
    assert (after.state, after.in_doubt, after.look_at) == (State.NEEDS_ATTENTION, 0, None)
    assert after.reason == "Amazon refused it: too much"
    assert "`channelctl work retry`" in after.hint
    assert (await retry(house, row)).state is State.QUEUED


async def test_a_refusal_of_what_was_forced_leaves_nothing_in_doubt(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    feed = await stuck(house, row)
    await abandoned(house, feed)
    assert (await retry(house, row, force=True)).in_doubt
    await house.end(await house.feed(feed.id), {1: REFUSED}, DOUBT)
    after = await house.row(row.id)
    assert (after.state, after.in_doubt) == (State.QUEUED, 0)


async def test_a_refusal_says_nothing_of_the_submission_before(house: LedgerShop) -> None:
    (row,) = await house.queue(refund(), route=Route.FEED)
    first = await house.submit([row])
    await house.end(first, {1: DOUBT}, DOUBT)
    again = await retry(house, row, force=True)
    await house.pass_time(minutes=30)
    feed = await stuck(house, again)
    await abandoned(house, feed)
    await asked(house, row)
    await house.end(await house.feed(feed.id), {1: REFUSED}, DOUBT)
    after = await house.row(row.id)
    assert (after.state, after.reason_code) == (State.NEEDS_ATTENTION, NO_TRANSACTION)
    assert after.in_doubt > 0


async def test_whoever_read_the_feed_before_it_was_given_up_does_not_undo_its_versions(
    house: LedgerShop,
) -> None:
    """Its report was on its way: it counts, and everybody who watches sees a newer version."""
    (row,) = await house.queue(refund(), route=Route.FEED)
    read = await stuck(house, row)
    given = (await abandoned(house, read)).feed
    await house.end(read, {1: OK}, DOUBT)
    after = await house.feed(read.id)
    assert after.version > given.version
    assert (after.state, after.look_at) == ("done", None)
    assert (await house.row(row.id)).state is State.SUBMITTED
