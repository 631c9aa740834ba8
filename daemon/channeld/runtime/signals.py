"""SIGTERM, SIGINT and SIGHUP ask the daemon to stop, and end it if it does not.

A terminal that goes away (SIGHUP) takes a daemon that was started by hand with it, unless `nohup` says no.

Handlers of `signal.signal` run between two bytecodes, so they are heard even while an actor never yields
to the loop (which an event loop's own handlers are not). The last resort is a thread's, for the same reason.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import anyio

__all__ = ["stop_signals"]

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def stop_signals(deadline: float, leave: Callable[[int], object] = os._exit) -> Generator[anyio.Event]:
    """Yield the event that the first signal sets. Must be entered in the event loop.

    The second signal, or `deadline` seconds after the first, ends the process by `leave` with 128 plus the
    signal's number; what was left undone is found in the store at the next start. Outside the main thread
    no signal can be heard, and the event is never set.
    """
    asked = anyio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    handler = _Handler(asyncio.get_running_loop(), asked, deadline, leave)
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    former = {number: signal.signal(number, handler) for number in heard}
    try:
        yield asked
    finally:
        handler.forget()
        for number, old in former.items():
            signal.signal(number, old)


class _Handler:
    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        asked: anyio.Event,
        deadline: float,
        leave: Callable[[int], object],
    ) -> None:
        self._loop = loop
        self._asked = asked
        self._deadline = deadline
        self._leave = leave
        self._last_resort: threading.Timer | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._last_resort is not None:
            self._end(number, "second signal")
            return
        self._last_resort = threading.Timer(
            self._deadline, self._end, (number, f"not stopped within {self._deadline:g} s")
        )
        self._last_resort.daemon = True
        self._last_resort.start()
        self._loop.call_soon_threadsafe(self._asked.set)

    def forget(self) -> None:
        """The daemon has stopped by itself."""
        if self._last_resort is not None:
            self._last_resort.cancel()

    def _end(self, number: int, why: str) -> None:
        # Not print: a signal may have interrupted one, and its lock is not reentrant.
        os.write(2, f"channeld: {why}, leaving at once\n".encode())
        self._leave(128 + number)
