"""Reports: one actor for each account; it asks Amazon for what is wanted and watches it (semantics H4, H6).

Mailbox:    wake-ups only (merge): a report is wanted, or the account's settings have changed.
Publishes:  reports, audit; what it waits for.
Writes:     reports; downloads of listings and comparisons of orders that are due by themselves.
Calls:      createReport, getReport, getReports, cancelReport; for persons' reports getReportDocument, and the
            documents themselves.
Halts:      when Amazon refuses the credentials (the whole account), or to show any report (this actor).
"""

from datetime import datetime

import anyio
from anyio.abc import TaskGroup
from sqlalchemy import Connection

from channeld.amazon.errors import AmazonError
from channeld.book.reports.moves import postponed
from channeld.book.reports.schedule import begin_due, next_due
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.report_steps import ReportSteps, is_ours
from channeld.concerns.waiting import bounded
from channeld.runtime.actor import ActorContext
from channeld.store import reports
from channeld.store.reports import ReportRecord

__all__ = ["Reports"]

MAX_REPORTS = 16
"""Reports that are seen to at the same time."""


class Reports:
    """Several reports at a time, each at its own pace: one that waits for the budget holds up no other."""

    def __init__(self, kit: Kit, account_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._busy: set[int] = set()
        self._trouble: Exception | None = None
        """Of Amazon's, since something last went well."""
        self._failure: Exception | None = None
        """Of any other kind: a halt, the store, an error in this program."""

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says.

        A step that fails is tried again; the actor fails with it if no other one goes well meanwhile.
        """
        steps = ReportSteps(self._kit, AccountLine(self._kit, self._account_id, context))
        async with anyio.create_task_group() as tasks:
            raise await self._attend(context, steps, tasks)

    async def _attend(self, context: ActorContext, steps: ReportSteps, tasks: TaskGroup) -> Exception:
        """Until there is trouble, and nothing else under way."""
        while True:
            open_reports, next_schedule = await self._look()
            waiting = [each for each in open_reports if is_ours(each) and each.id not in self._busy]
            later = self._begin(context, steps, tasks, waiting)
            if not (later or self._busy):
                context.done()
            times = [each.next_at for each in later] + ([next_schedule] if next_schedule else [])
            until = bounded(min(times, default=None), self._kit.clock.now())
            is_watching = bool(later or self._busy)
            await context.receive("Amazon to make a report" if is_watching else "a report to ask for", until)
            if self._failure:
                return self._failure
            if self._trouble and not self._busy:
                return self._trouble

    def _begin(
        self, context: ActorContext, steps: ReportSteps, tasks: TaskGroup, waiting: list[ReportRecord]
    ) -> list[ReportRecord]:
        """Begin a step of each that is due; the others."""
        now = self._kit.clock.now()
        due = [each for each in waiting if each.next_at <= now][: MAX_REPORTS - len(self._busy)]
        for report in due:
            self._busy.add(report.id)
            tasks.start_soon(self._see_to, context, steps, report)
        return [each for each in waiting if each.id not in self._busy]

    async def _see_to(self, context: ActorContext, steps: ReportSteps, report: ReportRecord) -> None:
        """One step of one report."""
        try:
            await self._go_on(steps, report)
            self._trouble = None
            context.done()
        except AmazonError as error:
            self._trouble = error
        except Exception as error:  # `run` raises it
            self._failure = error
        finally:
            self._busy.discard(report.id)
            context.mailbox.wake()

    async def _go_on(self, steps: ReportSteps, report: ReportRecord) -> None:
        try:
            await steps.go_on(report)
        except AmazonError as error:
            reason, hint, now = error.message, error.hint, self._kit.clock.now()
            await self._kit.store.write(lambda unit: postponed(unit, report, reason, hint, now))
            raise

    async def _look(self) -> tuple[list[ReportRecord], datetime | None]:
        """What has not ended, and when something is due by itself; what is due now has begun."""
        now, account_id, store = self._kit.clock.now(), self._account_id, self._kit.store
        schedulers = self._kit.schedulers

        def query(connection: Connection) -> tuple[list[ReportRecord], datetime | None]:
            return reports.open_reports(connection, account_id), next_due(
                schedulers, connection, account_id, now
            )

        found, next_at = await store.read(query)
        if next_at is None or next_at > now:
            return found, next_at
        await store.write(lambda unit: begin_due(schedulers, unit, account_id, now))
        return await store.read(query)
