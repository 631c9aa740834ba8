"""How `channelctl` fails: codes, words, and JSON on standard error."""

import json
import socket
from pathlib import Path

import pytest

from channel_protocol.base import Problem, Refused
from channel_protocol.channels import ListChannels, SetChannel
from channel_protocol.session import Greeted
from tests.support.ctl import Ctl
from tests.support.fake_daemon import HANG_UP, FakeDaemon

BAD_SETTINGS = Refused(
    code="invalid_settings",
    message="2 settings are wrong; nothing was changed.",
    hint="See `channelctl channel show uk`.",
    problems=(
        Problem(key="tax_rte", message="no such setting", nearest="tax_rate"),
        Problem(key="max_listed", message="must be 1 or more"),
    ),
)


def test_a_refusal_is_1_with_hint_and_every_problem_on_its_line(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(SetChannel, BAD_SETTINGS)
    result = ctl("channel", "set", "uk", "tax_rte=20", "max_listed=0")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "error: 2 settings are wrong; nothing was changed.",
        "  tax_rte: no such setting (did you mean tax_rate?)",
        "  max_listed: must be 1 or more",
        "hint: See `channelctl channel show uk`.",
    ]


def test_a_refusal_as_json_is_one_object_on_standard_error(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(SetChannel, BAD_SETTINGS)
    result = ctl("--json", "channel", "set", "uk", "tax_rte=20")
    assert result.exit_code == 1
    assert result.stdout == ""
    error = json.loads(result.stderr)
    assert error["code"] == "invalid_settings"
    assert error["problems"][0] == {"key": "tax_rte", "message": "no such setting", "nearest": "tax_rate"}


def test_without_a_daemon_it_is_3_and_says_what_to_do(tmp_path: Path) -> None:
    result = Ctl(tmp_path / "absent.sock")("channel", "list")
    assert result.exit_code == 3
    assert "absent.sock" in result.stderr
    assert "hint: Start it with `channeld run`" in result.stderr
    assert "`systemctl start channeld`" in result.stderr


def test_an_import_without_a_daemon_says_nothing_of_the_file(tmp_path: Path) -> None:
    result = Ctl(tmp_path / "absent.sock")("stock", "import", "-", typed="sku,location,units\nMUG,Leeds,3\n")
    assert result.exit_code == 3
    assert "absent.sock" in result.stderr
    assert "row" not in result.stdout + result.stderr


def test_a_daemon_that_goes_before_it_answers_is_3(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListChannels, HANG_UP)
    result = ctl("channel", "list", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stderr)["code"] == "daemon_lost"


def test_something_else_at_the_socket_is_3(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.hello = b"220 mail.example ESMTP\r\n"
    result = ctl("channel", "list")
    assert result.exit_code == 3
    assert "channeld's" in result.stderr


def test_somebody_who_never_says_hello_is_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channelctl.link.HELLO_WITHIN", 0.02)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "mute.sock"))
        listener.listen()
        result = Ctl(tmp_path / "mute.sock")("status")
    assert result.exit_code == 3
    assert "says nothing" in result.stderr


def test_an_answer_of_a_newer_daemon_is_an_error_in_words(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListChannels, Greeted())
    result = ctl("channel", "list")
    assert result.exit_code == 1
    assert "does not know" in result.stderr


def test_a_noun_alone_shows_its_verbs(ctl: Ctl) -> None:
    people, program = ctl("order"), ctl("order", "--json")
    assert people.exit_code == program.exit_code == 2
    assert people.stderr.startswith("Usage: ")
    assert "recover" in people.stderr
    assert json.loads(program.stderr)["code"] == "usage"


def test_a_refusal_instead_of_a_hello_is_3_in_the_daemons_words(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.hello = Refused(code="not_permitted", message="You may not read.", hint="Join the group sellers.")
    result = ctl("channel", "list")
    assert result.exit_code == 3
    assert result.stderr == "error: You may not read.\nhint: Join the group sellers.\n"


@pytest.mark.parametrize(
    "words",
    [
        "chanel list",
        "channel lst",
        "channel list --limit 0",
        "channel list --limit many",
        "channel add uk",
        "channel set uk",
        "channel set uk enabled",
        "channel set uk a=1 a=2",
        "account set eu",
        "order list --state lost",
        "order list --state open --quarantined",
        "order sync --from 2026-01-01",
        "order sync uk --from yesterday --yes",
        "order sync uk --from 0001-01-01 --yes",
        "order sync uk --from 0001-01-01T00:00:00+01:00 --yes",
        "order sync uk --from 9999-12-31T23:59:59-01:00 --yes",
        "order sync uk --wait nan",
        "order sync uk --wait inf",
        "order sync uk --wait -1",
        "order sync uk --wait 3601",
        "channel list --limit 10001",
        "order sync uk --command-id short",
        f"order sync uk --command-id {'x' * 65}",
        "location add here --command-id not/allowed",
        f"order sync uk --from 2026-01-01 --yes --command-id {'x' * 58}",
        "order show \udcff\udcfe",
        "location add \udcff",
        "watch everything",
    ],
)
def test_wrong_usage_is_2_and_never_reaches_the_daemon(daemon: FakeDaemon, ctl: Ctl, words: str) -> None:
    result = ctl(*words.split())
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert daemon.requests == []


def test_wrong_usage_as_json_is_one_object(ctl: Ctl) -> None:
    result = ctl("channel", "list", "--limt", "3", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stderr)["code"] == "usage"


def test_bytes_that_are_no_text_are_refused_with_the_argument_s_number(ctl: Ctl) -> None:
    result = ctl("location", "add", "\udcff", "--json")
    assert result.exit_code == 2
    assert "number 3" in json.loads(result.stderr)["message"]


def test_a_secret_that_is_no_text_is_refused_without_being_repeated(daemon: FakeDaemon, ctl: Ctl) -> None:
    secrets = {"CHANNELD_CLIENT_SECRET": "s3cret\udcff", "CHANNELD_REFRESH_TOKEN": "t0ken"}
    result = ctl("account", "set", "eu", "--secrets", env=secrets)
    assert result.exit_code == 1
    assert "UTF-8" in result.stderr
    assert "s3cret" not in result.stderr
    assert daemon.requests == []


def test_the_help_tells_the_ranges(ctl: Ctl) -> None:
    assert "1<=x<=10000" in ctl("channel", "list", "--help").stdout
    assert "0<=x<=3600" in " ".join(ctl("order", "sync", "--help").stdout.split()).replace("<= ", "<=")


@pytest.mark.parametrize("words", ["channel remove uk", "account remove eu"])
def test_removing_asks_and_where_nobody_can_answer_it_needs_yes(
    daemon: FakeDaemon, ctl: Ctl, words: str
) -> None:
    result = ctl(*words.split(), typed="y\n")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert daemon.requests == []


def test_a_socket_whose_name_is_no_text_is_still_told_as_json(tmp_path: Path) -> None:
    result = Ctl(tmp_path / "\udcff.sock")("status", "--json")
    assert result.exit_code == 3
    assert "\\udcff.sock" in json.loads(result.stderr)["message"]
