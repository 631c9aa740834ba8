"""When one request is sent again (design, section 5)."""

from datetime import datetime
from random import Random

from tenacity import RetryCallState

from channeld.amazon.errors import AccessDenied, AmazonError, AmazonUnavailable, UnreadableAnswer
from channeld.amazon.refusals import TOKEN
from channeld.runtime.clock import Clock

__all__ = ["Effort"]

_ATTEMPTS = 3
_FIRST_PAUSE = 1.0
_GROWTH = 3.0


class Effort:
    """What was tried for one request. Its methods are what tenacity asks."""

    def __init__(self, clock: Clock, rng: Random, *, repeat_safe: bool, deadline: datetime | None) -> None:
        self.attempts = 0
        """How often it was sent."""
        self.refreshed = False
        """Whether it has had its second token."""
        self._clock = clock
        self._rng = rng
        self._repeat_safe = repeat_safe
        self._deadline = deadline
        self._broken = 0
        self._pause = 0.0

    def wants_another(self, state: RetryCallState) -> bool:
        """Whether what happened is one of the things that are repeated in place."""
        failure = state.outcome.exception() if state.outcome else None
        self._pause = 0.0
        if not isinstance(failure, AmazonError) or failure.operation == TOKEN:
            return False
        if failure.status == 429:
            return True
        if isinstance(failure, AccessDenied):
            self.refreshed, again = True, not self.refreshed
            return again
        return self._repeat_safe and _is_passing(failure) and self._has_another()

    def pause(self, state: RetryCallState) -> float:
        """Seconds to wait before it; after a 429 the bucket knows."""
        return self._pause

    def _has_another(self) -> bool:
        self._broken += 1
        self._pause = _FIRST_PAUSE * _GROWTH ** (self._broken - 1) * self._rng.uniform(0.5, 1.5)
        left = None if self._deadline is None else (self._deadline - self._clock.now()).total_seconds()
        return self._broken < _ATTEMPTS and (left is None or self._pause < left)


def _is_passing(failure: AmazonError) -> bool:
    """No answer, one that says "later", or a success whose body is damaged."""
    if isinstance(failure, UnreadableAnswer):
        return failure.status is not None and failure.status < 300
    return isinstance(failure, AmazonUnavailable)
