"""A process that is killed while it writes leaves whole units of work, and nothing else."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from channeld.store import order_queries, orders
from tests.support.store_samples import add_channel, open_store, order

WRITER = """
import sys
from pathlib import Path
import anyio
from channeld.runtime.clock import SystemClock
from channeld.store import orders
from tests.support.store_samples import add_channel, open_store, order

PAGE = 20

async def main():
    async with open_store(Path(sys.argv[1]), SystemClock()) as store:
        uk = (await store.write(add_channel)).id

        async def produce(first):
            for page in range(first, 10**6, 4):
                records = [order(uk, page * PAGE + each) for each in range(PAGE)]
                await store.write(lambda unit: orders.save_page(unit, records))
                print(page, flush=True)

        async with anyio.create_task_group() as tasks:
            for first in range(4):
                tasks.start_soon(produce, first)

anyio.run(main)
"""


@pytest.mark.parametrize("promises", [1, 13])
async def test_what_was_promised_is_there_and_only_whole_units_are(tmp_path: Path, promises: int) -> None:
    promised: set[int] = set()
    writer = subprocess.Popen(  # noqa: S603, ASYNC220 (our own program; its output is what we wait for)
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
    )
    with writer:
        assert writer.stdout is not None
        for _ in range(promises):
            promised.add(int(writer.stdout.readline()))
        writer.kill()
        promised.update(int(rest) for rest in writer.stdout.read().split(b"\n") if rest)

    async with open_store(tmp_path) as store:
        book = await store.read(lambda c: order_queries.latest(c, 100_000))
        pages: dict[int, int] = {}
        for each in book:
            page = int(each.order_id[-7:]) // 20
            pages[page] = pages.get(page, 0) + 1
            assert len(each.lines) == 2
        assert set(pages.values()) == {20}
        assert promised <= set(pages)
        uk = book[0].channel_id
        await store.write(lambda unit: orders.save_page(unit, [order(uk, 9_999_999)]))
    with closing(sqlite3.connect(tmp_path / "channeld.db")) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_a_migration_that_dies_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from sqlalchemy import create_engine\n"
        "from channeld.store import engine as engines, migrate\n"
        "import anyio\n"
        "from pathlib import Path\n"
        "migrate.command.upgrade = lambda config, to: (\n"
        "    config.attributes['connection'].exec_driver_sql('CREATE TABLE half (a)'),\n"
        "    os.kill(os.getpid(), signal.SIGKILL))\n"
        "anyio.run(migrate.bring_up_to_date, engines.writer_engine(Path(sys.argv[1])))\n"
    )
    path = tmp_path / "channeld.db"
    died = subprocess.run([sys.executable, "-c", program, str(path)], check=False)  # noqa: S603, ASYNC221 (ours)
    assert died.returncode == -9
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    path.unlink()
    async with open_store(tmp_path) as store:
        await store.write(add_channel)
