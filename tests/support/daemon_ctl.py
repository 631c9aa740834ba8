"""The command line at the socket of a daemon that runs in the same loop."""

import anyio.to_thread
from click.testing import Result

from tests.support.ctl import Ctl
from tests.support.daemon import Daemon

__all__ = ["ctl"]


async def ctl(daemon: Daemon, *words: str, typed: str = "") -> Result:
    """In a thread of its own."""
    command = Ctl(daemon.folder / "s")
    return await anyio.to_thread.run_sync(lambda: command(*words, typed=typed))
