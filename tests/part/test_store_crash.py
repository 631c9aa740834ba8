"""A process that is killed while it writes leaves whole units of work, and nothing else."""

import os
import signal
import sqlite3
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import anyio
import pytest

from channeld.runtime.clock import SystemClock
from channeld.store import migrate, order_queries, orders
from channeld.store.engine import writer_engine
from tests.support.store_samples import add_channel, open_store, order

PAGE = 20


async def write_for_ever(folder: Path, promises: Connection) -> None:
    """Four producers; each number sent is a page that its producer was told is stored."""
    async with open_store(folder, SystemClock()) as store:
        uk = (await store.write(add_channel)).id

        async def produce(first: int) -> None:
            for page in range(first, 10**6, 4):
                records = [order(uk, page * PAGE + each) for each in range(PAGE)]
                await store.write(lambda unit, records=records: orders.save_page(unit, records))
                promises.send(page)

        async with anyio.create_task_group() as tasks:
            for first in range(4):
                tasks.start_soon(produce, first)


def writer(folder: Path, promises: Connection) -> None:
    anyio.run(write_for_ever, folder, promises)


def killed_after(folder: Path, count: int) -> set[int]:
    """Run a writer until it has made so many promises, kill it, and return all that it made."""
    promised: set[int] = set()
    processes = get_context("fork")
    here, there = processes.Pipe(duplex=False)
    process = processes.Process(target=writer, args=(folder, there))
    process.start()
    there.close()
    while len(promised) < count:
        promised.add(here.recv())
    process.kill()
    process.join()
    while True:
        try:
            promised.add(here.recv())
        except EOFError:
            break
    here.close()
    process.close()
    return promised


@pytest.mark.parametrize("promises", [1, 13])
def test_what_was_promised_is_there_and_only_whole_units_are(tmp_path: Path, promises: int) -> None:
    promised = killed_after(tmp_path, promises)

    async def look() -> None:
        async with open_store(tmp_path) as store:
            book = await store.read(lambda c: order_queries.latest(c, 100_000))
            pages: dict[int, int] = {}
            for each in book:
                page = int(each.order_id[-7:]) // PAGE
                pages[page] = pages.get(page, 0) + 1
                assert len(each.lines) == 2
            assert set(pages.values()) == {PAGE}
            assert promised <= set(pages)
            uk = book[0].channel_id
            await store.write(lambda unit: orders.save_page(unit, [order(uk, 9_999_999)]))

    anyio.run(look)
    with closing(sqlite3.connect(tmp_path / "channeld.db")) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_migration_that_dies_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "channeld.db"

    def die_in_the_middle(config: migrate.Config, _to: str) -> None:
        config.attributes["connection"].exec_driver_sql("CREATE TABLE half (a)")
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(migrate.command, "upgrade", die_in_the_middle)
    process = get_context("fork").Process(target=lambda: migrate.bring_up_to_date(writer_engine(path)))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    path.unlink()

    async def begin_again() -> None:
        async with open_store(tmp_path) as store:
            await store.write(add_channel)

    anyio.run(begin_again)
