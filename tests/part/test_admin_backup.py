"""`channeld backup`: a whole copy, beside a running daemon, that appears only when it is done."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner, Result

from channeld.cli import main
from channeld.store import backup
from channeld.store.cipher import Cipher
from channeld.store.looking import looking
from channeld.store.store import Store
from tests.support.fake_clock import FakeClock
from tests.support.secrets_shop import ORDERS, fill, read_everything

KEY = b"k" * 32


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "book" / "channeld.db"
    path.parent.mkdir()
    anyio.run(fill, path, KEY)
    return path


def back_up(database: Path, target: Path) -> Result:
    config = database.parent / "channeld.toml"
    config.touch()
    return CliRunner().invoke(
        main, ["backup", str(target), "--config", str(config), "--database", str(database)]
    )


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.is_file()]


def orders_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return file.execute("SELECT count(*) FROM orders").fetchone()[0]


async def test_beside_an_open_store_the_copy_has_what_was_committed(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    async with Store.open(database, FakeClock(), KEY) as store:
        done = await anyio.to_thread.run_sync(back_up, database, target)
        expected = await store.read(lambda c: read_everything(c, store.cipher))
    assert done.exit_code == 0
    assert f"{ORDERS} orders" in done.output
    assert "key" in done.output
    assert target.stat().st_mode & 0o777 == 0o600
    assert orders_in(target) == ORDERS
    with looking(target) as connection:
        assert read_everything(connection, Cipher(KEY)) == expected
    assert files_in(tmp_path) == ["copy.db"]


async def test_the_copy_can_take_the_place_of_the_database(database: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored" / "channeld.db"
    restored.parent.mkdir()
    assert back_up(database, restored).exit_code == 0
    async with Store.open(restored, FakeClock(), KEY) as store:
        assert await store.read(lambda c: read_everything(c, store.cipher))


def test_what_is_there_is_never_overwritten(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("an older backup")
    done = back_up(database, target)
    assert done.exit_code == 1
    assert "hint:" in done.output
    assert target.read_text() == "an older backup"


def test_what_came_meanwhile_is_not_overwritten_either(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.db"
    sync = os.fsync

    def slow(handle: int) -> None:
        target.write_text("somebody else's")
        sync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    assert back_up(database, target).exit_code == 1
    assert target.read_text() == "somebody else's"


def test_a_full_disk_is_named_and_leaves_nothing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    target = tmp_path / "disk" / "copy.db"
    target.parent.mkdir()
    done = back_up(database, target)
    assert done.exit_code == 1
    assert os.strerror(errno.ENOSPC) in done.output
    assert files_in(target.parent) == []


def test_a_damaged_copy_is_not_called_a_backup(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damage(_connection: object) -> list[str]:
        return ["a page is torn"]

    monkeypatch.setattr(backup, "damage", damage)
    done = back_up(database, tmp_path / "copy.db")
    assert done.exit_code == 1
    assert "a page is torn" in done.output
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("missing", ["database", "directory"])
def test_a_missing_database_or_directory_is_named(database: Path, tmp_path: Path, missing: str) -> None:
    target = tmp_path / "none" / "copy.db" if missing == "directory" else tmp_path / "copy.db"
    if missing == "database":
        database.unlink()
    done = back_up(database, target)
    assert done.exit_code == 1
    assert "hint:" in done.output
    assert "Traceback" not in done.output
