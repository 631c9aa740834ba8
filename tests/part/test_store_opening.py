"""Opening a database: one daemon, the right key, the right version, private files."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from channeld.errors import ChanneldError
from channeld.store import meta
from channeld.store.files import prepare_directory
from channeld.store.lock import held_lock, holder
from channeld.store.store import Store
from tests.support.fake_clock import FakeClock
from tests.support.store_samples import KEY, open_store


async def refusal(path: Path, key: bytes = KEY) -> ChanneldError:
    with pytest.raises(ChanneldError) as refused:
        async with Store.open(path, FakeClock(), key):
            pass
    assert refused.value.hint
    return refused.value


async def test_files_belong_to_the_daemons_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with Store.open(folder / "channeld.db", FakeClock(), KEY) as store:
        await store.write(lambda unit: meta.put(unit, "place", b"here"))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
        assert set(modes.values()) == {0o600}
        assert {"channeld.db", "channeld.db-wal", "channeld.db.lock"} <= set(modes)


async def test_what_was_stored_is_there_after_the_next_start(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        assert await store.read(lambda c: meta.get(c, "place")) is None
        await store.write(lambda unit: meta.put(unit, "place", b"here"))
    async with open_store(tmp_path) as store:
        assert await store.read(lambda c: meta.get(c, "place")) == b"here"


async def test_a_second_daemon_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        error = await refusal(tmp_path / "channeld.db")
    assert error.code == "database_in_use"
    assert str(tmp_path / "channeld.db") in error.message
    assert str(os.getpid()) in error.message
    async with open_store(tmp_path):
        pass


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="needs Linux")
def test_who_holds_the_lock_is_told_without_taking_it(tmp_path: Path) -> None:
    database = tmp_path / "channeld.db"
    assert holder(database) == ""
    with held_lock(database):
        assert holder(database) == str(os.getpid())
    assert holder(database) == ""


def contents_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_log_that_a_killed_daemon_left_is_emptied_by_the_next_start(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        await store.write(lambda unit: meta.put(unit, "place", b"here"))
        left = contents_of(tmp_path)
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    assert len(left["channeld.db-wal"]) > 0
    async with open_store(tmp_path) as store:
        assert await store.read(lambda c: meta.get(c, "place")) == b"here"
        # What is in it now came with this start, not from before.
        assert b"here" not in (tmp_path / "channeld.db-wal").read_bytes()


async def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from channeld.store.lock import held_lock\n"
        "with held_lock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    database = tmp_path / "channeld.db"
    holder = subprocess.Popen(  # noqa: S603, ASYNC220 (our own program, and it answers at once)
        [sys.executable, "-c", program, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert str(holder.pid) in (await refusal(database)).message
        holder.kill()
    async with open_store(tmp_path):
        pass


async def test_a_wrong_key_is_found_at_the_start(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        pass
    assert (await refusal(tmp_path / "channeld.db", b"x" * 32)).code == "wrong_key"


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    async with open_store(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "channeld.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    error = await refusal(tmp_path / "channeld.db")
    assert error.code == "database_newer"
    assert "9999" in error.message
    assert newer.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    newer.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "channeld.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    assert (await refusal(path)).code == "database_damaged"
    assert path.read_bytes().startswith(b"this is a letter")


async def test_a_missing_directory_is_not_made_up(tmp_path: Path) -> None:
    error = await refusal(tmp_path / "mistyped" / "state" / "channeld.db")
    assert error.code == "database_directory_missing"
    assert not (tmp_path / "mistyped").exists()


async def test_a_directory_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "channeld.db").mkdir()
    assert (await refusal(tmp_path / "channeld.db")).code == "database_damaged"


async def test_a_lock_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "channeld.db.lock").mkdir()
    error = await refusal(tmp_path / "channeld.db")
    assert error.code == "database_read_only"
    assert "channeld.db.lock" in error.message


async def test_only_the_default_directory_is_made_with_its_parents(tmp_path: Path) -> None:
    database = tmp_path / "home" / "state" / "channeld.db"
    prepare_directory(database, parents=True)
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
async def test_a_database_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "channeld.db").touch(mode=0o400)
    os.chmod(tmp_path, 0o500)  # noqa: PTH101 (blocks for no time at all)
    assert (await refusal(tmp_path / "channeld.db")).code == "database_read_only"


async def test_what_the_caller_raises_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        async with open_store(tmp_path):
            raise LookupError("the caller's own")
