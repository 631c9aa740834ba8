"""Rows of a report that could not be used, or not wholly: counted, kept, and what they may have been."""

from collections.abc import Iterable, Sequence

from channeld.amazon.reports.splitting import MOST_BAD_ROWS
from channeld.domain.listing.presence import MOST_UNREADABLE
from channeld.domain.listing.reported import BadRow

__all__ = ["Faults"]

_LONGEST_TEXT = 500
_LONGEST_SKU = 400


class Faults:
    """Those of one report."""

    def __init__(self) -> None:
        self.bad = 0
        """All of them."""
        self.unreadable = 0
        """Those that are no listings, though they may have been meant to be one that is in the book."""
        self.spared: set[str] = set()
        """Which SKUs they may be of: all their values, of so many rows as may be unreadable."""
        self._kept: dict[int, BadRow] = {}

    @property
    def first(self) -> Sequence[BadRow]:
        """The first ones, by line."""
        return [self._kept[line] for line in sorted(self._kept)]

    def keep(self, line: int, reason: str, text: str) -> None:
        """`line`: about where it stands; no two are said to stand at the same place."""
        self.bad += 1
        if len(self._kept) < MOST_BAD_ROWS:
            while line in self._kept:
                line += 1
            self._kept[line] = BadRow(line=line, reason=reason, text=text)

    def note(self, line: int, raw: bytes, charset: str, reason: str) -> None:
        """Keep a row as it is in the report."""
        self.keep(line, reason, raw[: 4 * _LONGEST_TEXT].decode(charset, "replace")[:_LONGEST_TEXT])

    @property
    def spares(self) -> bool:
        """Whether it is still kept which listings the next one may be of."""
        return self.unreadable <= MOST_UNREADABLE

    def spare(self, cells: Iterable[str]) -> None:
        """Any of these values may be the SKU of a row that cannot be read."""
        self.spared.update(cell for each in cells if 0 < len(cell := each.strip()) <= _LONGEST_SKU)
