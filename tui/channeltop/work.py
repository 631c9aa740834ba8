"""Outbound work as people look at it: what needs them first, and how much there is of what. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from channel_protocol.feeds import FeedRow
from channel_protocol.work import WorkRow
from channeltop.tone import Tone

__all__ = ["ENDED", "KINDS", "STATES", "Counts", "counted", "feeds_in_order", "in_order", "needs_person"]

STATES: Mapping[str, tuple[str, Tone]] = {
    "needs_attention": ("■", "bad"),
    "unknown": ("?", "warn"),
    "queued": ("○", ""),
    "sending": ("◌", "accent"),
    "submitted": ("◌", "accent"),
    "confirmed": ("✓", "good"),
    "rejected": ("×", "muted"),
    "dismissed": ("–", "muted"),
}
"""Each state's sign and tone."""
KINDS: Mapping[str, str] = {"despatch": "despatch note", "cancellation": "cancellation", "refund": "refund"}
"""Each kind's name in a sentence."""
ENDED = frozenset(("confirmed", "rejected", "dismissed"))
FINISHED_FEEDS = frozenset(("done", "cancelled", "fatal", "not created", "lost", "abandoned"))
NEVER = datetime.max.replace(tzinfo=UTC)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much work there is."""

    attention: int
    open: int
    held: int
    """Of what is open."""
    ended: int


def needs_person(rows: Iterable[WorkRow]) -> int:
    """How many pieces of work wait for a person's decision."""
    return sum(row.state == "needs_attention" for row in rows)


def counted(rows: Iterable[WorkRow]) -> Counts:
    """How many of the rows need a person, are open, and have ended."""
    attention = opened = held = ended = 0
    for row in rows:
        if row.state == "needs_attention":
            attention += 1
        elif row.state in ENDED:
            ended += 1
        else:
            opened += 1
            held += bool(row.held)
    return Counts(attention=attention, open=opened, held=held, ended=ended)


def in_order(rows: Iterable[WorkRow]) -> list[WorkRow]:
    """What needs a person, then what is open by its deadline, then what ended, the last of it first."""
    return sorted(rows, key=_place)


def _place(row: WorkRow) -> tuple[int, float, int]:
    if row.state in ENDED:
        return 2, -(row.ended_at or row.created_at).timestamp(), -row.work_id
    return row.state != "needs_attention", (row.deadline or NEVER).timestamp(), row.work_id


def feeds_in_order(rows: Iterable[FeedRow]) -> list[FeedRow]:
    """Those that are stuck, then the unfinished ones, then the others; the newest first in each."""
    return sorted(rows, key=lambda row: (row.stuck_since is None, row.state in FINISHED_FEEDS, -row.number))
