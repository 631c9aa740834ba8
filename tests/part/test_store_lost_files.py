"""Files of the database that are moved, replaced, damaged, read-only or held by somebody else."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from channeld.errors import ChanneldError
from channeld.store import orders
from channeld.store.failures import StoreFailure
from channeld.store.store import Store
from tests.support.fake_clock import FakeClock
from tests.support.full_disk import small_disk, switched
from tests.support.store_samples import KEY, add_channel, open_store, order
from tests.support.store_units import keys, putting


async def refused(path: Path) -> ChanneldError:
    """Why it cannot be opened."""
    with pytest.raises(ChanneldError) as refusal:
        async with Store.open(path, FakeClock(), KEY):
            pass
    assert str(path) in refusal.value.message
    assert refusal.value.hint
    return refusal.value


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    shutil.copy(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)


def remove_log(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


@pytest.mark.parametrize("harm", [remove, replace, remove_log, move_folder])
async def test_nothing_is_promised_that_would_go_into_a_lost_file(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    async with open_store(folder) as store:
        await store.write(putting("a"))
        harm(store.path)
        with pytest.raises(StoreFailure) as refusal:
            await store.write(putting("b"))
        assert refusal.value.code == "database_gone"
        assert str(folder) in refusal.value.message
        assert "restart channeld" in refusal.value.hint
        with pytest.raises(StoreFailure):
            await store.read(keys)
        assert store.failure is not None
        assert not folder.exists() or not (folder / "channeld.db").exists() or harm is not remove


async def test_a_file_that_is_put_back_is_used_again(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await store.write(putting("a"))
        away = store.path.rename(tmp_path / "away")
        with pytest.raises(StoreFailure):
            await store.write(putting("b"))
        away.rename(store.path)
        await store.write(putting("c"))
        assert await store.read(keys) == {"a", "c"}
    async with open_store(tmp_path) as store:
        assert await store.read(keys) == {"a", "c"}


async def test_a_removed_log_takes_nothing_with_it_once_the_daemon_stops(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await store.write(putting("a"))
        remove_log(store.path)
        with pytest.raises(StoreFailure):
            await store.write(putting("b"))
    async with open_store(tmp_path) as store:
        assert await store.read(keys) == {"a"}


async def test_a_disk_that_is_read_only_for_a_while_is_said_and_read_from(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        async with open_store(disk) as store:
            await store.write(putting("a"))
        assert switched(disk, "ro")
        assert (await refused(disk / "channeld.db")).code == "database_read_only"
        assert switched(disk, "rw")
        async with open_store(disk) as store:
            assert await store.read(keys) == {"a"}


@pytest.mark.parametrize("keep", [1, 100, 4096, 40_000])
async def test_a_truncated_database_is_refused_and_left_alone(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "channeld.db"
    async with open_store(tmp_path) as store:
        await store.write(putting("a"))
    os.truncate(path, keep)
    assert (await refused(path)).code == "database_damaged"
    assert path.stat().st_size == keep


async def test_a_damaged_page_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = (await store.write(add_channel)).id
        await store.write(lambda unit: orders.save_page(unit, [order(uk, each) for each in range(300)]))
    with sqlite3.connect(tmp_path / "channeld.db") as book:
        (page,) = book.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'orders'").fetchone()
        (size,) = book.execute("PRAGMA page_size").fetchone()
    book.close()
    with (tmp_path / "channeld.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    async with open_store(tmp_path) as store:
        with pytest.raises(StoreFailure) as refusal:
            await store.read(lambda c: c.exec_driver_sql("SELECT * FROM orders").all())
        assert refusal.value.code == "database_damaged"
        assert "backup" in refusal.value.hint
        await store.write(putting("a"))
        assert await store.read(keys) == {"a"}
        assert store.failure is not None, "another table's success does not mend it"


HOLD = (
    "import sqlite3, sys; held = sqlite3.connect(sys.argv[1], isolation_level=None); "
    "held.execute(sys.argv[2]); print('held', flush=True); sys.stdin.read()"
)


@pytest.mark.parametrize("how", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
async def test_another_process_that_holds_the_database_is_waited_for_and_named(
    tmp_path: Path, how: str
) -> None:
    async with open_store(tmp_path) as store:
        await store.write(putting("a"))
        await store.write(lambda unit: unit.connection.exec_driver_sql("PRAGMA busy_timeout = 1") and None)
        with subprocess.Popen(  # noqa: S603, ASYNC220 (our own program, and it answers at once)
            [sys.executable, "-c", HOLD, str(store.path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            with pytest.raises(StoreFailure) as refusal:
                await store.write(putting("b"))
            assert refusal.value.code == "database_locked"
            assert store.failure is not None
            assert await store.read(keys) == {"a"}
            holder.kill()
        await store.write(putting("c"))
        assert store.failure is None
