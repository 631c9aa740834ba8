"""`channeld check`: every fault is named with what to do, and nothing is ever changed."""

import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import anyio
import pytest
from click.testing import CliRunner

from channeld.admin.check_result import CheckResult
from channeld.admin.checks import check_all
from channeld.cli import main
from channeld.store import rotation
from channeld.store.engine import writer_engine
from channeld.store.keys import KEY_FILE, put_key_file
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached
from tests.support.secrets_shop import fill

KEY = b"k" * 32
NAMES = ["settings", "database", "disk", "key", "schema", "instance", "contents", "socket", "daemon"]


class Place(NamedTuple):
    """An installation in a folder of its own."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "channeld.db"

    def settings(self, text: str = "") -> str:
        path = self.folder / "channeld.toml"
        path.write_text(text)
        return str(path)

    def check(self, text: str = "", *, key_file: Path | None = None) -> dict[str, CheckResult]:
        found = check_all(
            self.settings(text),
            database=str(self.database),
            socket=str(self.folder / "s"),
            key_file=key_file,
            environ={},
        )
        assert [each.check for each in found] == NAMES
        assert not [each for each in found if each.verdict in ("warning", "failed") and not each.hint]
        return {each.check: each for each in found}

    def state(self) -> dict[str, tuple[int, bytes]]:
        """Every file with its mode and content."""
        files = [path for path in self.folder.iterdir() if path.is_file() and path.suffix != ".toml"]
        return {path.name: (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) for path in files}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """With a database and its key; no daemon runs."""
    place = Place(tmp_path / "place")
    place.folder.mkdir()
    put_key_file(place.folder / KEY_FILE, KEY)
    anyio.run(fill, place.database, KEY)
    return place


def bad(found: dict[str, CheckResult]) -> dict[str, str]:
    return {each.check: each.verdict for each in found.values() if each.verdict in ("warning", "failed")}


def test_a_sound_installation_is_sound_and_stays_as_it_is(place: Place) -> None:
    before = place.state()
    assert bad(place.check()) == {}
    assert place.state() == before


def test_before_the_first_start_nothing_is_missing_and_nothing_is_made(tmp_path: Path) -> None:
    place = Place(tmp_path)
    found = place.check()
    assert bad(found) == {}
    assert {found["schema"].verdict, found["contents"].verdict} == {"skipped"}
    assert place.state() == {}


async def test_it_works_beside_a_running_daemon_and_disturbs_nothing(place: Place) -> None:
    daemon = DaemonProcess(place.folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon):
            found = await anyio.to_thread.run_sync(place.check)
            assert bad(found) == {}
            assert f"is running (process {daemon.process.pid})" in found["daemon"].message
        assert await daemon.end() == 0


async def test_after_a_daemon_was_killed_its_log_is_read_and_left(place: Place) -> None:
    daemon = DaemonProcess(place.folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon):
            daemon.process.kill()
            await daemon.wait()
    logs = {name: content for name, content in place.state().items() if name.endswith(("-wal", ".db"))}
    assert len(logs) == 2
    found = await anyio.to_thread.run_sync(place.check)
    assert bad(found) == {}
    assert found["daemon"].message == "None is running."
    assert {name: place.state()[name] for name in logs} == logs


def test_broken_settings_name_every_problem_and_the_rest_is_skipped(place: Place) -> None:
    found = place.check("[log]\nlevel = 'loud'\n[sock]\n")
    assert found["settings"].verdict == "failed"
    assert "log.level" in found["settings"].message
    assert "sock" in found["settings"].message
    assert {each.verdict for name, each in found.items() if name != "settings"} == {"skipped"}


def lose_key(place: Place) -> None:
    (place.folder / KEY_FILE).unlink()


def change_key(place: Place) -> None:
    put_key_file(place.folder / KEY_FILE, b"x" * 32, replace=True)


def show_key(place: Place) -> None:
    (place.folder / KEY_FILE).chmod(0o644)


def newer_schema(place: Place) -> None:
    with closing(sqlite3.connect(place.database)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")


def dangling_row(place: Place) -> None:
    with closing(sqlite3.connect(place.database)) as file, file:
        file.execute("UPDATE orders SET channel_id = 77 WHERE id = 1")


def torn_page(place: Place) -> None:
    content = bytearray(place.database.read_bytes())
    content[3 * 4096 : 4 * 4096] = b"\xff" * 4096
    place.database.write_bytes(content)


def other_file(place: Place) -> None:
    place.database.write_bytes(b"this is a letter, not a database" * 100)


def copied_from_another(place: Place) -> None:
    with closing(sqlite3.connect(place.database)) as file, file:
        file.execute("INSERT INTO meta (key, value) VALUES ('instance', x'00')")


def file_for_socket(place: Place) -> None:
    (place.folder / "s").touch()


def open_to_all(place: Place) -> None:
    place.database.chmod(0o644)


@pytest.mark.parametrize(
    ("harm", "check", "verdict", "says"),
    [
        (lose_key, "key", "failed", "no key for it"),
        (change_key, "key", "failed", "another key"),
        (show_key, "key", "failed", "can be read by others"),
        (newer_schema, "schema", "failed", "newer version"),
        (dangling_row, "contents", "failed", "row 1 of orders"),
        (torn_page, "contents", "failed", "damaged"),
        (other_file, "contents", "failed", "no database"),
        (file_for_socket, "socket", "failed", "not a socket"),
        (copied_from_another, "instance", "warning", "another installation's"),
        (open_to_all, "database", "warning", "can be read by others"),
    ],
)
def test_each_harm_is_found(
    place: Place, harm: Callable[[Place], None], check: str, verdict: str, says: str
) -> None:
    harm(place)
    found = place.check()[check]
    assert found.verdict == verdict
    assert says in found.message


def test_a_group_that_does_not_exist_is_found(place: Place) -> None:
    assert bad(place.check("[socket]\ngroup = 'no-such-group'\n")) == {"socket": "failed"}


def test_an_older_schema_will_be_migrated(place: Place) -> None:
    with closing(sqlite3.connect(place.database)) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '0001'")
    found = place.check()["schema"]
    assert found.verdict == "ok"
    assert "the next start" in found.message


def test_an_interrupted_rotation_is_told(place: Place) -> None:
    engine = writer_engine(place.database)
    rotation.begin(engine, KEY, b"n" * 32)
    engine.dispose()
    assert bad(place.check()) == {"key": "warning"}


def test_the_key_of_the_service_can_be_named(place: Place, tmp_path: Path) -> None:
    (place.folder / KEY_FILE).rename(tmp_path / "elsewhere.key")
    assert place.check(key_file=tmp_path / "elsewhere.key")["key"].verdict == "ok"


@pytest.mark.parametrize(("harm", "code"), [(None, 0), (lose_key, 1), (open_to_all, 0)])
def test_the_exit_code_and_the_json_say_whether_something_failed(
    place: Place, harm: Callable[[Place], None] | None, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHANNELD_KEY", raising=False)
    if harm:
        harm(place)
    words = ["check", "--config", place.settings(), "--database", str(place.database)]
    words += ["--socket", str(place.folder / "s")]
    told = CliRunner().invoke(main, words)
    as_json = CliRunner().invoke(main, [*words, "--json"])
    assert (told.exit_code, as_json.exit_code) == (code, code)
    rows = json.loads(as_json.output)
    assert [row["check"] for row in rows] == NAMES
    assert set(rows[0]) == {"check", "verdict", "message", "hint"}
    for row in rows:
        if row["check"] != "disk":  # what is free may change in between
            assert row["message"] in told.output
