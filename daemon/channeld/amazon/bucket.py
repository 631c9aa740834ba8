"""A token bucket, as arithmetic (design: never over budget, hardly a token idle).

Amazon counts when a request arrives, we when it leaves. Two requests may arrive closer together than they
left, by up to `TRANSIT_JITTER` seconds, so in any span Amazon may see as many requests as left in a span
longer by that much. A bucket smaller by what flows in during that time makes up for it.
"""

from datetime import datetime

import msgspec

from channeld.amazon.assumptions import TRANSIT_JITTER

__all__ = ["SLOW_RATE", "SavedBudget", "TokenBucket"]

SLOW_RATE = 1 / 30
"""Below it a token is waited for so long that a restart neither forgets how empty the bucket is nor begins
with an empty one: whoever had asked for a report would wait a minute for nothing."""


class SavedBudget(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket as it is kept across restarts: written before a request leaves, its token gone already."""

    tokens: float
    rate: float
    burst: float
    at: datetime


class TokenBucket:
    """Tokens that flow in at `rate` a second up to what `burst` allows.

    Instants are seconds of any clock that never goes back, the same one in all calls.
    """

    def __init__(self, *, rate: float, burst: float, tokens: float, now: float) -> None:
        self.rate = rate
        self.burst = burst
        self._tokens = min(tokens, self.capacity)
        self._at = now

    @property
    def capacity(self) -> float:
        """The most that it ever grants at once."""
        return max(1.0, self._level)

    @property
    def _level(self) -> float:
        return self.burst - self.rate * TRANSIT_JITTER

    def tokens(self, now: float) -> float:
        """What is in it; below zero while a penalty lasts."""
        return min(self.capacity, self._tokens + self.rate * max(0.0, now - self._at))

    def wait(self, now: float, count: int = 1) -> float:
        """Seconds until that many tokens have come together if nobody takes any; zero when they are there.

        For counts above the capacity it tells when the last of them comes, the others being taken on the way.
        """
        return max(0.0, (count - self.tokens(now)) / self.rate)

    def take(self, now: float) -> bool:
        """Take one token if it is there."""
        held = self.tokens(now)
        if held < 1:
            return False
        self._set(min(held, self._level) - 1, now)
        return True

    def give_back(self, now: float) -> None:
        """A token that was taken was not used."""
        self._set(min(self.capacity, self.tokens(now) + 1), now)

    def drain(self, now: float, penalty: float = 0.0) -> None:
        """Amazon says that it is empty: the next token comes after 1/rate plus `penalty` seconds."""
        self._set(min(self.tokens(now), -self.rate * penalty), now)

    def reseed(self, rate: float, now: float) -> None:
        """From now on tokens flow in at another rate; those that are there stay."""
        held = self.tokens(now)
        self.rate = rate
        self._set(min(held, self.capacity), now)

    def full_in(self, now: float) -> float:
        """Seconds until no more flow in."""
        return (self.capacity - self.tokens(now)) / self.rate

    def _set(self, tokens: float, now: float) -> None:
        self._tokens, self._at = tokens, now
