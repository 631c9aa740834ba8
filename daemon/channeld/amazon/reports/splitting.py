"""Pieces of a report to rows: made for a worker thread, with memory that does not grow with the report."""

from collections.abc import Callable
from typing import Literal

import msgspec

from channeld.amazon.reports.lines import LONGEST_LINE, LineCutter
from channeld.domain.listing.reported import BadRow

__all__ = ["MOST_BAD_ROWS", "Ended", "RowSplitter", "Truncation"]

MOST_BAD_ROWS = 1000
"""How many bad rows are kept with their texts; all are counted."""
_LONGEST_TEXT = 500

Truncation = Literal["", "empty", "short last line"]


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """What a report came to."""

    rest: tuple[bytes, ...]
    """Rows that only the end completed, such as a last line without an end of its own."""
    rows: int
    """All rows that were handed out, `rest` included; 0 for a report that is only a header."""
    bad: int
    """Lines that are no rows: of too many columns, of too few, or too long."""
    truncated: Truncation
    """Why it cannot be the whole report; empty if it can."""


class RowSplitter:
    """Takes a report piece by piece and gives its rows: lines with as many columns as the header has.

    There is no quoting in these reports. However it is cut into pieces, the result is the same.
    """

    def __init__(
        self, charset: str, *, keeps_text: bool, on_bad: Callable[[bytes], None] = lambda line: None
    ) -> None:
        """`charset`: Python's name of what was announced, or empty. `keeps_text`: nothing is personal.

        `on_bad`: shown every line that is no row, whole.
        """
        self._on_bad = on_bad
        self._lines = LineCutter(charset)
        self._keeps_text = keeps_text
        self._header = b""
        self._tabs = self._fewest_tabs = 0
        self._line = self._rows = self._bad = 0
        self._bad_rows: list[BadRow] = []
        self._bad_room = MOST_BAD_ROWS

    @property
    def header(self) -> bytes:
        """Empty until it is there."""
        return self._header

    @property
    def charset(self) -> str:
        """Python's name of the rows' charset, settled with the header."""
        return self._lines.charset

    def feed(self, piece: bytes) -> list[bytes]:
        """The rows that are whole now, without the ends of their lines; neither header nor blank lines."""
        return self._rows_of(self._lines.feed(piece))

    def finish(self) -> Ended:
        """The report is at its end. Without an end of its own, a last line of too few columns was cut."""
        lines, last = self._lines.finish()
        rest = self._rows_of(lines)
        is_short = bool(self._header and last.strip()) and last.count(b"\t") < self._fewest_tabs
        if not is_short:
            rest += self._rows_of([last])
        truncated: Truncation = "short last line" if is_short else "" if self._header else "empty"
        return Ended(rest=tuple(rest), rows=self._rows, bad=self._bad, truncated=truncated)

    def take_bad_rows(self) -> list[BadRow]:
        """Those that were found since the last time; of a report only the first 1,000 are told."""
        taken, self._bad_rows = self._bad_rows, []
        return taken

    def _rows_of(self, lines: list[bytes]) -> list[bytes]:
        rows: list[bytes] = []
        for line in lines:
            self._line += 1
            if line.endswith(b"\r"):
                line = line[:-1]
            if not line or line.isspace():
                continue
            if not self._header:
                self._begin(line)
            elif (line.count(b"\t") == self._tabs or self._is_row(line)) and len(line) <= LONGEST_LINE:
                rows.append(line)
            else:
                self._note(line)
        self._rows += len(rows)
        return rows

    def _begin(self, header: bytes) -> None:
        self._header = header
        self._tabs = header.count(b"\t")
        self._fewest_tabs = self._tabs - header.endswith(b"\t")

    def _is_row(self, line: bytes) -> bool:
        """Some headers, or the lines below them, have one tab more at their end."""
        tabs = line.count(b"\t")
        return tabs == self._fewest_tabs or (tabs == self._tabs + 1 and line.endswith(b"\t"))

    def _note(self, line: bytes) -> None:
        self._bad += 1
        self._on_bad(line)
        if not self._bad_room:
            return
        self._bad_room -= 1
        text = line[: 4 * _LONGEST_TEXT].decode(self.charset, "replace")[:_LONGEST_TEXT]
        self._bad_rows.append(
            BadRow(line=self._line, reason=self._fault(line), text=text if self._keeps_text else "")
        )

    def _fault(self, line: bytes) -> str:
        if len(line) > LONGEST_LINE:
            return "it is longer than 1 MiB"
        columns = line.count(b"\t") + 1
        return f"it has {columns} columns, the header {self._tabs + 1}"
