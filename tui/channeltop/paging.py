"""What one query has brought, a page at a time, however much there is. No I/O."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from channel_protocol.base import Reply
from channel_protocol.listings import ListListings
from channel_protocol.offers import ListOffers
from channel_protocol.prices import ListPrices

__all__ = ["Batch", "Loading"]

R = TypeVar("R")
Q = TypeVar("Q", ListListings, ListOffers, ListPrices)


class Batch(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """Rows that came together."""

    rows: Sequence[R]
    after: str
    """Where the next ones begin."""
    more: bool


class Loading(Generic[Q, R]):
    """What has come of one query. One request is under way at a time."""

    def __init__(self, read: Callable[[Reply], Batch[R] | None], *, largest: int, most: int) -> None:
        """`read` gives the rows of a reply, or None if it has none; `largest`: rows that the daemon gives at
        once; `most`: rows that are kept.
        """
        self.rows: Sequence[R] = ()
        self.more = False
        self.is_here = False
        """Whether the rows are those of the query."""
        self._read = read
        self._largest = largest
        self._most = most
        self._after = ""
        self._query: Q | None = None
        self._asked: Q | None = None
        """What is under way."""
        self._stale = False
        self._refused = False

    def renew(self) -> None:
        """What is shown may be old: it is asked for again, and shown until then."""
        self._stale, self._refused = True, False

    def next(self, wanted: Q, *, at_end: bool) -> Q | None:
        """What to ask now, if anything. `at_end`: the last rows that are here are looked at."""
        if wanted != self._query:
            self.rows, self.more, self.is_here = (), False, False
            self._query, self._stale, self._refused = wanted, True, False
        if self._asked is not None or self._refused:
            return None
        if self._stale:
            self._stale = False
            count = min(self._largest, max(wanted.limit, len(self.rows)))
            self._asked = msgspec.structs.replace(wanted, limit=count)
        elif at_end and self.more and 0 < len(self.rows) < self._most:
            self._asked = msgspec.structs.replace(wanted, after=self._after)
        return self._asked

    def came(self, reply: Reply | None) -> None:
        """The answer to what was asked; None if there is none, and then it is asked no more."""
        asked, self._asked = self._asked, None
        if asked is None or self._query is None or not _is_of(asked, self._query):
            return
        batch = self._read(reply) if reply is not None else None
        if batch is None:
            self._refused = True
            return
        self.rows = (*self.rows, *batch.rows) if asked.after else batch.rows
        self._after, self.more, self.is_here = batch.after, batch.more, True


def _is_of(asked: Q, wanted: Q) -> bool:
    return msgspec.structs.replace(asked, after="", limit=wanted.limit) == wanted
