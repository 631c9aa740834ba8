"""The program `channeld` on a clock that goes faster than ours: refunds and feeds take hours.

Daemon and Amazon are hurried alike, from the same instant on, so that they agree on what time it is.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

import anyio

from channeld.amazon import assumptions
from channeld.runtime.clock import SystemClock
from tests.support.daemon_process import PROGRAM

__all__ = ["main", "program_of"]

STUCK_AFTER = timedelta(minutes=20)
"""So long a feed stands before it is stuck: in two hours of this clock ten daemons live and die."""


def program_of(hurry: float) -> str:
    """What `python -c` runs, so many times faster from now on."""
    if hurry == 1.0:
        return PROGRAM
    return f"from tests.kills.hurried import main; main({time.time()!r}, {hurry!r})"


def main(since: float, hurry: float) -> None:
    """Run what the command line asks for, on the fast clock."""
    real = SystemClock()
    monotonic = SystemClock.monotonic

    class Hurried(SystemClock):
        """The machine's clock, but faster."""

        def now(self) -> datetime:
            return datetime.fromtimestamp(since + hurry * (time.time() - since), UTC)

        def monotonic(self) -> float:
            return hurry * monotonic(real)

        async def sleep(self, seconds: float) -> None:
            await anyio.sleep(max(0.0, seconds) / hurry)

        def deadline(self, seconds: float):
            return anyio.move_on_after(seconds / hurry)

    for name in ("now", "monotonic", "sleep", "deadline"):
        setattr(SystemClock, name, getattr(Hurried, name))
    setattr(assumptions, "FEED_STUCK_AFTER", STUCK_AFTER)  # noqa: B010 (a constant, to the type checker)
    sys.argv[0] = "channeld"
    from channeld.entry import main as entry  # after the clock has been exchanged

    entry()
