"""Whether a report may say that listings are not there any more, and what that makes of them (semantics H5).

A report that was cut short, that is empty or unreadable in parts, or that is the one of before says nothing
of what it lacks. One that is over a fifth smaller than the last complete one is doubted until the next one
is as small.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

__all__ = [
    "APART",
    "GONE",
    "LISTED",
    "MISSING",
    "MOST_UNREADABLE",
    "SHRINKS",
    "Brought",
    "Doubt",
    "Judgement",
    "Past",
    "Presence",
    "judge",
    "when_absent",
]

Presence = Literal["listed", "missing", "gone"]
LISTED: Presence = "listed"
MISSING: Presence = "missing"
GONE: Presence = "gone"

Doubt = Literal["", "truncated", "unreadable", "empty", "repeated", "short"]

SHRINKS = 0.2
"""The part that may be lacking without a doubt."""
UNREADABLE = 0.01
"""The part of rows that may be unreadable; and so few of them always may."""
FEW_UNREADABLE = 10
MOST_UNREADABLE = 10_000
"""Of so many unreadable rows it is kept which listings they may be of; more are too many in any report."""
APART = timedelta(hours=6)
"""Amazon may show what it knew six hours before: reports that are closer may be of the same moment."""


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be judged: a report that was read to its end."""

    listed: int
    """Rows that are listings."""
    unreadable: int = 0
    """Rows that do not say which listing they are of, or nothing of it."""
    truncated: str = ""
    """Why it is known to have been cut short; else empty."""
    report_id: str = ""
    """Amazon's."""
    digest: str = ""
    """Of the whole document: the same document has the same."""
    asked_at: datetime
    """When Amazon was asked for it."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What earlier downloads of the channel have shown."""

    complete_rows: int | None = None
    """Listings in the last complete report; None before the first."""
    short_rows: int | None = None
    """Listings in the report before this one, if all that was wrong with it was its size."""
    report_id: str = ""
    """Amazon's id of the report that was applied last, but for repetitions of one before."""
    digest: str = ""
    """Of its document."""
    made_at: datetime | None = None
    """When Amazon had made it."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is worth."""

    doubt: Doubt = ""
    reason: str = ""
    hint: str = ""

    @property
    def is_complete(self) -> bool:
        """What it lacks counts as missing."""
        return not self.doubt


def judge(brought: Brought, past: Past) -> Judgement:
    """The first doubt that there is."""
    return next((found for doubt in _DOUBTS if (found := doubt(brought, past))), Judgement())


def when_absent(presence: str, missing_since: datetime | None, asked_at: datetime) -> Presence | None:
    """What a listing becomes that is not in a complete report; None when it stays as it is.

    `missing_since`: when the report was made that lacked it first. `asked_at`: when this one was asked for,
    which is no later than when it was made, so that one report never counts twice.
    """
    if presence == LISTED:
        return MISSING
    if presence == MISSING and missing_since is not None and asked_at - missing_since >= APART:
        return GONE
    return None


def _truncated(brought: Brought, past: Past) -> Judgement | None:
    if not brought.truncated:
        return None
    return Judgement(
        doubt="truncated",
        reason=f"Amazon's report was cut short: {brought.truncated}.",
        hint="What it has was taken in; nothing counts as missing. Download again to be sure of the rest.",
    )


def _unreadable(brought: Brought, past: Past) -> Judgement | None:
    count, rows = brought.unreadable, brought.listed + brought.unreadable
    if count <= FEW_UNREADABLE or (count <= UNREADABLE * rows and count <= MOST_UNREADABLE):
        return None
    return Judgement(
        doubt="unreadable",
        reason=f"{count:,} of the {rows:,} rows of Amazon's report cannot be read.",
        hint="The others were taken in; nothing counts as missing. `channelctl report show` says what is"
        " wrong.",
    )


def _empty(brought: Brought, past: Past) -> Judgement | None:
    if brought.listed:
        return None
    return Judgement(
        doubt="empty",
        reason="Amazon's report has no listings.",
        hint="Nothing counts as missing because of it. Compare with Seller Central.",
    )


def _repeated(brought: Brought, past: Past) -> Judgement | None:
    if brought.digest != past.digest or not _is_same_moment(brought, past):
        return None
    return Judgement(
        doubt="repeated",
        reason="Amazon's report is the one that was applied before.",
        hint="It says nothing new, so nothing counts as missing because of it. Amazon may take six hours to"
        " show what has changed.",
    )


def _short(brought: Brought, past: Past) -> Judgement | None:
    if past.complete_rows is None or not _is_shrunk(brought.listed, past.complete_rows):
        return None
    if past.short_rows is not None and not _is_shrunk(brought.listed, past.short_rows):
        return None
    return Judgement(
        doubt="short",
        reason=f"Amazon's report has {brought.listed:,} listings, over a fifth fewer than the"
        f" {past.complete_rows:,} of the last complete one.",
        hint="Nothing counts as missing until the next report is as small.",
    )


def _is_same_moment(brought: Brought, past: Past) -> bool:
    """A catalogue may well stay as it is: later on the same document says that it did."""
    is_same_report = bool(brought.report_id) and brought.report_id == past.report_id
    return is_same_report or (past.made_at is not None and brought.asked_at - past.made_at < APART)


def _is_shrunk(rows: int, before: int) -> bool:
    return rows < (1 - SHRINKS) * before


_DOUBTS: tuple[Callable[[Brought, Past], Judgement | None], ...] = (
    _truncated,
    _unreadable,
    _empty,
    _repeated,
    _short,
)
