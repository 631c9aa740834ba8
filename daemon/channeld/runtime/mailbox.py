"""A bounded mailbox with two rules, so that nobody ever waits to put something in.

*Merge*: a second wake-up adds nothing, as the actor looks for its work in the store anyway.
*Refuse*: an operator's verb that finds the mailbox full is refused, and the operator is told.
Work that must not be lost is in the store, not here.
"""

import math
from collections.abc import Callable
from datetime import datetime

import anyio
import anyio.lowlevel
import msgspec

from channeld.runtime.clock import Clock
from channeld.runtime.errors import MailboxFull

__all__ = ["Mail", "Mailbox"]

CAPACITY = 16
REMEASURE = 300.0
"""Seconds after which the wait for an instant is measured again: a machine that slept, or whose clock was
set, must not make an actor oversleep by more than this."""


class Mail(msgspec.Struct, frozen=True):
    """What was in the mailbox. Nothing at all means that the wait timed out."""

    woken: bool = False
    verbs: tuple[object, ...] = ()
    """In the order in which they came."""

    @property
    def timed_out(self) -> bool:
        return not self.woken and not self.verbs


def _ignore() -> None:
    pass


class Mailbox:
    """The messages of one actor; one task takes, anyone puts. `on_change` hears of every new depth."""

    def __init__(self, owner: str, capacity: int = CAPACITY, on_change: Callable[[], None] = _ignore) -> None:
        self._owner = owner
        self._capacity = capacity
        self._on_change = on_change
        self._woken = False
        self._verbs: list[object] = []
        self._arrived = anyio.Event()

    @property
    def depth(self) -> int:
        """Messages not taken yet."""
        return len(self._verbs) + self._woken

    def wake(self) -> None:
        """Say that there may be work in the store. Merges with a wake-up that is there already."""
        if not self._woken:
            self._woken = True
            self._announce()

    def put(self, verb: object) -> None:
        """Ask for something. Raises `MailboxFull`."""
        if len(self._verbs) >= self._capacity:
            raise MailboxFull(self._owner, len(self._verbs))
        self._verbs.append(verb)
        self._announce()

    def take(self) -> Mail:
        """Empty the mailbox without waiting."""
        mail = Mail(self._woken, tuple(self._verbs))
        if not mail.timed_out:
            self._woken, self._verbs = False, []
            self._arrived = anyio.Event()
            self._on_change()
        return mail

    async def wait(self, clock: Clock, until: datetime | None = None) -> Mail:
        """Wait for messages, at most until then, and take them all. Yields at least once.

        A clock that is set back meanwhile does not make the wait longer than it was going to be.
        """
        await anyio.lowlevel.checkpoint()
        end = clock.monotonic() + _seconds_left(clock, until)
        while not self.depth and (left := min(_seconds_left(clock, until), end - clock.monotonic())) > 0:
            with clock.deadline(left if until is None else min(left, REMEASURE)):
                await self._arrived.wait()
        return self.take()

    def _announce(self) -> None:
        self._arrived.set()
        self._on_change()


def _seconds_left(clock: Clock, until: datetime | None) -> float:
    if until is None:
        return math.inf
    return (until - clock.now()).total_seconds()
