"""An all-orders report as it comes, in pages of orders. Nothing of it is kept, as it has addresses.

What is needed to compare its orders has to be in it: without it nothing of them would be found missing.
"""

from collections.abc import AsyncGenerator, Mapping

import anyio.to_thread
from msgspec.structs import replace

from channeld.amazon.documents.failures import LAST_LINE_CUT, truncated
from channeld.amazon.documents.stream import open_document
from channeld.amazon.errors import UnreadableReport
from channeld.amazon.reports.calls import report_document_call
from channeld.amazon.reports.columns import Columns, read_columns
from channeld.amazon.reports.order_rows import OrderReader
from channeld.amazon.reports.splitting import RowSplitter, Truncation
from channeld.amazon.reports.types import report_type
from channeld.concerns.account_line import AccountLine
from channeld.concerns.kit import Kit
from channeld.concerns.priorities import priority_of
from channeld.domain.listing.reported import BadRow
from channeld.domain.marketplaces import BY_ID
from channeld.domain.reported_order import ReportedOrder
from channeld.store.reports import ReportRecord

__all__ = ["ReportedOrders"]

PAGE = 1_000
_WHY_CUT: Mapping[Truncation, str] = {"": "", "empty": "it is empty", "short last line": LAST_LINE_CUT}
_WHEN, _WHERE = "last-updated-date", "sales-channel"
_HINT = "Amazon may have changed the report; please tell us the names of its columns if it stays so."


class ReportedOrders:
    """One reading of one report."""

    def __init__(self, kit: Kit, line: AccountLine, report: ReportRecord) -> None:
        self._kit = kit
        self._line = line
        self._report = report
        self._splitter = RowSplitter("", keeps_text=False)
        self._reader: OrderReader | None = None
        self._seen: set[int] = set()
        of = report.marketplaces
        self._only = BY_ID[of[0]].name if len(of) == 1 else ""
        """Whose orders they are where the report does not say it."""
        self.rows = 0
        """Lines, as far as it has been read."""
        self.bad = 0
        """Of them, those of which no order, no date or no channel could be read."""

    async def pages(self) -> AsyncGenerator[list[ReportedOrder]]:
        """Each order once. Raises what sending raises, `DocumentTruncated`, `UnreadableReport`."""
        document = await self._line.send(
            report_document_call(self._report.document_id), priority_of(self._report)
        )
        page: list[ReportedOrder] = []
        async with open_document(self._kit.http, self._kit.clock, document) as arriving:
            self._splitter = RowSplitter(arriving.charset, keeps_text=False)
            async for piece in arriving:
                with self._kit.clock.working():
                    page += await anyio.to_thread.run_sync(self._take, piece)
                while len(page) >= PAGE:
                    yield page[:PAGE]
                    page = page[PAGE:]
        with self._kit.clock.working():
            rest, cut = await anyio.to_thread.run_sync(self._finish)
        page += rest
        for start in range(0, len(page), PAGE):
            yield page[start : start + PAGE]
        if cut:
            raise truncated(cut)

    def _take(self, piece: bytes) -> list[ReportedOrder]:
        return self._read(self._splitter.feed(piece))

    def _finish(self) -> tuple[list[ReportedOrder], str]:
        """What only the end completed, and why it cannot be the whole report; empty if it can."""
        ended = self._splitter.finish()
        self.bad += ended.bad
        self.rows += ended.bad
        return self._read(ended.rest), _WHY_CUT[ended.truncated]

    def _read(self, rows: list[bytes] | tuple[bytes, ...]) -> list[ReportedOrder]:
        self._splitter.take_bad_rows()
        found: list[ReportedOrder] = []
        for raw in rows:
            self.rows += 1
            order = self._reading().read(raw)
            if isinstance(order, BadRow) or order.updated_at is None:
                self.bad += 1
                continue
            if not order.sales_channel:
                if not self._only:
                    self.bad += 1
                    continue
                order = replace(order, sales_channel=self._only)
            mark = hash(order.order_id)
            if mark not in self._seen:
                self._seen.add(mark)
                found.append(order)
        return found

    def _reading(self) -> OrderReader:
        if self._reader is None:
            kind = report_type(self._report.report_type)
            columns = read_columns(self._splitter.header, self._splitter.charset, kind)
            self._check(columns)
            self._reader = OrderReader(columns, BY_ID[self._report.marketplaces[0]])
        return self._reader

    def _check(self, columns: Columns) -> None:
        """Raises `UnreadableReport`."""
        needed = [_WHEN] if self._only else [_WHEN, _WHERE]
        lacking = [name for name in needed if name not in columns.places]
        if lacking:
            reason = f"it has no column {' and no column '.join(lacking)}, so its orders cannot be compared"
            raise UnreadableReport(reason, _HINT)
