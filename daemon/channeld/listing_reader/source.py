"""A listing report in its file as pages of rows, and what of a page is news. For worker threads.

Rows that are the same as before are told by their fingerprints alone, without being read.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from channeld.amazon.reports.columns import Columns, read_columns
from channeld.amazon.reports.listing_rows import ListingReader
from channeld.amazon.reports.splitting import RowSplitter
from channeld.amazon.reports.types import ALL_LISTINGS, report_type
from channeld.domain.listing.known import Known, Seen
from channeld.domain.listing.news import NewRow, OtherRow, PageOfRows
from channeld.domain.listing.reported import BadRow, ReportedListing
from channeld.domain.marketplaces import Marketplace
from channeld.listing_reader.faults import Faults
from channeld.store.spool import Spool

__all__ = ["Page", "RowSource"]

MOST_BYTES = 4 * 1024 * 1024
"""Of a page, or one row more: a row has some hundred bytes, and may have a million."""
_TWICE = "its SKU is there twice"


class Page(msgspec.Struct, frozen=True):
    """Rows to be looked up at once."""

    rows: Mapping[str, bytes]
    """By SKU; of a SKU that is there twice the first row counts."""
    lines: Sequence[int]
    """About where they stand in the report."""
    done: int
    """How many rows are read with it, all pages' and those that are no listings included."""


class RowSource:
    """One report. Its methods are called by one thread at a time."""

    def __init__(self, spool: Spool, charset: str, marketplace: Marketplace, page: int) -> None:
        """`charset`: as it was announced. `page`: rows."""
        self._marketplace = marketplace
        self._size = page
        self._splitter = RowSplitter(charset, keeps_text=True, on_bad=self._spare)
        self._digest = blake2b(digest_size=16)
        self._lines = self._all_rows(spool)
        self._reader: ListingReader | None = None
        self._columns: Columns | None = None
        self._before: Mapping[str, bytes] = {}
        self.rows = 0
        """Read so far, those that are no listings included."""
        self.listed = 0
        """Of all, those that are listings, be there values in them that cannot be read."""
        self.faults = Faults()
        self._told = 0

    @property
    def digest(self) -> str:
        """Of the document, once all of it was read."""
        return self._digest.hexdigest()

    @property
    def column_names(self) -> tuple[str, ...]:
        """As the report has them."""
        return self._columns.names if self._columns else ()

    def next_page(self) -> Page:
        """Without rows at the end. Raises `UnreadableReport`, `ChanneldError("spool_failed")`."""
        page: dict[str, bytes] = {}
        lines: list[int] = []
        size = 0
        before, sku_of = self._before, _no_columns
        for raw in self._lines:
            if sku_of is _no_columns:
                sku_of = self._known_columns().sku_of
            self.rows += 1
            sku = sku_of(raw)
            if sku in page or sku in before:  # the page before may be on its way into the book
                self._note(self.rows + 1, raw, _TWICE)
            elif not sku or "\0" in sku:
                self._spare(raw)
                self._note(self.rows + 1, raw, "it has no SKU that can be read")
            else:
                self.listed += 1
                page[sku] = raw
                lines.append(self.rows + 1)
                size += len(raw)
                if len(page) == self._size or size >= MOST_BYTES:
                    break
        self._before = page
        return Page(page, lines, self.rows)

    def sort_out(self, page: Page, known: Mapping[int, Known], seen: Seen) -> PageOfRows:
        """Tell news from what is known, by the rows' places; note what was seen, and read the news."""
        new: list[NewRow] = []
        others: list[OtherRow] = []
        back: list[tuple[int, int]] = []
        fingerprint_of = self._known_columns().fingerprint
        for place, raw in enumerate(page.rows.values()):
            fingerprint, before = fingerprint_of(raw), known.get(place)
            if before is not None and before[0] in seen:
                self._drop(page.lines[place], raw, _TWICE)
            elif before is not None and before[1] == fingerprint:
                if not before[2]:
                    back.append((before[0], fingerprint))
            elif (line := self._read(page.lines[place], raw)) is not None:
                mark = _fingerprint_of(line, fingerprint)
                if before is None:
                    new.append(NewRow(line, mark))
                elif before[1] != mark:
                    others.append(OtherRow(before[0], line, mark, not before[2]))
                elif not before[2]:
                    back.append((before[0], mark))
        seen.add([each[0] for each in known.values()])
        return PageOfRows(new=new, others=others, back=back, rows_done=page.done, bad_rows=self.faults.bad)

    def _read(self, at: int, raw: bytes) -> ReportedListing | None:
        """None for what is none after all."""
        line = self._reading().read(raw)
        if isinstance(line, BadRow):
            self._spare(raw)
            self._drop(at, raw, line.reason)
            return None
        if line.unread:
            self._note(at, raw, f"what it has as {' and '.join(line.unread)} cannot be read")
        return line

    def _drop(self, at: int, raw: bytes, reason: str) -> None:
        """It was taken for a listing, and is none."""
        self.listed -= 1
        self._note(at, raw, reason)

    def _all_rows(self, spool: Spool) -> Iterator[bytes]:
        for piece in spool.pieces():
            self._digest.update(piece)
            yield from self._splitter.feed(piece)
            self._take_bad_rows()
        ended = self._splitter.finish()
        yield from ended.rest
        self._take_bad_rows()
        untold = ended.bad - self._told
        self.rows += untold
        self.faults.bad += untold
        if self._splitter.header:
            self._known_columns()  # without a row nobody has looked at them

    def _take_bad_rows(self) -> None:
        """Rows that are none; after the first thousand their number is known at the end only."""
        for each in self._splitter.take_bad_rows():
            self._told += 1
            self.rows += 1
            self.faults.keep(each.line, each.reason, each.text)

    def _spare(self, line: bytes) -> None:
        self.faults.unreadable += 1
        if self.faults.spares and self._splitter.header:
            self.faults.spare(self._known_columns().cells_of(line)[0])

    def _note(self, at: int, raw: bytes, reason: str) -> None:
        self.faults.note(at, raw, self._splitter.charset, reason)

    def _known_columns(self) -> Columns:
        if self._columns is None:
            splitter = self._splitter
            self._columns = read_columns(splitter.header, splitter.charset, report_type(ALL_LISTINGS))
        return self._columns

    def _reading(self) -> ListingReader:
        if self._reader is None:
            self._reader = ListingReader(self._known_columns(), self._marketplace)
        return self._reader


def _fingerprint_of(line: ReportedListing, fingerprint: int) -> int:
    """Another one for a row that cannot be read in part: so it is read, and told of, each time."""
    return ~fingerprint if line.unread else fingerprint


def _no_columns(raw: bytes) -> str:
    """Nothing can be read before the header is there, and it is there with the first row."""
    raise ValueError("there is no header yet")
