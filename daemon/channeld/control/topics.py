"""The topics that clients can attach to, read the same way for a snapshot and for what changes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from channel_protocol.codec import AnyRow
from channel_protocol.orders import OrderRow
from channeld.amazon.budgets import Budgets
from channeld.control.listing_counts import Recount
from channeld.control.rows.accounts import account_rows
from channeld.control.rows.actors import actor_row, budget_row
from channeld.control.rows.audit import audit_row
from channeld.control.rows.channels import channel_rows
from channeld.control.rows.downloads import download_rows, rates_of
from channeld.control.rows.due import due_board, due_rows
from channeld.control.rows.feeds import feed_row
from channeld.control.rows.orders import order_row
from channeld.control.rows.price_sync import price_sync_rows
from channeld.control.rows.quarantine import quarantine_row
from channeld.control.rows.reports import report_row
from channeld.control.rows.stock_sync import stock_sync_rows
from channeld.control.rows.work import work_rows
from channeld.runtime.clock import Clock
from channeld.runtime.supervisor import Supervisor
from channeld.runtime.topic import Topic
from channeld.store import audit, feeds, ledger, ledger_lists, locations, order_queries, quarantine, reports
from channeld.store.ledger_lists import WorkFilter
from channeld.store.names import names
from channeld.store.order_records import OrderRecord
from channeld.store.store import Store

__all__ = ["make_topics"]

CHUNK = 500
LATEST_ORDERS = 1000
ORDER_PAGE = 100
LATEST_AUDIT = 500
QUARANTINED = 1000
DUE = 500
LATEST_FEEDS = 200
LATEST_REPORTS = 300
UNFINISHED_WORK = 20_000
ENDED_WORK = 500

Read = Callable[[Collection[str] | None], Awaitable[Sequence[AnyRow]]]
"""Rows of these keys, or with None all that a snapshot shows."""


def make_topics(
    store: Store,
    supervisor: Supervisor,
    budgets: Budgets,
    clock: Clock,
    instance: str,
    listing_counts: Recount,
) -> list[Topic[AnyRow]]:
    """All topics, by name."""

    def of_book(query: Callable[[Connection, Collection[str] | None], Sequence[AnyRow]]) -> Read:
        return lambda keys: store.read(lambda c: query(c, keys))

    def by_time(query: Callable[[Connection, datetime, Collection[str] | None], Sequence[AnyRow]]) -> Read:
        return lambda keys: store.read(lambda c: query(c, clock.now(), keys))

    async def accounts(keys: Collection[str] | None) -> Sequence[AnyRow]:
        statuses = supervisor.statuses()
        return await store.read(lambda c: account_rows(c, statuses))

    async def actors(keys: Collection[str] | None) -> Sequence[AnyRow]:
        return [actor_row(status) for status in supervisor.statuses() if keys is None or status.id in keys]

    async def budget_rows(keys: Collection[str] | None) -> Sequence[AnyRow]:
        known = await store.read(names)
        return [budget_row(state, known, clock.now()) for state in budgets.snapshot()]

    async def listing_downloads(keys: Collection[str] | None) -> Sequence[AnyRow]:
        now, rates = clock.now(), rates_of(budgets)
        return await store.read(lambda c: download_rows(c, now, rates, listing_counts.asked(), keys))

    readers: Mapping[str, Read] = {
        "accounts": accounts,
        "actors": actors,
        "audit": of_book(_audit),
        "budgets": budget_rows,
        "channels": of_book(channel_rows),
        "due": by_time(_due),
        "feeds": of_book(_feeds),
        "listing_downloads": listing_downloads,
        "price_sync": by_time(price_sync_rows),
        "quarantine": of_book(lambda c, _: _quarantined(c)),
        "reports": of_book(_reports),
        "stock_sync": by_time(stock_sync_rows),
        "work": of_book(lambda c, keys: _work(c, keys, instance)),
    }
    topics = [*(_topic(name, read) for name, read in readers.items()), _order_topic(store)]
    return sorted(topics, key=lambda topic: topic.name)


def _topic(name: str, read: Read) -> Topic[AnyRow]:
    async def everything() -> AsyncIterator[Sequence[AnyRow]]:
        rows = await read(None)
        for start in range(0, len(rows), CHUNK):
            yield rows[start : start + CHUNK]

    async def some(keys: Collection[str]) -> Mapping[str, AnyRow]:
        wanted = set(keys)
        return {row.key: row for row in await read(wanted) if row.key in wanted}

    return Topic(name=name, everything=everything, some=some)


def _order_topic(store: Store) -> Topic[AnyRow]:
    """Orders are many and take the most to work out, so they are read a page at a time."""

    async def everything() -> AsyncIterator[Sequence[AnyRow]]:
        last: OrderRecord | None = None
        for _ in range(LATEST_ORDERS // ORDER_PAGE):
            after = last
            found = await store.read(lambda c, after=after: order_queries.latest(c, ORDER_PAGE, after=after))
            yield await store.read(lambda c, found=found: _order_rows(c, found))
            if len(found) < ORDER_PAGE:
                return
            last = found[-1]

    async def some(keys: Collection[str]) -> Mapping[str, AnyRow]:
        rows = await store.read(lambda c: _order_rows(c, _orders(c, keys)))
        return {row.key: row for row in rows}

    return Topic(name="orders", everything=everything, some=some)


def _orders(connection: Connection, keys: Collection[str]) -> list[OrderRecord]:
    ids = {channel.name: channel_id for channel_id, channel in names(connection).channels.items()}
    split = (key.partition("/") for key in keys)
    return order_queries.by_keys(
        connection, [(ids[name], order_id) for name, _, order_id in split if name in ids]
    )


def _order_rows(connection: Connection, found: Sequence[OrderRecord]) -> list[OrderRow]:
    known, places = names(connection), locations.labels(connection)
    return [order_row(record, known, places) for record in found]


def _audit(connection: Connection, keys: Collection[str] | None) -> list[AnyRow]:
    known = names(connection)
    if keys is None:
        found: Iterable[audit.AuditEntry] = audit.entries(connection, LATEST_AUDIT)
    else:
        found = audit.by_ids(connection, [int(key) for key in keys])
    return [audit_row(entry, known) for entry in found]


def _due(connection: Connection, now: datetime, keys: Collection[str] | None) -> Sequence[AnyRow]:
    """An order that is told, or not to be sent any more, has no row."""
    if keys is None:
        return due_board(connection, now, DUE)
    return due_rows(connection, _orders(connection, keys), now)


def _feeds(connection: Connection, keys: Collection[str] | None) -> list[AnyRow]:
    known = names(connection)
    ids = None if keys is None else [int(key) for key in keys]
    found = feeds.latest(connection, LATEST_FEEDS if ids is None else len(ids), ids=ids)
    return [feed_row(feed, known) for feed in found]


def _reports(connection: Connection, keys: Collection[str] | None) -> list[AnyRow]:
    known = names(connection)
    ids = None if keys is None else [int(key) for key in keys]
    found = reports.latest(connection, LATEST_REPORTS if ids is None else len(ids), ids=ids)
    return [report_row(report, known) for report in found]


def _work(connection: Connection, keys: Collection[str] | None, instance: str) -> Sequence[AnyRow]:
    """What is not done, whole, and the last that is."""
    if keys is not None:
        return work_rows(connection, ledger.by_ids(connection, [int(key) for key in keys]), instance)
    unfinished = ledger_lists.select_work(connection, WorkFilter(limit=UNFINISHED_WORK, open=True))
    ended = ledger_lists.select_work(connection, WorkFilter(limit=ENDED_WORK, ended=True))
    return work_rows(connection, [*unfinished, *ended], instance)


def _quarantined(connection: Connection) -> list[AnyRow]:
    known = names(connection)
    return [quarantine_row(entry, known) for entry in quarantine.entries(connection, QUARANTINED)]
