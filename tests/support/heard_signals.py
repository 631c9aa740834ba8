"""Signals that are heard whoever starts the tests: what runs in the background of a shell ignores some."""

import signal
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["signals_heard"]

IGNORED_BEHIND_A_SHELL = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}


@contextmanager
def signals_heard() -> Generator[None]:
    """Processes started meanwhile hear Ctrl-C and the end of their terminal. In the main thread only."""
    ignored = {
        number: handler
        for number, handler in IGNORED_BEHIND_A_SHELL.items()
        if signal.getsignal(number) is signal.SIG_IGN
    }
    for number, handler in ignored.items():
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
