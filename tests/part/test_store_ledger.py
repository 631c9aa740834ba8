"""The ledger on the disk: what is written once, what is found when, and who may move it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from channeld.book.ledger import decisions, moves
from channeld.book.ledger.echoes import FAILURES
from channeld.book.ledger.failure import Failure
from channeld.domain.ledger.doubt import NO_TRANSACTION
from channeld.domain.ledger.echo import Sighting
from channeld.domain.ledger.kinds import DESPATCH
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import Event, State
from channeld.store import feed_work, feeds, ledger, ledger_due, ledger_lists, transactions
from channeld.store.feeds import FeedRecord
from channeld.store.transactions import Transaction
from channeld.store.unit import Unit
from tests.support.ledger_shop import LedgerShop, cancel, parcel, refund

FEW = 100


async def test_ids_are_package_references_and_keep_away_from_seller_central_s(house: LedgerShop) -> None:
    rows = await house.queue(parcel(), parcel(), refund())
    assert [row.id for row in rows] == [100_001, 100_002, 100_003]
    (later,) = await house.queue(parcel())
    assert later.id == 100_004


async def test_an_effect_is_queued_once_for_ever(house: LedgerShop) -> None:
    (row,) = await house.queue(cancel(), key="cancellation/1/026/1x1")
    await house.move(row.id, lambda unit, now: decisions.dismissed(unit, now, house.stamp))
    with pytest.raises(IntegrityError):
        await house.queue(cancel(), key="cancellation/1/026/1x1")


async def test_the_nearest_deadline_goes_first_and_what_has_none_last(house: LedgerShop) -> None:
    now = house.shop.now
    (none,) = await house.queue(parcel())
    (far,) = await house.queue(parcel(), deadline=now + timedelta(days=2))
    (near,) = await house.queue(parcel(), deadline=now + timedelta(hours=1))
    (later,) = await house.queue(parcel(), deadline=now, next_at=now + timedelta(minutes=1))
    due = await house.shop.store.read(lambda c: ledger_due.calls(c, 1, "despatch", now, FEW))
    assert [row.id for row in due] == [near.id, far.id, none.id]
    assert later.id not in {row.id for row in due}, "it is not time yet"


async def test_a_row_that_moved_since_it_was_read_is_not_written_over(house: LedgerShop) -> None:
    (row,) = await house.queue(parcel())
    await house.move(row.id, lambda unit, now: moves.begin(unit, now, house.stamp, route=Route.CALL))
    with pytest.raises(ledger.MovedMeanwhile):
        await house.shop.store.write(lambda unit: ledger.save(unit, row))


async def test_work_of_a_feed_moves_only_as_the_table_of_states_allows(house: LedgerShop) -> None:
    rows = await house.queue(*(parcel(tracking="") for _ in range(3)), route=Route.FEED)
    feed = await house.submit(rows)
    await house.move(rows[0].id, lambda unit, now: moves.confirmed(unit, now, house.stamp))
    moved = await house.shop.store.write(lambda unit: feed_work.move(unit, feed.id, Event.LOST))
    assert [each.id for each in moved] == [rows[1].id, rows[2].id]
    assert (await house.row(rows[0].id)).state is State.CONFIRMED


async def test_a_feed_takes_no_work_that_was_changed_meanwhile(house: LedgerShop) -> None:
    rows = await house.queue(parcel(tracking=""), parcel(tracking=""), route=Route.FEED)
    await house.move(rows[0].id, lambda unit, now: decisions.dismissed(unit, now, house.stamp))
    with pytest.raises(AssertionError):
        await house.submit(rows)
    assert await house.shop.store.read(lambda c: feeds.latest(c, FEW)) == []
    assert (await house.row(rows[1].id)).feed_pk is None


async def test_a_feed_takes_what_it_is_given_or_nothing(house: LedgerShop) -> None:
    first, second = await house.queue(parcel(tracking=""), parcel(tracking=""), route=Route.FEED)
    await house.move(first.id, lambda unit, now: ledger.save(unit, now))
    feed = FeedRecord(
        account_id=house.shop.account_id, feed_type=DESPATCH.feed_type, created_at=house.shop.now
    )

    def carry(unit: Unit) -> None:
        stored = feeds.add(unit, feed, [first.id, second.id])
        feed_work.claim(unit, stored.id, [(row.id, row.version) for row in (first, second)])

    with pytest.raises(ledger.MovedMeanwhile):
        await house.shop.store.write(carry)
    assert await house.shop.store.read(lambda c: feeds.latest(c, FEW)) == []
    assert (await house.row(second.id)).feed_pk is None


async def test_only_refunds_that_may_have_been_paid_count_as_given_back(house: LedgerShop) -> None:
    kept, gone = await house.queue(refund(minor=100), refund(minor=200))
    await house.move(gone.id, lambda unit, now: decisions.dismissed(unit, now, house.stamp))
    counted = await house.shop.store.read(lambda c: ledger_lists.refunded(c, kept.order_pk))
    assert [(record.id, given.minor) for record, given in counted] == [(kept.id, 100)]


async def test_a_refund_under_way_when_its_channel_was_removed_may_have_been_paid(house: LedgerShop) -> None:
    sent, waiting = await house.queue(refund(minor=100), refund(minor=200), route=Route.FEED)
    await house.submit([sent])
    for row in (sent, waiting):
        await house.move(row.id, lambda unit, now: decisions.rejected(unit, now, house.stamp, "removed"))
    counted = await house.shop.store.read(lambda c: ledger_lists.refunded(c, sent.order_pk))
    assert [given.minor for _, given in counted] == [100]


async def test_a_transaction_proves_one_refund_and_keeps_doing_so(house: LedgerShop) -> None:
    first, second = await house.queue(refund(), refund())
    seen = Transaction(
        account_id=house.shop.account_id,
        transaction_id="T1",
        order_id=first.order_id,
        sku="SKU-1",
        currency="GBP",
        minor=500,
        posted_at=house.shop.now,
        seen_at=house.shop.now,
    )
    write = house.shop.store.write
    await write(lambda unit: transactions.note(unit, [seen]))
    (stored,) = await house.shop.store.read(
        lambda c: transactions.of_order(c, seen.account_id, seen.order_id)
    )
    await write(lambda unit: transactions.claim(unit, stored.id, first.id))
    await write(lambda unit: transactions.note(unit, [seen]))
    (again,) = await house.shop.store.read(lambda c: transactions.of_order(c, seen.account_id, seen.order_id))
    assert again.work_id == first.id
    assert second.id != first.id


async def test_the_list_shows_what_needs_a_person_first(house: LedgerShop) -> None:
    (done,) = await house.queue(parcel())
    (waiting,) = await house.queue(parcel())
    (refused,) = await house.queue(cancel(), route=Route.FEED)
    await house.move(done.id, lambda unit, now: moves.confirmed(unit, now, house.stamp))
    too_late = FAILURES[Sighting.SHIPPED]
    await house.move(refused.id, lambda unit, now: moves.failed(unit, now, house.stamp, too_late))
    listed = await house.shop.store.read(lambda c: ledger_lists.select_work(c, ledger_lists.WorkFilter()))
    assert [row.id for row in listed] == [refused.id, waiting.id, done.id]


async def test_a_refund_dismissed_in_doubt_still_counts_as_given_back(
    house: LedgerShop,
) -> None:
    (row,) = await house.queue(refund(minor=300), route=Route.FEED)
    await house.submit([row])
    doubt = Failure(code=NO_TRANSACTION, reason="Amazon shows no transaction")
    await house.move(row.id, lambda unit, now: moves.given_up(unit, now, house.stamp, doubt))
    await house.move(row.id, lambda unit, now: decisions.dismissed(unit, now, house.stamp))
    since = house.shop.now - timedelta(days=7)
    lately = await house.shop.store.read(lambda c: ledger_lists.refunds_since(c, row.order_pk, since))
    counted = await house.shop.store.read(lambda c: ledger_lists.refunded(c, row.order_pk))
    assert [given.minor for _, given in lately] == [300]
    assert [given.minor for _, given in counted] == [300], "it may have been paid"
