"""What of a page of a report's rows is news."""

from collections.abc import Sequence

import msgspec

from channeld.domain.listing.reported import ReportedListing

__all__ = ["NewRow", "OtherRow", "PageOfRows"]


class NewRow(msgspec.Struct, frozen=True, gc=False):
    """A line of a listing that is not in the book."""

    line: ReportedListing
    fingerprint: int


class OtherRow(msgspec.Struct, frozen=True, gc=False):
    """A line that is another than the last one of its listing."""

    id: int
    line: ReportedListing
    fingerprint: int
    was_absent: bool


class PageOfRows(msgspec.Struct, frozen=True, kw_only=True):
    """What of a page is news, and how far the report is read with it."""

    new: Sequence[NewRow] = ()
    others: Sequence[OtherRow] = ()
    back: Sequence[tuple[int, int]] = ()
    """Ids and fingerprints of listings that were absent and are there as they were."""
    rows_done: int = 0
    bad_rows: int = 0

    @property
    def size(self) -> int:
        """How many rows are news."""
        return len(self.new) + len(self.others) + len(self.back)

    def and_then(self, following: "PageOfRows") -> "PageOfRows":
        """Both as one."""
        return PageOfRows(
            new=[*self.new, *following.new],
            others=[*self.others, *following.others],
            back=[*self.back, *following.back],
            rows_done=following.rows_done,
            bad_rows=following.bad_rows,
        )
