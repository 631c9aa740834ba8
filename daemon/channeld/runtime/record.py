"""The record of one actor: its state, published at every change and logged when it matters.

Logged are the first crash, a crash for another reason, the recovery, and a halt; not every attempt.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec
import structlog

from channeld.runtime.child import ChildSpec, Halted
from channeld.runtime.clock import Clock
from channeld.runtime.reason import Reason
from channeld.runtime.status import ActorStatus, State

__all__ = ["OnChange", "Record"]

OnChange = Callable[[ActorStatus, bool], None]
"""Hears of every change; the flag says whether it is notable. It must neither wait nor raise."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Record:
    """Turns what happens to an actor into its status."""

    def __init__(
        self, spec: ChildSpec, clock: Clock, on_change: OnChange, version: Callable[[], int]
    ) -> None:
        self._clock = clock
        self._on_change = on_change
        self._version = version
        self.status = ActorStatus(
            id=spec.id,
            group=spec.group,
            account=spec.account,
            channel=spec.channel,
            concern=spec.concern,
            state="starting",
            since=clock.now(),
        )

    def describe(self, spec: ChildSpec) -> None:
        """The spec was replaced."""
        self._change(group=spec.group, account=spec.account, channel=spec.channel, concern=spec.concern)

    def starting(self) -> None:
        """It is about to run, perhaps again after it was halted or had stopped."""
        self._turn("starting")

    def running(self) -> None:
        """It runs. One that is failing goes on failing until a turn is done."""
        self.waiting("", None)

    def restarted(self) -> None:
        self._change(restarts=self.status.restarts + 1)

    def waiting(self, what: str, until: datetime | None) -> None:
        """It waits for something; an empty text stands for nothing."""
        if self.status.state == "failing":
            self._change(waits_for=what, until=until)
        else:
            self._turn("waiting" if what else "running", waits_for=what, until=until)

    def failing(self, reason: Reason, retry_at: datetime) -> bool:
        """It crashed. Returns whether that is news."""
        status = self.status
        is_news = status.state != "failing" or status.reason != reason.text
        if is_news:
            log.error("actor failing", actor=status.id, reason=reason.text, hint=reason.hint)
        self._turn(
            "failing",
            is_news,
            waits_for="the next attempt",
            until=retry_at,
            reason=reason.text,
            hint=reason.hint,
        )
        return is_news

    def recovered(self) -> None:
        """A turn is done."""
        if self.status.state == "failing":
            seconds = (self._clock.now() - self.status.since).total_seconds()
            log.info("actor recovered", actor=self.status.id, after_seconds=round(seconds))
            self._turn("running", True)

    def halted(self, halted: Halted) -> None:
        """It waits for a person."""
        if halted.by:  # what a person wrote may be about anybody
            log.warning("actor halted", actor=self.status.id, by=halted.by)
        elif halted.reason:
            log.warning("actor halted", actor=self.status.id, reason=halted.reason, hint=halted.hint)
        self._turn(
            "halted",
            True,
            since=halted.since or self._clock.now(),
            waits_for="" if halted.reason else halted.group,
            reason=halted.reason,
            hint=halted.hint,
            by=halted.by,
            halted_group=halted.group,
        )

    def stopped(self) -> None:
        self._turn("stopped", True)

    def mail(self, depth: int) -> None:
        self._change(mailbox=depth)

    def _turn(self, state: State, notable: bool = False, **details: object) -> None:
        """Come into a state. What belongs to the former one and is not given again is cleared."""
        since = self.status.since if state == self.status.state else self._clock.now()
        cleared = {
            "since": since,
            "waits_for": "",
            "until": None,
            "reason": "",
            "hint": "",
            "by": "",
            "halted_group": "",
        }
        self._change(notable, state=state, **{**cleared, **details})

    def _change(self, notable: bool = False, **changes: object) -> None:
        changed = msgspec.structs.replace(self.status, **changes)
        if changed != self.status:
            self.status = msgspec.structs.replace(changed, version=self._version())
            self._on_change(self.status, notable)
