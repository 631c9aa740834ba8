"""Listing download: one actor for a channel while a download of it runs (semantics E1, H1 to H6).

Mailbox:    wake-ups only (merge): the report has moved on, the download was taken over.
Publishes:  the download's progress, listings, links, audit; what it waits for.
Writes:     listings, their details, links by SKU, the download and the end of its report; the spool file.
Calls:      getReportDocument and the document, searchListingsItems, getListingsItem. The report itself is
            asked for by the account's reports actor.
Halts:      when Amazon refuses the credentials (the whole account) or an operation (this actor).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import anyio
import anyio.to_thread

from channeld.amazon.errors import (
    AmazonUnavailable,
    BadRequest,
    NotFound,
    UnreadableAnswer,
    UnreadableReport,
)
from channeld.book.listings.ending import fail_download
from channeld.book.listings.phases import (
    FETCHES,
    fetched,
    judged,
    note_failed_fetch,
    processed_all,
    report_there,
)
from channeld.book.listings.step import DownloadOver
from channeld.book.listings.without_data import end_without_data
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.listing_absence import ListingAbsence
from channeld.concerns.listing_details import ListingDetailReads
from channeld.concerns.listing_fetch import fetch_report
from channeld.concerns.listing_rows import ListingRows
from channeld.concerns.priorities import priority_of
from channeld.concerns.spooled import remove_orphaned
from channeld.domain.listing.estimate import Phase
from channeld.domain.listing.presence import Brought
from channeld.domain.marketplaces import BY_ID
from channeld.domain.report.states import State
from channeld.runtime.actor import ActorContext
from channeld.store import channels, downloads, reports
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.reports import ReportRecord
from channeld.store.spool import Spool, SpoolFacts, spool_of

__all__ = ["ListingDownload"]

T = TypeVar("T")
LOOK_EVERY = timedelta(minutes=1)
"""While it waits: what is shown of it moves with the time."""
_CLEARING = 5.0
"""Seconds for it to remove its file when it is stopped."""
_NO_DOCUMENT = (AmazonUnavailable, BadRequest, NotFound, UnreadableAnswer)
_OVER = (State.FAILED, State.PROCESSED)
_LOST = "Its report is not there any more."
_STUCK_TWICE = "Amazon has not made the report, nor the one that was asked for in its place."


class ListingDownload:
    """Brings the running download of one channel to its end, whatever it dies in."""

    def __init__(self, kit: Kit, account_id: int, channel_id: int) -> None:
        self._kit = kit
        self._account_id = account_id
        self._channel_id = channel_id
        self._phases: Mapping[Phase, Callable[[ActorContext, DownloadRecord], Awaitable[None]]] = {
            "waiting": self._wait,
            "fetching": self._fetch,
            "processing": self._process,
            "details": self._details,
        }

    async def run(self, context: ActorContext) -> None:
        """Go on for ever; every turn begins with what the store says."""
        await remove_orphaned(self._kit.store, self._kit.clock)
        try:
            await self._go_on(context)
        except anyio.get_cancelled_exc_class():
            with anyio.move_on_after(_CLEARING, shield=True):  # its channel may take part no more
                await remove_orphaned(self._kit.store, self._kit.clock)
            raise

    async def _go_on(self, context: ActorContext) -> None:
        while True:
            download = await self._kit.store.read(lambda c: downloads.running(c, self._channel_id))
            if download is None:
                context.done()
                await context.receive("a download of listings")
                continue
            try:
                await self._phases[download.phase](context, download)
            except DownloadOver:
                await self._in_thread(self._spool(download).remove)
            context.done()

    async def _wait(self, context: ActorContext, download: DownloadRecord) -> None:
        report = await self._report(download)
        if report is None:
            await self._fail(download, _LOST, "")
        elif report.state is State.AVAILABLE:
            await self._kit.store.write(lambda unit: report_there(unit, download.id, self._now()))
        elif report.state is State.NO_DATA:
            await self._kit.store.write(
                lambda unit: end_without_data(unit, download.id, report.reason, report.hint, self._now())
            )
        elif report.state in _OVER:
            await self._fail(download, report.reason or _LOST, report.hint)
        elif report.state is State.STUCK and (report.repeats is not None or report.ended_at is not None):
            await self._fail(download, _STUCK_TWICE, report.hint)
        else:
            await context.receive("Amazon's listing report", self._now() + LOOK_EVERY)
            await self._kit.store.write(lambda unit: downloads.touch(unit, download))

    async def _fetch(self, context: ActorContext, download: DownloadRecord) -> None:
        """Into a file, unless it is there. What does not come, or not whole, is fetched again three times."""
        if download.look_at is not None and download.look_at > self._now():
            await context.receive("the next fetch of the listing report", download.look_at)
            return
        report = await self._report(download)
        if report is None or report.state is not State.AVAILABLE:
            await self._fail(download, (report and report.reason) or _LOST, "")
            return
        try:
            facts = await self._document(context, download, report)
        except _NO_DOCUMENT as error:
            if download.fetches < FETCHES:
                await self._fetch_again(download, f"Amazon's report did not come: {error.message}")
            else:
                await self._fail(download, error.message, error.hint)
            return
        if facts.truncated and download.fetches < FETCHES:
            await self._fetch_again(download, f"Amazon's report did not come whole: {facts.truncated}.")
        else:
            rows = facts.rows
            await self._kit.store.write(lambda unit: fetched(unit, download.id, rows, self._now()))

    async def _document(
        self, context: ActorContext, download: DownloadRecord, report: ReportRecord
    ) -> SpoolFacts:
        spool = self._spool(download)
        facts = await self._in_thread(lambda: spool.facts(report.document_id))
        if facts is not None and not facts.truncated:
            return facts
        line = AccountLine(self._kit, self._account_id, context)
        return await fetch_report(self._kit, line, spool, report.document_id, priority_of(report))

    async def _fetch_again(self, download: DownloadRecord, reason: str) -> None:
        await self._kit.store.write(lambda unit: note_failed_fetch(unit, download.id, reason, self._now()))

    async def _process(self, context: ActorContext, download: DownloadRecord) -> None:
        """All rows, then what the report lacks, then the end: begun anew after a death."""
        store, spool = self._kit.store, self._spool(download)
        report = await self._report(download)
        facts = await self._in_thread(lambda: spool.facts(report.document_id)) if report else None
        if report is None or facts is None:
            await store.write(lambda unit: report_there(unit, download.id, self._now()))
            return
        try:
            outcome, seen = await ListingRows(self._kit, download, await self._channel(), facts).book()
        except UnreadableReport as error:
            await self._fail(download, error.message, error.hint)
            return
        brought = Brought(
            listed=outcome.listed,
            unreadable=outcome.unreadable,
            truncated=facts.truncated,
            report_id=report.report_id,
            digest=outcome.digest,
            asked_at=report.submitted_at or download.started_at,
        )
        judgement = await store.write(lambda unit: judged(unit, download.id, outcome.rows, brought))
        if judgement.is_complete:
            await ListingAbsence(self._kit, download, report, seen).book()
        await store.write(
            lambda unit: processed_all(
                unit, download.id, outcome.bad, outcome.faults, outcome.column_names, self._now()
            )
        )
        await self._in_thread(spool.remove)

    async def _details(self, context: ActorContext, download: DownloadRecord) -> None:
        await self._in_thread(self._spool(download).remove)
        line = AccountLine(self._kit, self._account_id, context)
        marketplace = BY_ID[(await self._channel()).marketplace_id]
        await ListingDetailReads(self._kit, line, download, marketplace).read_all()

    async def _report(self, download: DownloadRecord) -> ReportRecord | None:
        report_pk = download.report_pk
        if report_pk is None:
            return None
        return await self._kit.store.read(lambda c: reports.get(c, report_pk))

    async def _channel(self) -> Channel:
        channel = await self._kit.store.read(lambda c: channels.get(c, self._channel_id))
        if channel is None:
            raise DownloadOver
        return channel

    async def _fail(self, download: DownloadRecord, reason: str, hint: str) -> None:
        await self._kit.store.write(lambda unit: fail_download(unit, download.id, reason, hint, self._now()))
        await self._in_thread(self._spool(download).remove)

    def _spool(self, download: DownloadRecord) -> Spool:
        return spool_of(self._kit.store.path, download.id)

    def _now(self) -> datetime:
        return self._kit.clock.now()

    async def _in_thread(self, act: Callable[[], T]) -> T:
        with self._kit.clock.working():
            return await anyio.to_thread.run_sync(act)
