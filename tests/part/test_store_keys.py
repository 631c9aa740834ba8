"""Where the key comes from, in which order, and what is refused."""

import base64
import errno
import os
from pathlib import Path

import pytest

from channeld.errors import ChanneldError
from channeld.store.keys import KEY_FILE, load_key

KEY = bytes(range(32))


def refusal(environ: dict[str, str], database: Path) -> ChanneldError:
    with pytest.raises(ChanneldError) as refused:
        load_key(environ, database)
    assert refused.value.hint
    return refused.value


def test_the_first_start_makes_a_private_key_file_and_the_next_one_finds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "state" / "channeld.db"
    key = load_key({}, database)
    file = database.with_name(KEY_FILE)
    assert file.stat().st_mode & 0o777 == 0o600
    database.write_bytes(b"a book")
    assert load_key({}, database) == key
    said = capsys.readouterr().out
    assert str(file) in said
    assert file.read_text().strip() not in said


def test_the_credential_comes_before_the_variable_and_the_variable_before_the_file(tmp_path: Path) -> None:
    database = tmp_path / "channeld.db"
    made = load_key({}, database)
    variable = {"CHANNELD_KEY": base64.b64encode(KEY).decode()}
    assert load_key(variable, database) == KEY != made
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    given = {**variable, "CREDENTIALS_DIRECTORY": str(credentials)}
    assert load_key(given, database) == KEY
    (credentials / KEY_FILE).write_bytes(b"c" * 32)
    assert load_key(given, database) == b"c" * 32


@pytest.mark.parametrize("text", [KEY.hex(), base64.b64encode(KEY).decode(), f"{KEY.hex()}\n"])
def test_hex_and_base64_are_understood(tmp_path: Path, text: str) -> None:
    assert load_key({"CHANNELD_KEY": text}, tmp_path / "channeld.db") == KEY


@pytest.mark.parametrize("text", ["short", "z" * 64, "é" * 44, base64.b64encode(KEY * 2).decode()])
def test_anything_else_is_refused_without_being_repeated(tmp_path: Path, text: str) -> None:
    error = refusal({"CHANNELD_KEY": text}, tmp_path / "channeld.db")
    assert error.code == "key_invalid"
    assert text not in error.message


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_key({}, tmp_path / "channeld.db")
    (tmp_path / KEY_FILE).chmod(0o640)
    assert refusal({}, tmp_path / "channeld.db").code == "key_exposed"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a directory in which nothing can be made")
def test_a_directory_that_takes_no_file_is_named_with_the_reason() -> None:
    error = refusal({}, Path("/proc/channeld.db"))
    assert error.code == "key_unreachable"
    assert f"/proc/{KEY_FILE}" in error.message


def test_a_key_that_cannot_be_written_leaves_no_half_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    error = refusal({}, tmp_path / "channeld.db")
    assert error.code == "key_unreachable"
    assert os.strerror(errno.ENOSPC) in error.message
    assert not (tmp_path / KEY_FILE).exists()


def test_a_missing_directory_is_not_made_up_for_a_key(tmp_path: Path) -> None:
    error = refusal({}, tmp_path / "missing" / "deep" / "channeld.db")
    assert error.code == "database_directory_missing"
    assert str(tmp_path / "missing" / "deep") in error.message
    assert not (tmp_path / "missing").exists()


def test_what_is_no_file_is_no_database_without_a_key(tmp_path: Path) -> None:
    (tmp_path / "channeld.db").mkdir()
    error = refusal({}, tmp_path / "channeld.db")
    assert error.code == "database_damaged"
    assert "is a directory" in error.message
    os.mkfifo(tmp_path / "pipe.db")
    assert refusal({}, tmp_path / "pipe.db").code == "database_damaged"
    assert not (tmp_path / KEY_FILE).exists()


def test_a_path_that_cannot_be_looked_at_is_explained(tmp_path: Path) -> None:
    error = refusal({}, tmp_path / ("x" * 300) / "channeld.db")
    assert error.code == "key_unreachable"
    assert os.strerror(errno.ENAMETOOLONG) in error.message


def test_a_credential_that_cannot_be_read_is_no_reason_to_make_a_new_key(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).mkdir()
    error = refusal({"CREDENTIALS_DIRECTORY": str(tmp_path)}, tmp_path / "channeld.db")
    assert error.code == "key_unreachable"
    assert os.strerror(errno.EISDIR) in error.message
    assert "LoadCredential" in error.hint


def test_a_database_whose_key_is_gone_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "channeld.db").write_bytes(b"a book")
    assert refusal({}, tmp_path / "channeld.db").code == "key_missing"
    assert not (tmp_path / KEY_FILE).exists()
