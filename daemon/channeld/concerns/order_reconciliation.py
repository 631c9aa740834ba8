"""Orders against Amazon's reports: one actor for each account (semantics C0, H6; Amazon's reference, 4.1).

Mailbox:    wake-ups only (merge): a report has moved on, a backfill has begun or ended.
Publishes:  orders, channels, audit; what it waits for.
Writes:     gaps and re-reads of them, backfills, orders that are read by id, cursors, ends of reports.
Calls:      getReportDocument and the document, getOrder for backfills. Reports themselves are asked for by
            the account's reports actor, gaps are read by the channels' order intake.
Halts:      when Amazon refuses the credentials (the whole account) or getOrder (this actor).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.errors import DocumentTruncated, UnreadableAnswer, UnreadableReport
from channeld.amazon.operations import SEARCH_ORDERS
from channeld.book.backfill_plan import (
    begin_collecting,
    begin_reading,
    collect_page,
    decline,
    drop_collected,
    leave_to_search,
)
from channeld.book.backfilling import (
    drop_outdated,
    is_outdated,
    to_read,
)
from channeld.book.reconciling import (
    book_compared,
    book_compared_in_part,
    compare_page,
    reaches,
    say_nothing_to_compare,
    without_orders,
)
from channeld.book.reports.moves import failed, postponed
from channeld.book.reports.refusals import refusal_of
from channeld.concerns.account_line import AccountLine
from channeld.concerns.backfill_reads import read_orders
from channeld.concerns.halting import halt_for
from channeld.concerns.kit import Kit
from channeld.concerns.reported_orders import ReportedOrders
from channeld.concerns.waiting import bounded
from channeld.domain.backfill import PAGE, WORTH
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.store import backfills, reports
from channeld.store.backfills import Backfill, BackfillOrder
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = ["OrderReconciliation"]

MOST_READS = 3
LOOK_EVERY = timedelta(seconds=30)
"""While a slice of the search brings what is left."""
PURPOSES = ("gaps", "backfill")


class _Work(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to do."""

    is_untold: bool
    """A report had nothing to compare, which is still to be said."""
    is_outdated: bool
    """A backfill does not fit any more, which is still to be seen to."""
    report: ReportRecord | None
    """The first that is there."""
    to_read: Sequence[BackfillOrder]
    backfill: Backfill | None


class OrderReconciliation:
    """Compares reports with the book, and reads orders by their ids when a backfill takes two routes."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        line = AccountLine(self._kit, self._account_id, context)
        while True:
            work = await self._look()
            now = self._kit.clock.now()
            if work.report is not None and work.report.next_at <= now:
                await self._take(line, work.report)
            elif work.to_read:
                await read_orders(self._kit, line, work.to_read)
            else:
                context.done()
                due = [work.report.next_at] if work.report else []
                due += [now + LOOK_EVERY] if work.backfill else []
                await context.receive("a report of orders", bounded(min(due, default=None), now))
            context.done()

    async def _look(self) -> _Work:
        now, account_id, store = self._kit.clock.now(), self._account_id, self._kit.store

        def query(connection: Connection) -> _Work:
            there = reports.available(connection, account_id, PURPOSES)
            return _Work(
                is_outdated=is_outdated(connection, account_id, now),
                is_untold=bool(without_orders(connection, account_id)),
                report=min(there, key=lambda each: each.next_at, default=None),
                to_read=to_read(connection, account_id, now),
                backfill=backfills.of_account(connection, account_id),
            )

        work = await store.read(query)
        if work.is_outdated:
            await store.write(lambda unit: drop_outdated(unit, account_id, now))
        if work.is_untold:
            await store.write(lambda unit: say_nothing_to_compare(unit, account_id, now))
        return work

    async def _take(self, line: AccountLine, report: ReportRecord) -> None:
        """Read one report; what passes is tried again later, what does not ends it."""
        use = self._collect if report.purpose == "backfill" else self._compare
        try:
            await use(line, report)
        except UnreadableReport as error:
            await self._fail(report, error.message, error.hint)
        except ChanneldError as error:
            if refusal := refusal_of(error):
                await self._fail(report, refusal.reason, refusal.hint)
            elif halt := halt_for(error):
                raise halt from None
            else:
                await self._postpone(report, error)
                raise

    async def _compare(self, line: AccountLine, report: ReportRecord) -> None:
        """A page at a time. A document that ends too soon is read three times; then its beginning counts."""
        store, compared = self._kit.store, 0
        within = await store.read(lambda c: reaches(c, report))
        reading = ReportedOrders(self._kit, line, report)
        try:
            async for page in reading.pages():
                compared += await store.write(
                    lambda unit, page=page: compare_page(unit, report, within, page, self._now())
                )
        except (DocumentTruncated, UnreadableAnswer) as error:
            if report.tries + 1 < MOST_READS:
                raise
            reason = error.message  # `error` is gone when the unit runs
            await store.write(lambda unit: book_compared_in_part(unit, report, compared, reason, self._now()))
            return
        rows, bad = reading.rows, reading.bad
        await store.write(lambda unit: book_compared(unit, report, within, compared, rows, bad, self._now()))

    async def _collect(self, line: AccountLine, report: ReportRecord) -> None:
        """The ids of a backfill. With a report that is not whole, or cannot be read, searches go on alone."""
        store = self._kit.store
        plan = await store.write(lambda unit: begin_collecting(unit, report, self._now()))
        if plan is None:
            return
        reading = ReportedOrders(self._kit, line, report)
        try:
            async for page in reading.pages():
                if not await store.write(lambda unit, page=page: collect_page(unit, plan, page)):
                    await store.write(lambda unit: decline(unit, report, self._now()))
                    return
        except (DocumentTruncated, UnreadableAnswer) as error:
            if report.tries + 1 < MOST_READS:
                raise
            await self._fail(report, error.message, error.hint)
            return
        rows = reading.rows
        is_worth = not reading.bad and await self._is_worth()
        await store.write(
            lambda unit: (
                begin_reading(unit, plan, report, rows, self._now())
                if is_worth
                else leave_to_search(unit, report, rows, self._now())
            )
        )

    async def _is_worth(self) -> bool:
        """Whether the searches alone would take long."""
        left = await self._kit.store.read(lambda c: backfills.left(c, self._account_id))
        seconds = self._kit.budgets.wait_for(self._account_id, SEARCH_ORDERS, left // PAGE)
        return seconds > WORTH.total_seconds()

    async def _fail(self, report: ReportRecord, reason: str, hint: str) -> None:
        now = self._now()

        def fail(unit: Unit) -> None:
            if report.purpose == "backfill":
                drop_collected(unit, report.account_id)
            failed(unit, report, reason, hint, now)

        await self._kit.store.write(fail)

    async def _postpone(self, report: ReportRecord, error: ChanneldError) -> None:
        now = self._now()
        await self._kit.store.write(lambda unit: postponed(unit, report, error.message, error.hint, now))

    def _now(self) -> datetime:
        return self._kit.clock.now()
