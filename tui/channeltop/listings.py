"""A channel's listings as a page asks for them: some at a time, however many there are. No I/O."""

from collections.abc import Sequence

import msgspec

from channel_protocol.base import Reply
from channel_protocol.listings import ListingList, ListingRow, ListListings
from channeltop.filter import Filter

__all__ = ["MOST", "PAGE", "VIEWS", "Loading", "View", "query"]

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


class Loading:
    """What has come of one query. One request is under way at a time."""

    def __init__(self) -> None:
        self.rows: Sequence[ListingRow] = ()
        self.more = False
        self.is_here = False
        """Whether the rows are those of the query."""
        self._query: ListListings | None = None
        self._asked: ListListings | None = None
        """What is under way."""
        self._stale = False
        self._refused = False

    def renew(self) -> None:
        """What is shown may be old: it is asked for again, and shown until then."""
        self._stale, self._refused = True, False

    def next(self, wanted: ListListings, *, at_end: bool) -> ListListings | None:
        """What to ask now, if anything. `at_end`: the last rows that are here are looked at."""
        if wanted != self._query:
            self.rows, self.more, self.is_here = (), False, False
            self._query, self._stale, self._refused = wanted, True, False
        if self._asked is not None or self._refused:
            return None
        if self._stale:
            self._stale = False
            count = min(LARGEST, max(PAGE, len(self.rows)))
            self._asked = msgspec.structs.replace(wanted, limit=count)
        elif at_end and self.more and 0 < len(self.rows) < MOST:
            self._asked = msgspec.structs.replace(wanted, after=self.rows[len(self.rows) - 1].key)
        return self._asked

    def came(self, reply: Reply | None) -> None:
        """The answer to what was asked; None if there is none, and then it is asked no more."""
        asked, self._asked = self._asked, None
        if asked is None or self._query is None or not _is_of(asked, self._query):
            return
        if not isinstance(reply, ListingList):
            self._refused = True
            return
        self.rows = (*self.rows, *reply.rows) if asked.after else reply.rows
        self.more, self.is_here = reply.more, True


def _is_of(asked: ListListings, wanted: ListListings) -> bool:
    return msgspec.structs.replace(asked, after="", limit=wanted.limit) == wanted
