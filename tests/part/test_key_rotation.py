"""A new key: everything is sealed anew, and nothing is lost wherever the process dies."""

import os
import signal
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import anyio
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event

from channeld.admin.rotate import Rotated, rotate_key
from channeld.cli import main
from channeld.errors import ChanneldError
from channeld.store import audit, rotation
from channeld.store.cipher import KEY_ID_AT, KEY_ID_BYTES, Cipher
from channeld.store.keys import KEY_FILE, load_key, put_key_file, read_key_file
from channeld.store.lock import held_lock
from channeld.store.looking import looking
from channeld.store.store import Store
from tests.support.fake_clock import START, FakeClock
from tests.support.secrets_shop import ORDERS, fill, read_everything, sealed_values

OLD = b"o" * 32
WITH_OLD = {"CHANNELD_KEY": OLD.hex()}
VALUES = ORDERS + 3
"""Those of `fill`, without the check of the key."""


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a rotation has many commits."""
    monkeypatch.setattr(rotation, "BATCH", 3)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Its key is the file beside it."""
    path = tmp_path / "book" / "channeld.db"
    path.parent.mkdir()
    put_key_file(path.with_name(KEY_FILE), OLD)
    anyio.run(fill, path, OLD)
    return path


def rotate(database: Path, new: Path | None = None, environ: dict[str, str] | None = None) -> Rotated:
    return rotate_key(database, None, new, START, by="ann", environ=environ or {})


def opened(database: Path, key: bytes) -> list[object]:
    with looking(database) as connection:
        return read_everything(connection, Cipher(key))


def refusal(act: Callable[[], object]) -> ChanneldError:
    with pytest.raises(ChanneldError) as refused:
        act()
    assert refused.value.hint
    return refused.value


def on_disk(database: Path) -> bytes:
    """Every byte in the directory of the database, whatever file it is in."""
    return b"".join(file.read_bytes() for file in database.parent.iterdir() if file.is_file())


