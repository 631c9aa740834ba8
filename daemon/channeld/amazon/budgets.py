"""Amazon's quota, shared out: nothing leaves without a token (design, section 5).

Buckets that fill slowly are saved before each send; a process that dies then remembers one token too few,
never one too many. Those that fill fast are empty when the process starts.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

import anyio
import msgspec

from channeld.amazon.bucket import SLOW_RATE, SavedBudget, TokenBucket
from channeld.amazon.errors import Throttled
from channeld.amazon.lane import Grant, Lane
from channeld.amazon.operations import Operation
from channeld.amazon.waiters import Priority, Waiter
from channeld.runtime.clock import Clock

__all__ = ["BudgetState", "BudgetStore", "Budgets", "Grant", "Priority", "SavedBudget", "Waits", "no_waits"]

Waits = Callable[[str, datetime | None], AbstractContextManager[object]]
"""Tells whoever looks what is waited for, and until when, while the block runs."""

_MARGIN = 0.001
"""Seconds added to a wait, so that rounding cannot wake a waiter just before its token."""


def no_waits(what: str, until: datetime | None) -> AbstractContextManager[object]:
    """Nobody looks."""
    return nullcontext()


class BudgetStore(Protocol):
    """Where slow buckets are kept."""

    async def load(self, account_id: int, operation: str) -> SavedBudget | None: ...

    async def save(self, account_id: int, operation: str, budget: SavedBudget) -> None: ...


class BudgetState(msgspec.Struct, frozen=True, kw_only=True):
    """One bucket as people see it."""

    account_id: int
    operation: str
    tokens: float
    rate: float
    """Tokens a second."""
    burst: float
    waiting: int
    throttled: int
    """429 answers since the start."""
    full_at: datetime


class Budgets:
    """One bucket for each account and operation, made when it is first asked for."""

    def __init__(
        self,
        clock: Clock,
        store: BudgetStore,
        rng: Random,
        on_change: Callable[[int, str], None] = lambda account_id, operation: None,
    ) -> None:
        self._clock = clock
        self._store = store
        self._rng = rng
        self._on_change = on_change
        self._started = clock.monotonic()
        self._lanes: dict[tuple[int, str], Lane] = {}
        self._loading = anyio.Lock()
        self._saving = anyio.Lock()

    async def acquire(
        self,
        account_id: int,
        operation: Operation[Any],
        *,
        priority: Priority,
        deadline: datetime | None = None,
        due: datetime | None = None,
        waits: Waits = no_waits,
    ) -> Grant:
        """Wait for this one's turn and a token. The caller sends at once.

        `due`: when what it is for should have happened; it goes before what is due later, and is waited for
        all the same. Raises `Throttled` as soon as it is clear that no token comes before `deadline`.
        Cancelled, or when the token cannot be saved, it takes nothing.
        """
        lane = await self._lane(account_id, operation)
        waiter = lane.queue.join(priority, deadline or due)
        self._changed(lane)
        try:
            return await self._turn(lane, waiter, deadline, waits)
        finally:
            lane.queue.leave(waiter)
            self._changed(lane)

    def answered(self, grant: Grant, rate: float | None) -> None:
        """The request was let through; `rate` is what Amazon said of it in the header, if anything."""
        if lane := self._lanes.get((grant.account_id, grant.operation)):
            lane.answered(rate, self._clock.monotonic())
            self._changed(lane)

    async def throttled(self, grant: Grant) -> None:
        """The answer was 429: whatever we counted, Amazon's bucket is empty."""
        if lane := self._lanes.get((grant.account_id, grant.operation)):
            lane.refuse(grant, self._clock.monotonic(), self._rng)
            self._changed(lane)
            await self._save(lane)

    def unused(self, grant: Grant) -> None:
        """The request certainly never reached Amazon."""
        if lane := self._lanes.get((grant.account_id, grant.operation)):
            lane.give_back(grant, self._clock.monotonic())
            self._changed(lane)

    def snapshot(self) -> tuple[BudgetState, ...]:
        """All buckets, by account and operation."""
        return tuple(self._state(self._lanes[key]) for key in sorted(self._lanes))

    def wait_for(self, account_id: int, operation: Operation[Any], tokens: int) -> float:
        """Seconds until so many tokens are there if nobody takes any; of a bucket not used yet, about."""
        lane = self._lanes.get((account_id, operation.name))
        bucket = lane.bucket if lane else _opening(operation, None, self._clock, self._started)
        return bucket.wait(self._clock.monotonic(), tokens)

    def forget(self, account_id: int) -> None:
        """The account was removed."""
        for key in [key for key in self._lanes if key[0] == account_id]:
            del self._lanes[key]

    async def _turn(self, lane: Lane, waiter: Waiter, deadline: datetime | None, waits: Waits) -> Grant:
        while True:
            waiter.wake = anyio.Event()
            if lane.is_turn_of(waiter, self._clock.monotonic()):
                await self._save(lane, taken=1)
            now = self._clock.monotonic()
            if grant := lane.take(waiter, now):
                return grant
            left = _seconds_left(self._clock.now(), deadline)
            if lane.bucket.wait(now) > left or left <= 0:
                raise _too_late(lane.operation)
            until = self._clock.now() + timedelta(seconds=lane.expected_wait(waiter, now))
            is_first = lane.queue.first() is waiter
            pause = min(left, lane.bucket.wait(now) + _MARGIN if is_first else math.inf)
            with waits(f"a budget token for {lane.operation}", until), self._for(pause):
                await waiter.wake.wait()

    def _for(self, seconds: float) -> AbstractContextManager[object]:
        return nullcontext() if math.isinf(seconds) else self._clock.deadline(seconds)

    async def _lane(self, account_id: int, operation: Operation[Any]) -> Lane:
        key = account_id, operation.name
        async with self._loading:
            if key not in self._lanes:
                with self._clock.working():
                    saved = await self._store.load(account_id, operation.name)
                bucket = _opening(operation, saved, self._clock, self._started)
                self._lanes[key] = Lane(account_id, operation.name, operation.rate, bucket)
        return self._lanes[key]

    async def _save(self, lane: Lane, taken: int = 0) -> None:
        """One after the other, each as things stand then, less what is about to be taken."""
        if lane.is_kept:
            async with self._saving:
                with self._clock.working():
                    saved = lane.saved(self._clock.monotonic(), self._clock.now(), taken)
                    await self._store.save(lane.account_id, lane.operation, saved)

    def _state(self, lane: Lane) -> BudgetState:
        now, bucket = self._clock.monotonic(), lane.bucket
        return BudgetState(
            account_id=lane.account_id,
            operation=lane.operation,
            tokens=max(0.0, bucket.tokens(now)),
            rate=bucket.rate,
            burst=bucket.burst,
            waiting=len(lane.queue),
            throttled=lane.throttled,
            full_at=self._clock.now() + timedelta(seconds=bucket.full_in(now)),
        )

    def _changed(self, lane: Lane) -> None:
        self._on_change(lane.account_id, lane.operation)


