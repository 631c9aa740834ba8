"""A channel's listings as a page asks for them: some at a time, however many there are. No I/O."""

from collections.abc import Sequence

import msgspec

from channel_protocol.base import Reply
from channel_protocol.listings import ListingList, ListingRow, ListListings
from channeltop.filter import Filter
from channeltop.paging import Batch

__all__ = ["LARGEST", "MOST", "PAGE", "VIEWS", "View", "batch", "query"]

PAGE = 100
LARGEST = 1_000
"""Rows that the daemon gives at once."""
MOST = 2_000
"""Rows that are kept; who looks for one among more is better served by finding it."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which listings are shown."""

    name: str
    link: str | None = None
    presence: str | None = None


VIEWS: Sequence[View] = (
    View(name="all"),
    View(name="not linked", link="unlinked"),
    View(name="with a suggestion", link="suggested"),
    View(name="linked", link="linked"),
    View(name="missing", presence="missing"),
    View(name="gone", presence="gone"),
)


def query(channel: str, view: View, typed: Filter) -> ListListings:
    """The first page: words are looked for in SKU, ASIN and title; `link:` and `presence:` are fields."""
    fields = dict(typed.fields)
    return ListListings(
        channel=channel,
        link=_field(fields.get("link"), ("unlinked", "linked", "suggested")) or view.link,
        presence=_field(fields.get("presence"), ("listed", "missing", "gone")) or view.presence,
        find=" ".join(typed.words),
        limit=PAGE,
    )


def _field(typed: str | None, known: Sequence[str]) -> str | None:
    """What was begun to be typed."""
    return next((word for word in known if typed and word.startswith(typed)), None)


def batch(reply: Reply) -> Batch[ListingRow] | None:
    """The rows of a reply."""
    if not isinstance(reply, ListingList):
        return None
    after = reply.rows[-1].key if reply.rows else ""
    return Batch(rows=reply.rows, after=after, more=reply.more)
