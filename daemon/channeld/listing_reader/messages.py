"""What is asked of whoever reads a report, and what it answers: one answer for each question."""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from channeld.domain.listing.news import PageOfRows
from channeld.domain.listing.reported import BadRow

__all__ = ["Answer", "Begin", "End", "Failed", "Outcome", "Question", "Sort", "Sorted"]


class Begin(msgspec.Struct, tag="begin", frozen=True, kw_only=True):
    """Open the report and read its first page."""

    folder: str
    download_id: int
    """Folder and name of the spool file."""
    charset: str
    marketplace_id: str
    page: int
    """Rows that are told of at once."""


class Sort(msgspec.Struct, tag="sort", frozen=True, kw_only=True):
    """Say what of the page is news, and which SKUs the next one has."""

    known: str
    """The store's answer about the page's SKUs."""
    added: Sequence[int]
    """Ids of listings that were booked since the last question: they are in the report."""


class End(msgspec.Struct, tag="end", frozen=True, kw_only=True):
    """Sum up, once a page had no SKUs."""

    added: Sequence[int]


class Sorted(msgspec.Struct, tag="sorted", frozen=True, kw_only=True):
    """News of the last page, and the next one."""

    news: PageOfRows | None = None
    """None at the beginning."""
    skus: str = ""
    """Of the next page, as the store is asked about them; empty when there is none."""


class Outcome(msgspec.Struct, tag="outcome", frozen=True, kw_only=True):
    """What a report came to."""

    rows: int
    """All, those that are no listings included."""
    bad: int
    """Of them, those that could not be used, or not wholly."""
    listed: int
    """Of all, those that are listings, be there values in them that cannot be read."""
    unreadable: int
    """Those that are no listings, though they may have been meant to be one that is in the book."""
    spared: Sequence[str]
    """Which SKUs they may be of: all their values, of so many rows as may be unreadable."""
    faults: Sequence[BadRow]
    """The first of the bad ones."""
    column_names: tuple[str, ...]
    """As the report has them."""
    digest: str
    """Of the whole document."""
    marks: bytes
    """Listings that are in the report (`Seen`)."""


class Failed(msgspec.Struct, tag="failed", frozen=True, kw_only=True):
    """It cannot be read: what a `ChanneldError` of that code says, of unreadable reports the bare reason."""

    code: str
    message: str
    hint: str


Question: TypeAlias = Begin | Sort | End
Answer: TypeAlias = Sorted | Outcome | Failed
