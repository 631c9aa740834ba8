"""Feeds on the disk: which a lane waits for, which were given up; found from an index at any number."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, event

from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import OPEN_WORK, State
from channeld.store import feeds, ledger, ledger_lists
from channeld.store.feeds import FeedRecord
from channeld.store.ledger import MovedMeanwhile
from channeld.store.unit import Unit
from tests.support.ledger_shop import LedgerShop, cancel, parcel, refund

TYPE = "POST_ORDER_FULFILLMENT_DATA"


async def add(house: LedgerShop, **facts: Any) -> FeedRecord:
    record = FeedRecord(account_id=house.shop.account_id, feed_type=TYPE, created_at=house.shop.now)
    new = msgspec.structs.replace(record, **facts)
    return await house.shop.store.write(lambda unit: feeds.add(unit, new, ()))


async def test_a_lane_waits_for_the_feed_that_has_not_ended(house: LedgerShop) -> None:
    account, now = house.shop.account_id, house.shop.now
    for state in ("done", "cancelled", "fatal", "not created", "lost", "abandoned"):
        await add(house, state=state)
    store = house.shop.store
    assert await store.read(lambda c: feeds.running(c, account, TYPE)) is None
    assert await store.read(feeds.open_lanes) == set()
    for state in ("preparing", "sending", "submitted", "unknown"):
        feed = await add(house, state=state, stuck_since=now)
        assert await store.read(lambda c: feeds.running(c, account, TYPE)) == feed
        assert await store.read(feeds.open_lanes) == {(account, TYPE)}
        assert await store.read(feeds.stuck) == [feed]
        ended = msgspec.structs.replace(feed, state="done")
        await store.write(lambda unit, ended=ended: feeds.save(unit, ended))


async def test_of_those_given_up_the_longest_overdue_is_looked_at_first(house: LedgerShop) -> None:
    account, now = house.shop.account_id, house.shop.now
    await house.pass_time(hours=3)
    later = await add(house, state="abandoned", look_at=house.shop.now)
    first = await add(house, state="abandoned", look_at=now)
    await add(house, state="abandoned", look_at=None)
    await add(house, state="done", look_at=now)
    store = house.shop.store
    found = await store.read(lambda c: feeds.abandoned(c, account, TYPE, later.created_at))
    assert found == first
    assert await store.read(lambda c: feeds.next_look_back(c, account, TYPE)) == now
    assert await store.read(lambda c: feeds.abandoned(c, account, "POST_OTHER", later.created_at)) is None


async def test_a_feed_that_changed_since_it_was_read_is_not_overwritten(house: LedgerShop) -> None:
    read = await add(house)
    store, now = house.shop.store, house.shop.now
    ended = await store.write(lambda unit: feeds.end(unit, read, "lost", now, "why"))
    assert (ended.state, ended.ended_at, ended.reason) == ("lost", now, "why")
    with pytest.raises(MovedMeanwhile):
        await store.write(lambda unit: feeds.save(unit, read))
    assert await house.feed(read.id) == ended


async def test_of_work_that_leaves_again_the_feeds_are_found_that_may_have_done_it(house: LedgerShop) -> None:
    rows = await house.queue(*(parcel(tracking="") for _ in range(3)), route=Route.FEED)
    kept, judged, other = [await house.submit([row]) for row in rows]
    store, now = house.shop.store, house.shop.now
    for feed in (kept, judged):
        await store.write(lambda unit, feed=feed: feeds.end(unit, feed, "abandoned", now, "", look_at=now))
    await store.write(lambda unit: feeds.note_results(unit, judged.id, {1: ("ok", "")}))
    found = await store.read(lambda c: feeds.abandoned_with(c, [row.id for row in rows]))
    assert ([feed.id for feed in found], other.state) == ([kept.id], "submitted")
    assert await store.read(lambda c: feeds.abandoned_with(c, [rows[1].id])) == []


async def test_work_of_a_feed_is_read_in_pages(house: LedgerShop) -> None:
    rows = await house.queue(*(parcel(tracking="") for _ in range(5)), route=Route.FEED)
    feed = await house.submit(rows)
    ids = [row.id for row in rows]
    pages: list[list[int]] = []
    after = 0
    while page := await house.shop.store.read(
        lambda c, after=after: ledger.of_feed(c, feed.id, OPEN_WORK, 2, after=after)
    ):
        pages.append([row.id for row in page])
        after = page[-1].id
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert await house.shop.store.read(lambda c: ledger.of_feed(c, feed.id, (State.UNKNOWN,), 9)) == []
    assert await house.shop.store.read(lambda c: ledger.count_of_feed(c, feed.id, OPEN_WORK)) == 5


async def test_what_of_a_channel_has_not_ended(house: LedgerShop) -> None:
    asked, waiting, ended = await house.queue(parcel(), cancel(), refund())
    needs, done = State.NEEDS_ATTENTION, State.DISMISSED
    await move(house, asked.id, state=needs)
    await move(house, ended.id, state=done, ended_at=house.shop.now)
    found = await house.shop.store.read(lambda c: ledger_lists.unended_ids(c, asked.channel_id))
    assert found == [asked.id, waiting.id]


async def move(house: LedgerShop, work_id: int, **facts: Any) -> None:
    await house.move(work_id, lambda unit, row: ledger.save(unit, msgspec.structs.replace(row, **facts)))


READS: dict[str, Callable[[Connection], object]] = {
    "abandoned": lambda c: feeds.next_look_back(c, 1, TYPE),
    "of a feed": lambda c: ledger.of_feed(c, 1, OPEN_WORK, 500, after=100),
    "open lanes": feeds.open_lanes,
    "running": lambda c: feeds.running(c, 1, TYPE),
    "stuck": feeds.stuck,
    "unended": lambda c: ledger_lists.unended_ids(c, 1),
}


@pytest.mark.parametrize("read", READS)
async def test_no_read_goes_through_a_whole_table(house: LedgerShop, read: str) -> None:
    """The history grows for years; all of these are asked for again and again."""

    def plans(unit: Unit) -> list[str]:
        with sent(unit.connection) as statements:
            READS[read](unit.connection)
        return [
            row[-1]
            for statement, parameters in statements
            for row in unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    steps = await house.shop.store.write(plans)
    assert steps
    assert [step for step in steps if " USING " not in step.upper() and step.startswith("SCAN")] == []
    assert [step for step in steps if "ix_feeds_account_id_feed_type" in step] == []


@contextmanager
def sent(connection: Connection) -> Generator[list[tuple[str, Any]]]:
    """The statements that the block sends."""
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)
