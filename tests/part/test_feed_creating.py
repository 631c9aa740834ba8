"""A document is on its way, and its feed not created yet: what happens to its work in between (C2, C3)."""

from collections.abc import Callable

import msgspec
import pytest

from channeld.book.ledger.decisions import rejected
from channeld.book.ledger.feed_creation import creating, prepare
from channeld.book.ledger.moves import AuditStamp, confirmed
from channeld.domain.ledger.effects import Cancel
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.order import Units
from channeld.store import ledger
from channeld.store.feeds import FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit
from tests.support.domain_orders import UK_LINE, order
from tests.support.ledger_shop import INSTANCE, LedgerShop, cancel, refund

Act = Callable[[Unit, WorkRecord, AuditStamp], WorkRecord]


async def prepared(house: LedgerShop, *rows: WorkRecord) -> FeedRecord:
    """A feed whose document is made of these rows."""
    kind, account = kind_of(rows[0].kind), house.shop.account_id
    feed = await house.shop.store.write(lambda unit: prepare(unit, account, kind, rows, ["M"], house.stamp))
    assert feed is not None
    return feed


async def create(house: LedgerShop, feed: FeedRecord, *rows: WorkRecord) -> FeedRecord | None:
    """Whether its creation may be asked for."""
    return await house.shop.store.write(
        lambda unit: creating(unit, feed.id, rows, "document", INSTANCE, house.stamp)
    )


def seen_in_part(unit: Unit, record: WorkRecord, _: AuditStamp) -> WorkRecord:
    """Amazon has shown some of it as done."""
    assert isinstance(record.effect, Cancel)
    effect = msgspec.structs.replace(record.effect, seen=("1",))
    return ledger.save(unit, msgspec.structs.replace(record, effect=effect))


def gone(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> WorkRecord:
    return rejected(unit, record, stamp, "its channel was removed")


@pytest.mark.parametrize(
    ("act", "state"),
    [(confirmed, State.CONFIRMED), (gone, State.REJECTED), (seen_in_part, State.QUEUED)],
    ids=["settled", "rejected", "changed"],
)
async def test_a_document_that_is_not_true_any_more_is_not_sent(
    house: LedgerShop, act: Act, state: State
) -> None:
    rows = await house.queue(cancel("1"), cancel("2"), route=Route.FEED)
    feed = await prepared(house, *rows)
    await house.move(rows[0].id, lambda unit, now: act(unit, now, house.stamp))
    assert await create(house, feed, *rows) is None
    assert (await house.feed(feed.id)).state == "not created"
    first, other = [await house.row(row.id) for row in rows]
    assert first.state is state
    assert (other.state, other.feed_pk, other.attempts) == (State.QUEUED, None, 0), "that was no try"
    again = [row for row in (first, other) if row.state is State.QUEUED]
    assert await create(house, await prepared(house, *again), *again) is not None


async def test_money_that_was_proved_meanwhile_is_not_in_a_feed(house: LedgerShop) -> None:
    """A refund that a person repeats is confirmed by what was sent before, just as it is to leave again."""
    (row,) = await house.queue(refund(), route=Route.FEED, in_doubt=2, sent_at=house.shop.now)
    feed = await prepared(house, row)
    await house.move(row.id, lambda unit, now: confirmed(unit, now, house.stamp))
    assert await create(house, feed, row) is None
    assert (await house.row(row.id)).state is State.CONFIRMED


async def test_units_that_a_page_of_orders_shows_as_gone_are_not_told_again(house: LedgerShop) -> None:
    line = msgspec.structs.replace(UK_LINE, quantity=3, unfulfilled=3)
    three = msgspec.structs.replace(order(lines=(line,)), updated_at=house.shop.now)
    await house.shop.apply(three)
    effect = msgspec.structs.replace(cancel(), whole_lines=(), shown=(Units("1", 3),))
    (row,) = await house.queue(
        effect, route=Route.FEED, sent_at=house.shop.now, submitted_at=house.shop.now, in_doubt=2
    )
    feed = await prepared(house, row)
    await house.pass_time(seconds=20)
    two = msgspec.structs.replace(line, quantity=2, unfulfilled=2)
    await house.shop.apply(msgspec.structs.replace(order(lines=(two,)), updated_at=house.shop.now))
    assert (await house.row(row.id)).state is State.CONFIRMED
    assert await create(house, feed, row) is None, "its document cancels as many units again"


async def test_what_stands_as_it_was_is_sent(house: LedgerShop) -> None:
    rows = await house.queue(cancel("1"), cancel("2"), route=Route.FEED)
    feed = await prepared(house, *rows)
    begun = await create(house, feed, *rows)
    assert begun is not None
    assert (begun.state, begun.sent_at) == ("sending", house.shop.now)
    assert {(await house.row(row.id)).state for row in rows} == {State.SENDING}
