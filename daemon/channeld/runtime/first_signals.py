"""Signals while the program is loading, which takes a second: whoever is asked to stop just leaves.

Nothing is open yet. `runtime.signals` takes over as soon as there is a loop. This imports nothing large.
"""

import os
import signal
from types import FrameType

__all__ = ["as_usual", "leave_when_asked"]

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def leave_when_asked() -> None:
    """From here on a signal ends the program with 0."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` leaves SIGHUP
            signal.signal(number, _leave)


def as_usual() -> None:
    """Let signals do again what they do to any program."""
    for number in SIGNALS:
        if signal.getsignal(number) is _leave:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Not sys.exit: what is raised in the middle of an import may be swallowed.
    os._exit(0)
