"""`channelctl channel export` and `channel apply`."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from channel_protocol.base import Problem, Refused, Request
from channel_protocol.channel_files import (
    ApplyChannels,
    ChannelFile,
    ChannelsApplied,
    ChannelsExported,
    ExportChannels,
    FileChange,
    FileChannel,
    FileOutcome,
)
from channel_protocol.channels import Consequence
from tests.support.ctl import Ctl
from tests.support.fake_daemon import FakeDaemon, Line

FILE = ChannelFile(
    locations=("Default",),
    channels=(FileChannel(channel="uk", account="eu", marketplace="UK", settings={"tax_rate": "20"}),),
)
TEXT = '[channels.uk]\naccount = "eu"\nmarketplace = "UK"\ntax_rate = 20\n'
OUTCOME = FileOutcome(
    channel="uk",
    added=True,
    changes=(
        FileChange(key="tax_rate", old="0", new="20"),
        FileChange(key="payment.COD", old="Cash", new=None),
        FileChange(key="payment.CARD", old=None, new="Card"),
    ),
    consequences=(Consequence(key="tax_rate", text="Earlier orders stay.", warning=True),),
)


def answer(request: Request) -> list[Line]:
    """Something to change."""
    assert isinstance(request, ApplyChannels)
    return [ChannelsApplied(done=request.confirmed, mark="m1", locations=("Hall",), channels=(OUTCOME,))]


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        daemon.on(ExportChannels, ChannelsExported(file=FILE))
        daemon.script(ApplyChannels, answer)
        yield daemon


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "channels.toml"
    path.write_text(TEXT)
    return str(path)


def applied(daemon: FakeDaemon) -> list[ApplyChannels]:
    return [request for request in daemon.requests if isinstance(request, ApplyChannels)]


def test_export_prints_what_apply_reads(daemon: FakeDaemon, ctl: Ctl) -> None:
    printed = ctl("channel", "export", "uk", "de").stdout
    assert daemon.requests == [ExportChannels(id=1, channels=("uk", "de"))]
    assert ctl("channel", "apply", "-", "--yes", typed=printed).exit_code == 0
    assert applied(daemon)[-1].file == FILE
    assert ctl("channel", "export").stdout == printed
    assert ctl.json("channel", "export")["channels"][0]["settings"] == {"tax_rate": "20"}


def test_export_writes_a_whole_file_or_none(ctl: Ctl, tmp_path: Path) -> None:
    target = tmp_path / "kept.toml"
    target.write_text("before")
    assert "1 channels" in ctl("channel", "export", "--output", str(target)).stdout
    assert "tax_rate" in target.read_text()
    assert list(tmp_path.glob("*.part")) == []


def test_export_to_a_dash_prints(ctl: Ctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ctl("channel", "export", "--output", "-").stdout == ctl("channel", "export").stdout
    assert not (tmp_path / "-").exists()


def test_apply_shows_what_changes_and_does_what_was_shown(daemon: FakeDaemon, ctl: Ctl, source: str) -> None:
    result = ctl("channel", "apply", source, "--yes", "--command-id", "command-1")
    assert result.exit_code == 0
    for words in (
        "Location Hall: new",
        "Channel uk: new",
        "tax_rate: 0 → 20",
        "payment.COD: Cash, no longer mapped",
        "payment.CARD: not mapped → Card",
        "warning: Earlier orders stay.",
        "Done.",
    ):
        assert words in result.stdout
    look, do = applied(daemon)
    assert (look.confirmed, do.confirmed, do.mark, do.command_id) == (False, True, "m1", "command-1")
    assert look.file == do.file


def test_a_dry_run_only_looks(daemon: FakeDaemon, ctl: Ctl, source: str) -> None:
    result = ctl("channel", "apply", source, "--dry-run")
    assert (result.exit_code, "Nothing was changed." in result.stdout) == (0, True)
    assert [request.confirmed for request in applied(daemon)] == [False]
    assert ctl.json("channel", "apply", source, "--dry-run")["done"] is False


def test_where_nobody_can_answer_it_needs_yes(daemon: FakeDaemon, ctl: Ctl, source: str) -> None:
    result = ctl("channel", "apply", source, typed="y\n")
    assert (result.exit_code, "--yes" in result.stderr) == (2, True)
    assert not any(request.confirmed for request in applied(daemon))


def test_with_nothing_to_change_nobody_is_asked(daemon: FakeDaemon, ctl: Ctl, source: str) -> None:
    daemon.on(ApplyChannels, ChannelsApplied(done=False, mark="m1", locations=(), channels=()))
    result = ctl("channel", "apply", source)
    assert (result.exit_code, result.stdout) == (0, "Nothing to change: it is so already.\n")
    assert len(applied(daemon)) == 1


def test_what_the_file_and_the_daemon_find_wrong_is_named_together(daemon: FakeDaemon, ctl: Ctl) -> None:
    found = Problem(key="uk.fba_enable", message="is not a setting", nearest="fba_enabled")
    daemon.on(ApplyChannels, Refused(code="invalid", message="No.", problems=(found,)))
    typed = "[channels.uk]\ntax_rate = []\nfba_enable = true\n"
    result = ctl("channel", "apply", "-", "--yes", "--json", typed=typed)
    assert result.exit_code == 1
    problems = json.loads(result.stderr)["problems"]
    assert {problem["key"] for problem in problems} == {"uk.tax_rate", "uk.fba_enable"}
    assert not any(request.confirmed for request in applied(daemon))


def test_what_is_wrong_with_a_file_is_told_without_a_daemon(tmp_path: Path) -> None:
    result = Ctl(tmp_path / "absent.sock")("channel", "apply", "-", typed="[channels.uk]\ntax_rate = []\n")
    assert result.exit_code == 1
    assert "uk.tax_rate" in result.stderr


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("[channels", 1, "not TOML"),
        ("\ufeff" + TEXT.replace("\n", "\r\n"), 0, "Done."),
    ],
)
def test_a_file_as_an_editor_leaves_it(ctl: Ctl, typed: str, code: int, words: str) -> None:
    result = ctl("channel", "apply", "-", "--yes", typed=typed)
    assert (result.exit_code, words in result.output) == (code, True)


@pytest.mark.parametrize("source", ["/dev/zero", "-"])
def test_no_more_is_read_than_a_file_of_channels_may_have(daemon: FakeDaemon, ctl: Ctl, source: str) -> None:
    result = ctl("channel", "apply", source, "--yes", typed="#" * ((4 << 20) + 1))
    assert (result.exit_code, "larger than 4 MiB" in result.stderr) == (2, True)
    assert daemon.requests == []


def test_a_key_of_several_lines_stays_in_its_line(daemon: FakeDaemon, ctl: Ctl) -> None:
    typed = '[channels.uk]\n"tax\\nerror: all is well\\u001b[2J" = []\n'
    daemon.on(ApplyChannels, Refused(code="invalid", message="No."))
    result = ctl("channel", "apply", "-", "--yes", typed=typed)
    assert r"  uk.tax\nerror: all is well\x1b[2J: must be" in result.stderr


def test_a_file_that_cannot_be_read_is_wrong_usage(daemon: FakeDaemon, ctl: Ctl, tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# Größe".encode("latin-1"))
    for path in (tmp_path / "absent.toml", tmp_path, latin):
        assert ctl("channel", "apply", str(path), "--yes").exit_code == 2
    assert daemon.requests == []


def test_an_exported_file_is_nothing_secret(ctl: Ctl, tmp_path: Path) -> None:
    target = tmp_path / "kept.toml"
    ctl("channel", "export", "--output", str(target))
    assert stat.S_IMODE(target.stat().st_mode) & stat.S_IRUSR
    assert "secret" not in target.read_text()
