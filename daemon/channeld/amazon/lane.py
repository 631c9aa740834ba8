"""The bucket of one operation of one account, with those who wait for it."""

from datetime import datetime
from random import Random

import msgspec

from channeld.amazon.bucket import SLOW_RATE, SavedBudget, TokenBucket
from channeld.amazon.waiters import Waiter, WaitQueue

__all__ = ["Grant", "Lane"]

_LONGEST_PENALTY = 30.0
_LONGEST_JITTER = 5.0


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One token, for one request."""

    account_id: int
    operation: str
    at: float
    """When it was given, by the monotonic clock."""


class Lane:
    """Arithmetic and queue together; no I/O. Instants are monotonic seconds."""

    def __init__(self, account_id: int, operation: str, published_rate: float, bucket: TokenBucket) -> None:
        self.account_id = account_id
        self.operation = operation
        self.bucket = bucket
        self.queue = WaitQueue()
        self.throttled = 0
        """429 answers so far."""
        self._published_rate = published_rate
        self._streak = 0
        self._drained_at = float("-inf")

    @property
    def is_kept(self) -> bool:
        """Whether it fills so slowly that it is kept across restarts."""
        return min(self._published_rate, self.bucket.rate) < SLOW_RATE

    def is_turn_of(self, waiter: Waiter, now: float) -> bool:
        return self.queue.first() is waiter and self.bucket.wait(now) == 0

    def take(self, waiter: Waiter, now: float) -> Grant | None:
        """A token if it is this one's turn and one is there."""
        if self.queue.first() is not waiter or not self.bucket.take(now):
            return None
        self.queue.granted()
        return Grant(account_id=self.account_id, operation=self.operation, at=now)

    def expected_wait(self, waiter: Waiter, now: float) -> float:
        """Seconds until its token, if nobody overtakes it."""
        return self.bucket.wait(now, self.queue.ahead_of(waiter) + 1)

    def give_back(self, grant: Grant, now: float) -> None:
        """The request never left. After a 429 Amazon's count holds, not ours."""
        if grant.at > self._drained_at:
            self.bucket.give_back(now)
        self.queue.wake_first()

    def answered(self, rate: float | None, now: float) -> None:
        """Amazon let a request through, and may have said at which rate tokens flow in."""
        self._streak = 0
        if rate is not None and rate != self.bucket.rate:
            self.bucket.reseed(rate, now)
            self.queue.wake_first()

    def refuse(self, grant: Grant, now: float, rng: Random) -> None:
        """A 429. Requests that were under way together count as one, several in a row wait longer each time.

        A long rate needs no more than itself, so the addition is bounded.
        """
        self.throttled += 1
        if grant.at > self._drained_at:
            self._streak += 1
            self._drained_at = now
        beat = 1 / self.bucket.rate
        added = min(_LONGEST_PENALTY, (2 ** min(self._streak - 1, 16) - 1) * beat)
        self.bucket.drain(now, added + rng.uniform(0, min(_LONGEST_JITTER, beat / 4)))
        self.queue.wake_first()

    def saved(self, now: float, at: datetime, taken: int) -> SavedBudget:
        """As it is kept across restarts, with that many tokens gone already."""
        bucket = self.bucket
        return SavedBudget(tokens=bucket.tokens(now) - taken, rate=bucket.rate, burst=bucket.burst, at=at)
