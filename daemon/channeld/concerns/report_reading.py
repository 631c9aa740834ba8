"""A report that a person asked for: read to its end as it comes, its rows counted; nothing of it is kept."""

import anyio.to_thread

from channeld.amazon.documents.failures import LAST_LINE_CUT, truncated
from channeld.amazon.documents.stream import open_document
from channeld.amazon.errors import DocumentTruncated, UnreadableAnswer, UnreadableReport
from channeld.amazon.reports.calls import report_document_call
from channeld.amazon.reports.columns import read_columns
from channeld.amazon.reports.splitting import Ended, RowSplitter
from channeld.amazon.reports.types import report_type
from channeld.book.reports.moves import failed, processed
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.priorities import priority_of
from channeld.store.reports import ReportRecord

__all__ = ["read_for_person"]

MOST_READS = 3
_HINT = "Ask for the report again; quote its id to Amazon if it stays so."


async def read_for_person(kit: Kit, line: AccountLine, report: ReportRecord) -> None:
    """Raises `AmazonError` for what is tried again, from a new address."""
    kind = report_type(report.report_type)
    try:
        splitter, ended = await _read(kit, line, report, keeps_text=not kind.is_personal)
    except (DocumentTruncated, UnreadableAnswer) as error:
        if report.tries + 1 < MOST_READS:
            raise
        reason, now = error.message, kit.clock.now()
        await kit.store.write(lambda unit: failed(unit, report, reason, _HINT, now))
        return
    try:
        columns = read_columns(splitter.header, splitter.charset, kind).names if splitter.header else ()
    except UnreadableReport:
        columns = ()
    now, bad = (
        kit.clock.now(),
        splitter.take_bad_rows(),
    )
    await kit.store.write(
        lambda unit: processed(
            unit, report.id, now, rows=ended.rows, bad_rows=ended.bad, columns=columns, faults=bad
        )
    )


async def _read(
    kit: Kit, line: AccountLine, report: ReportRecord, *, keeps_text: bool
) -> tuple[RowSplitter, Ended]:
    """Its header, bad rows and counts."""
    address = await line.send(report_document_call(report.document_id), priority_of(report))
    async with open_document(kit.http, kit.clock, address) as document:
        splitter = RowSplitter(document.charset, keeps_text=keeps_text)
        async for piece in document:
            with kit.clock.working():
                await anyio.to_thread.run_sync(splitter.feed, piece)
    ended = splitter.finish()
    if ended.truncated == "short last line":
        raise truncated(LAST_LINE_CUT)
    return splitter, ended
