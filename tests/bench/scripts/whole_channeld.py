"""The daemon as `channeld run` makes it: from switching a channel on until all orders are booked.

`python -m tests.bench.scripts.whole_channeld URL FOLDER ORDERS`
"""

import os
import signal
import sqlite3
import sys
import uuid
from pathlib import Path

import anyio

from channel_protocol.accounts import AddAccount
from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channel_protocol.client import Client, connect
from channel_protocol.errors import DaemonUnreachable
from channeld import config, logs
from channeld.service import serve
from tests.bench.scripts.measured import measured

TICK = 0.02


async def add_shop(client: Client, url: str) -> None:
    """An account with a channel that is off."""
    await client.request(
        AddAccount(
            command_id=uuid.uuid4().hex,
            account="eu",
            region="eu",
            seller_id="A1SANDBOXEU",
            client_id="amzn1.application-oa2-client.bench",
            client_secret="amzn1.oa2-cs.v1.bench",  # noqa: S106 (nobody's)
            refresh_token="Atzr|bench",  # noqa: S106 (nobody's)
            endpoint=url,
            auth_endpoint=f"{url}/auth/o2/token",
        )
    )
    await client.request(
        AddChannel(command_id=uuid.uuid4().hex, channel="uk", account="eu", marketplace="GB")
    )
    values = {"order_look_back_days": "1"}
    await client.request(SetChannel(command_id=uuid.uuid4().hex, channel="uk", values=values))


async def ready(socket: Path) -> None:
    """Wait until the daemon answers."""
    while True:
        try:
            async with connect(socket):
                return
        except DaemonUnreachable:
            await anyio.sleep(TICK)


async def booked(database: Path, count: int) -> None:
    """Wait until so many orders are committed; looks into the file, as anybody may."""
    db = sqlite3.connect(database)
    while db.execute("SELECT count(*) FROM orders").fetchone()[0] < count:  # noqa: ASYNC110 (nothing tells, on purpose)
        await anyio.sleep(TICK)
    db.close()


async def main(url: str, folder: str, count: int) -> None:
    file, database, socket = (Path(folder, name) for name in ("channeld.toml", "channeld.db", "s"))
    file.touch()
    settings = config.load(str(file), database=str(database), socket=str(socket))
    logs.set_up(settings.log)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve, settings)
        await ready(socket)
        async with connect(socket) as client:
            await add_shop(client, url)
            with measured(count):
                await client.request(EnableChannel(command_id=uuid.uuid4().hex, channel="uk"))
                await booked(database, count)
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], sys.argv[2], int(sys.argv[3]))
