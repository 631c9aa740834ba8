"""Logs: text on a terminal, fields in the journal, JSON elsewhere; never the text of an exception."""

import json
import os
import socket
import sys
from collections.abc import Generator
from io import StringIO
from pathlib import Path

import pytest
import structlog
from logging_journald import JournaldTransport  # pyright: ignore[reportMissingTypeStubs]

from channeld import logs
from channeld.config import LogConfig


@pytest.fixture(autouse=True)
def as_before() -> Generator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[socket.socket]:
    """The journal's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "journal"))
        monkeypatch.setattr(JournaldTransport, "SOCKET_PATH", tmp_path / "journal")
        yield heard


def entry(journal: socket.socket) -> dict[str, str]:
    """The fields of the next entry that are on one line."""
    lines = journal.recv(65536, socket.MSG_DONTWAIT).decode().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_an_entry_of_the_journal_has_priority_message_and_fields(journal: socket.socket) -> None:
    logs.set_up(LogConfig(format="journal"))
    structlog.get_logger().warning("an actor takes long to stop", actor="eu/order_download", restarts=3)
    fields = entry(journal)
    assert fields["PRIORITY"] == "4"
    assert fields["MESSAGE"] == "an actor takes long to stop actor=eu/order_download restarts=3"
    assert fields["CHANNELD_ACTOR"] == "eu/order_download"
    assert fields["CHANNELD_RESTARTS"] == "3"
    assert fields["SYSLOG_IDENTIFIER"] == "channeld"


def test_no_value_takes_the_place_of_a_field_that_the_journal_knows(journal: socket.socket) -> None:
    logs.set_up(LogConfig(format="journal"))
    structlog.get_logger().error("refused", priority=0, message="another")
    fields = entry(journal)
    assert (fields["PRIORITY"], fields["CHANNELD_PRIORITY"]) == ("3", "0")


def test_a_value_cannot_forge_a_field(journal: socket.socket) -> None:
    logs.set_up(LogConfig(format="journal"))
    structlog.get_logger().info("refused", reason="first\nPRIORITY=0")
    lines = journal.recv(65536, socket.MSG_DONTWAIT).split(b"\n")
    assert lines.count(b"PRIORITY=6") == 1
    # A value of several lines stands behind its length.
    at = lines.index(b"CHANNELD_REASON")
    assert lines[at + 1] == len("first\nPRIORITY=0").to_bytes(8, sys.byteorder) + b"first"


def test_without_a_journal_entries_go_to_standard_error_with_their_priority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(JournaldTransport, "SOCKET_PATH", tmp_path / "none")
    logs.set_up(LogConfig(format="journal"))
    structlog.get_logger().error("the disk is full", free=0)
    assert capsys.readouterr().err == "<3>the disk is full free=0\n"


def test_the_journal_is_recognised_by_what_standard_error_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: socket.socket
) -> None:
    with (tmp_path / "stream").open("w") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        logs.set_up(LogConfig())
        structlog.get_logger().info("ready")
        assert entry(journal)["MESSAGE"] == "ready"


@pytest.mark.parametrize("stream", ["", "1:2", "nonsense"])
def test_elsewhere_it_is_json(
    stream: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Standard error of another program of the same unit, or a variable that was inherited."""
    monkeypatch.setenv("JOURNAL_STREAM", stream)
    logs.set_up(LogConfig())
    structlog.get_logger().info("ready", version="1")
    said = json.loads(capsys.readouterr().err)
    assert (said["event"], said["level"], said["version"]) == ("ready", "info", "1")


def test_on_a_terminal_it_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    logs.set_up(LogConfig())
    structlog.get_logger().info("ready")
    assert "ready" in terminal.getvalue()
    assert "{" not in terminal.getvalue()


@pytest.mark.parametrize("format_", ["json", "text"])
def test_an_exception_is_told_by_class_and_place_alone(
    format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(LogConfig(format=format_))  # pyright: ignore[reportArgumentType]
    try:
        raise LookupError("buyer@example.org")
    except LookupError:
        structlog.get_logger().exception("telling others failed")
    said = capsys.readouterr().err
    assert "LookupError" in said
    assert "test_logs.py" in said
    assert "buyer@example.org" not in said
