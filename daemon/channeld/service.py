"""`channeld run`: the daemon with the machine's clock, key and signals, and systemd if that started it."""

import gc
import os
import sys

from channeld.app import Setup, running
from channeld.config import Config
from channeld.control.access import SocketRules
from channeld.heartbeat import heartbeat, patience
from channeld.runtime.core_dumps import no_core_dumps
from channeld.runtime.notify import Notifier, watchdog_seconds
from channeld.runtime.signals import stop_signals
from channeld.store.files import prepare_directory
from channeld.store.instance import load_instance
from channeld.store.keys import load_key

__all__ = ["serve"]

STOP_DEADLINE = 20.0
"""Seconds after a signal until the process is ended the hard way."""
SWITCH_INTERVAL = 0.0005
"""Seconds for which a worker thread may keep the interpreter while others wait: a request at the socket goes
from thread to thread a dozen times, and a report that is read beside it must not hold it up each time."""


async def serve(settings: Config) -> int:
    """Run until a signal asks to stop. Returns the exit code. Raises `ChanneldError` if it cannot start."""
    no_core_dumps()
    sys.setswitchinterval(SWITCH_INTERVAL)
    notifier = Notifier(os.environ)
    with stop_signals(STOP_DEADLINE) as asked:
        setup = _set_up(settings)
        async with patience(notifier, setup.clock) as started, running(setup) as parts:
            started()
            async with heartbeat(notifier, parts, watchdog_seconds(os.environ)):
                await asked.wait()
    return 0


def _set_up(settings: Config) -> Setup:
    gc.freeze()  # what was imported stays for ever: no collection need hold us up to look at it again
    database = settings.database_path()
    prepare_directory(database, parents=not settings.store.database)
    return Setup(
        database=database,
        socket=settings.socket_path(),
        key=load_key(os.environ, database),
        instance=load_instance(settings.instance_id, database),
        rules=SocketRules(group=settings.socket.group, group_may_write=settings.socket.group_may_write),
        feed_messages=settings.amazon.listings_feed_messages,
    )