def test_everything_reads_as_before_with_the_new_key_and_nothing_with_the_old(database: Path) -> None:
    before = opened(database, OLD)
    done = rotate(database)
    assert done.settled is not None
    assert (done.settled.values, done.settled.unreadable) == (VALUES, 0)
    new = load_key({}, database)
    assert new != OLD
    assert opened(database, new) == before
    assert readable(database, OLD) == "wrong_key"
    assert (database.parent / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_neither_the_old_key_nor_what_it_sealed_is_left_on_disk(database: Path) -> None:
    with looking(database) as connection:
        old = sealed_values(connection)
    sealed_by = old[0][KEY_ID_AT : KEY_ID_AT + KEY_ID_BYTES]
    assert sealed_by in on_disk(database)
    rotate(database)
    left = on_disk(database)
    assert sealed_by not in left
    assert OLD not in left
    assert b64encode(OLD) not in left
    # Also no part of a long value: pages that were given up are overwritten.
    assert not [part for value in old for part in (value[30:62], value[-32:]) if part in left]


async def test_the_daemon_starts_with_the_new_key_and_the_trail_tells_of_it(database: Path) -> None:
    rotate(database)
    async with Store.open(database, FakeClock(), load_key({}, database)) as store:
        entries = await store.read(lambda c: audit.entries(c, 1))
    assert [(entry.code, entry.by) for entry in entries] == [("key.rotated", "ann")]


def test_while_a_daemon_has_the_database_nothing_is_done(database: Path) -> None:
    with held_lock(database):
        assert refusal(lambda: rotate(database)).code == "database_in_use"
    assert load_key({}, database) == OLD


def test_a_key_that_is_not_the_databases_changes_nothing(database: Path) -> None:
    before = on_disk(database)
    error = refusal(lambda: rotate(database, database.parent / "new", {"CHANNELD_KEY": "77" * 32}))
    assert error.code == "wrong_key"
    assert before == on_disk(database)
    assert not (database.parent / "new").exists()


def test_a_new_key_that_others_made_is_never_removed(database: Path, tmp_path: Path) -> None:
    put_key_file(tmp_path / "new", b"n" * 32)
    assert (
        refusal(lambda: rotate(database, tmp_path / "new", {"CHANNELD_KEY": "77" * 32})).code == "wrong_key"
    )
    assert read_key_file(tmp_path / "new") == b"n" * 32


def test_a_new_key_that_opens_something_stays_when_the_rest_fails(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise ChanneldError("disk_full", "The disk is full.", "Free some space.")

    monkeypatch.setattr(rotation, "_conclude", full)
    monkeypatch.setattr(rotation, "_reseal", full)
    assert refusal(lambda: rotate(database, tmp_path / "new", WITH_OLD)).code == "disk_full"
    monkeypatch.undo()
    assert rotate(database, tmp_path / "new", WITH_OLD).settled is not None
    new = read_key_file(tmp_path / "new")
    assert new
    assert opened(database, new)


@pytest.mark.parametrize("new", ["key", "another-name-of-it"])
def test_one_file_for_both_keys_is_refused(database: Path, tmp_path: Path, new: str) -> None:
    present = tmp_path / "key"
    put_key_file(present, OLD)
    (tmp_path / "another-name-of-it").symlink_to(present)
    refused = refusal(lambda: rotate_key(database, present, tmp_path / new, START, environ={}))
    assert refused.code == "same_key_file"
    assert read_key_file(tmp_path / "key") == OLD
    assert opened(database, OLD)


def test_a_key_from_the_environment_is_replaced_by_one_in_a_named_file(
    database: Path, tmp_path: Path
) -> None:
    (database.parent / KEY_FILE).unlink()
    assert refusal(lambda: rotate(database, environ=WITH_OLD)).code == "new_key_file_missing"
    before = opened(database, OLD)
    done = rotate(database, tmp_path / "new.key", WITH_OLD)
    assert "CHANNELD_KEY" in done.next_step
    assert (tmp_path / "new.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "new.key").rename(database.parent / KEY_FILE)
    assert opened(database, load_key({}, database)) == before


def test_asked_again_for_the_same_new_key_there_is_nothing_to_do(database: Path, tmp_path: Path) -> None:
    rotate(database, tmp_path / "new.key", WITH_OLD)
    assert rotate(database, tmp_path / "new.key", WITH_OLD).settled is None


def test_the_command_says_what_was_done_and_what_comes_next(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHANNELD_KEY", raising=False)
    (config := database.parent / "channeld.toml").touch()
    words = ["key", "rotate", "--config", str(config), "--database", str(database)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    assert f"{VALUES} values" in done.output
    assert "The service can start." in done.output
    assert "Backups made before" in done.output
    assert load_key({}, database) != OLD
    with held_lock(database):
        refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1
    assert "hint:" in refused.output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_makes_beside_the_services_files_is_the_services(database: Path) -> None:
    for file in (database.parent, *database.parent.iterdir()):
        os.chown(file, 12345, 12345)
    (database.parent / "channeld.db.lock").unlink()
    rotate(database)
    owners = {file.name: file.stat().st_uid for file in database.parent.iterdir()}
    assert set(owners.values()) == {12345}, owners
    assert KEY_FILE in owners


def test_a_damaged_value_stops_nothing(database: Path) -> None:
    with closing(sqlite3.connect(database)) as file, file:
        file.execute("UPDATE personal_data SET sealed = substr(sealed, 1, 40) WHERE order_pk = 1")
    done = rotate(database)
    assert done.settled is not None
    assert (done.settled.values, done.settled.unreadable) == (VALUES - 1, 1)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("then", ["start", "rotate"])
def test_wherever_it_dies_the_next_start_or_rotation_opens_everything(
    database: Path, tmp_path: Path, then: str
) -> None:
    before = opened(database, OLD)
    at, keys = 1, list[bytes]()
    while dies_in(tried := copied(database, tmp_path / str(at)), at):
        if then == "rotate":
            rotate(tried)
        else:
            assert outcome(tried, load_key({}, tried), before) == "opened", at
        keys.append(load_key({}, tried))
        assert opened(tried, keys[-1]) == before, at
        other = "opened" if keys[-1] == OLD else "wrong_key"
        assert readable(tried, OLD) == other, at
        assert (b64encode(OLD) in on_disk(tried)) == (keys[-1] == OLD), at
        at += 1
    assert at > 10
    assert keys[-1] != OLD


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("given", ["old", "new"])
def test_of_a_key_that_others_hand_over_either_one_opens_everything_after_a_crash(
    database: Path, tmp_path: Path, given: str
) -> None:
    """Before the first commit that is the old one alone, after the last the new one, between them both."""
    (database.parent / KEY_FILE).unlink()
    before = opened(database, OLD)
    at, outcomes = 1, list[str]()
    while dies_in(tried := copied(database, tmp_path / str(at)), at, file := tmp_path / f"new-{at}"):
        key = OLD if given == "old" else read_key_file(file)
        if key is not None:
            outcomes.append(outcome(tried, key, before))
        environ = {"CHANNELD_KEY": key.hex()} if key and outcomes[-1] == "opened" else WITH_OLD
        rotate(tried, file, environ)
        new = read_key_file(file)
        assert new is not None
        assert opened(tried, new) == before, at
        assert readable(tried, OLD) == "wrong_key", at
        at += 1
    assert at > 10
    changes = [first for first, second in pairwise([*outcomes, ""]) if first != second]
    assert changes == (["opened", "wrong_key"] if given == "old" else ["wrong_key", "opened"])


class Crash:
    """Kills the process at its n-th boundary: a commit, a rename, a link, a write to disk."""

    def __init__(self, at: int) -> None:
        self._left = at

    def boundary(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, owner: object, *names: str) -> None:
        """Before each call of these functions."""
        for name in names:
            setattr(owner, name, self._acting(getattr(owner, name)))

    def _acting(self, act: Callable[..., object]) -> Callable[..., object]:
        def acting(*args: object, **options: object) -> object:
            self.boundary()
            return act(*args, **options)

        return acting


def dies_in(database: Path, at: int, new: Path | None = None) -> bool:
    """Whether a rotation was killed at that boundary; False when there are not so many."""

    def run() -> None:
        crash = Crash(at)
        event.listen(Engine, "commit", crash.boundary)
        crash.before(os, "fsync")
        crash.before(Path, "replace", "hardlink_to", "unlink")
        crash.before(rotation, "empty_log")  # nothing else comes after the last commit
        rotate(database, new, WITH_OLD if new else {})

    process = get_context("fork").Process(target=run)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def outcome(database: Path, key: bytes, expected: list[object]) -> str:
    """Of a start with this key: what it read, or why it was refused."""

    async def start() -> list[object]:
        async with Store.open(database, FakeClock(), key) as store:
            return await store.read(lambda c: read_everything(c, store.cipher))

    try:
        return "opened" if anyio.run(start) == expected else "something else"
    except ChanneldError as error:
        return error.code


def readable(database: Path, key: bytes) -> str:
    try:
        opened(database, key)
    except ChanneldError as error:
        return error.code
    return "opened"


def copied(database: Path, folder: Path) -> Path:
    """The same files elsewhere, as the crash of another try starts from them."""
    folder.mkdir()
    for file in database.parent.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
        (folder / file.name).chmod(0o600)
    return folder / database.name
