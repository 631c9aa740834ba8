"""Keeps one actor running: starts it, starts it again when it crashes, ends it when told to.

What comes after the present run is decided before the run is told to end. So it happens also when the
actor takes long to end, or when whoever asked has gone away meanwhile, and an actor never runs twice.
"""

import math
from datetime import timedelta
from typing import Literal

import anyio
import structlog

from channeld.runtime.actor import ActorContext, Halt
from channeld.runtime.child import ChildSpec, Halted
from channeld.runtime.clock import Clock
from channeld.runtime.mailbox import Mailbox
from channeld.runtime.reason import ENDED, Reason, frames_of, reason_of, unwrap
from channeld.runtime.record import Record

__all__ = ["Keeper"]

Next = Literal["run", "halt", "stop", "remove"]

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Keeper:
    """One actor and what becomes of it. `live` is its task; the other methods may be called at any time."""

    def __init__(self, spec: ChildSpec, clock: Clock, record: Record) -> None:
        self.spec = spec
        self.record = record
        self.mailbox = Mailbox(spec.id, on_change=lambda: record.mail(self.mailbox.depth))
        self.alive = False
        """Whether its task is under way, be it running, in back-off or ending."""
        self.next: Next = "run"
        """What it does when the present run is over."""
        self.halted: Halted | None = None
        """Why it is halted, or will be when the present run is over."""
        self._clock = clock
        self._crashes = 0
        self._pause = anyio.CancelScope()
        self._begin()

    def starting(self) -> None:
        """Its task is about to begin."""
        self.alive, self.next, self.halted = True, "run", None
        self._crashes = 0
        self._begin()
        self.record.starting()

    async def live(self) -> None:
        """Run the actor until no other run is next. Raises nothing that the actor raises."""
        try:
            while self.next == "run":
                with self._scope:
                    await self._attempt()
                self._ended.set()
                self._begin()
                if self.next == "run":
                    self.record.restarted()
        finally:
            self.alive = False
            self._ended.set()

    def settle(self) -> None:
        """Show what it has come to after its task has ended."""
        if self.halted is not None:
            self.record.halted(self.halted)
        else:
            self.record.stopped()

    def then(self, next_: Next, halted: Halted | None = None) -> None:
        """End the present run, if there is one; this comes after it."""
        self.next, self.halted = next_, halted
        self._crashes = 0
        self._scope.cancel()

    def hurry(self) -> None:
        """Make the next attempt now, if it waits for one after a crash. Ends no run."""
        self._pause.cancel()

    async def ended(self, seconds: float) -> bool:
        """Wait for the end of the present run, at most that long. Returns whether it has ended."""
        ended = self._ended
        if self.alive:
            with self._clock.deadline(seconds):
                await ended.wait()
        return not self.alive or ended.is_set()

    def _begin(self) -> None:
        self._scope = anyio.CancelScope()
        self._ended = anyio.Event()

    async def _attempt(self) -> None:
        self.record.running()
        error = await self._run()
        if self._scope.cancel_called:
            return
        if isinstance(error, Halt):
            self._halt(error)
        elif error is None and self.spec.restart == "transient":
            self.next = "stop"
        else:
            await self._back_off(error)

    async def _run(self) -> BaseException | None:
        """Run the actor once. Returns what it raised, if anything."""
        context = ActorContext(
            self.spec.id, self._clock, self.mailbox, on_wait=self.record.waiting, on_done=self._turn_done
        )
        try:
            await self.spec.run(context)
        except (Exception, BaseExceptionGroup) as error:
            return unwrap(error)
        except anyio.get_cancelled_exc_class() as error:
            # Nobody here cancelled: the actor awaited something that was. It has crashed like any other.
            if anyio.current_effective_deadline() == -math.inf:
                raise
            return error
        return None

    async def _back_off(self, error: BaseException | None) -> None:
        seconds = self.spec.backoff[min(self._crashes, len(self.spec.backoff) - 1)]
        self._crashes += 1
        reason: Reason = reason_of(error) if error else ENDED
        retry_at = self._clock.now() + timedelta(seconds=seconds)
        if self.record.failing(reason, retry_at) and error:
            log.debug("actor traceback", actor=self.spec.id, frames=frames_of(error))
        with anyio.CancelScope() as self._pause:
            await self._clock.sleep(seconds)

    def _halt(self, halt: Halt) -> None:
        group = self.spec.group if halt.whole_group else ""
        self.next = "halt"
        self.halted = Halted(reason=halt.reason, hint=halt.hint, since=self._clock.now(), group=group)

    def _turn_done(self) -> None:
        self._crashes = 0
        self.record.recovered()