def _opening(
    operation: Operation[Any], saved: SavedBudget | None, clock: Clock, started: float
) -> TokenBucket:
    """The bucket at the first use in this process.

    Saved: what was there and what flowed in since; a clock that went back gives nothing. Else a slow one
    is full, as nobody has used it yet, and a fast one has what flowed in since the process started.
    """
    rate, burst = operation.rate, float(operation.burst)
    tokens = burst if rate < SLOW_RATE else rate * max(0.0, clock.monotonic() - started)
    if saved is not None:
        rate = saved.rate if is_sane_rate(saved.rate) else rate
        passed = max(0.0, (clock.now() - saved.at).total_seconds())
        tokens = (saved.tokens if math.isfinite(saved.tokens) else 0.0) + rate * passed
    return TokenBucket(rate=rate, burst=burst, tokens=tokens, now=clock.monotonic())


def is_sane_rate(rate: float) -> bool:
    """Whether a rate can be meant: between one a day and a thousand a second."""
    return 1 / 86_400 <= rate <= 1_000


def _seconds_left(now: datetime, deadline: datetime | None) -> float:
    return math.inf if deadline is None else (deadline - now).total_seconds()


def _too_late(operation: str) -> Throttled:
    return Throttled(
        "throttled",
        "Amazon's quota leaves no request in the time that there was.",
        "Nothing is wrong; it works again when the budget has filled up.",
        operation=operation,
    )
