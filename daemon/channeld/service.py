"""`channeld run`: the daemon with the machine's clock, key and signals."""

import os

from channeld.app import Setup, running
from channeld.config import Config
from channeld.control.access import SocketRules
from channeld.runtime.signals import stop_signals
from channeld.store.files import prepare_directory
from channeld.store.keys import load_key

__all__ = ["serve"]

STOP_DEADLINE = 20.0
"""Seconds after a signal until the process is ended the hard way."""


async def serve(settings: Config) -> int:
    """Run until a signal asks to stop. Returns the exit code. Raises `ChanneldError` if it cannot start."""
    database = settings.database_path()
    prepare_directory(database, parents=not settings.store.database)
    setup = Setup(
        database=database,
        socket=settings.socket_path(),
        key=load_key(os.environ, database),
        rules=SocketRules(group=settings.socket.group, group_may_write=settings.socket.group_may_write),
    )
    with stop_signals(STOP_DEADLINE) as asked:
        async with running(setup):
            await asked.wait()
    return 0
