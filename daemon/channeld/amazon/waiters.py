"""Who gets the next token."""

from datetime import UTC, datetime
from enum import IntEnum
from itertools import count

import anyio

__all__ = ["Priority", "WaitQueue", "Waiter"]

_NO_DEADLINE = datetime.max.replace(tzinfo=UTC)
_OLDEST_EVERY = 8


class Priority(IntEnum):
    """Why a request is made; the lower one goes first."""

    CONTINUATION = 0
    """The next page of a chain whose page token expires."""
    PERSON = 1
    """Somebody waits for the answer."""
    MONEY = 2
    """Money or a deadline hangs on it."""
    FRESHNESS = 3
    BULK = 4


class Waiter:
    """One request that wants a token; `wake` is set when it should look again."""

    def __init__(self, rank: tuple[Priority, datetime, int]) -> None:
        self.rank = rank
        self.wake = anyio.Event()

    @property
    def arrival(self) -> int:
        return self.rank[2]


class WaitQueue:
    """Waiters by (class, deadline, arrival); every eighth token goes to the oldest, so that none starves."""

    def __init__(self) -> None:
        self._waiters: list[Waiter] = []
        self._arrivals = count()
        self._granted = 0

    def __len__(self) -> int:
        return len(self._waiters)

    def join(self, priority: Priority, deadline: datetime | None) -> Waiter:
        waiter = Waiter((priority, deadline or _NO_DEADLINE, next(self._arrivals)))
        self._waiters.append(waiter)
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """Before its turn came, or with its token."""
        self._waiters.remove(waiter)
        self.wake_first()

    def granted(self) -> None:
        """A token went to the first."""
        self._granted += 1

    def first(self) -> Waiter | None:
        """Whose turn it is."""
        if self._granted % _OLDEST_EVERY == _OLDEST_EVERY - 1:
            return min(self._waiters, key=lambda w: w.arrival, default=None)
        return min(self._waiters, key=lambda w: w.rank, default=None)

    def ahead_of(self, waiter: Waiter) -> int:
        """How many stand before it, not counting the eighths."""
        return sum(other.rank < waiter.rank for other in self._waiters)

    def wake_first(self) -> None:
        if first := self.first():
            first.wake.set()
