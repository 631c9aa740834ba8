"""`channelctl account`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from channel_protocol import accounts
from channel_protocol.base import WriteRequest
from tests.support.ctl import Ctl
from tests.support.fake_daemon import FakeDaemon

EU = accounts.AccountRow(
    account="eu",
    region="eu",
    seller_id="A1SELLER",
    client_id="amzn1.client",
    endpoint="https://sellingpartnerapi-eu.amazon.com",
    auth_endpoint="https://api.amazon.com/auth/o2/token",
    order_poll_seconds=180,
    channels=2,
    state="ok",
)
ADD = ["account", "add", "eu", "--region", "eu", "--seller-id", "A1SELLER", "--client-id", "amzn1.client"]
SECRETS = "CLIENT_SECRET=s3cret\nREFRESH_TOKEN=t0ken\n"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        daemon.on(accounts.AddAccount, accounts.AccountAdded(row=EU))
        daemon.on(accounts.SetAccount, accounts.AccountChanged(row=EU))
        daemon.on(accounts.ListAccounts, accounts.AccountList(rows=(EU,)))
        daemon.on(accounts.ShowAccount, accounts.AccountShown(row=EU))
        daemon.on(accounts.RemoveAccount, accounts.AccountRemoved(account="eu"))
        yield daemon


def sent(daemon: FakeDaemon) -> accounts.AddAccount | accounts.SetAccount:
    (request,) = daemon.requests
    assert isinstance(request, (accounts.AddAccount, accounts.SetAccount))
    return request


def test_add_sends_the_secrets_from_a_file_and_prints_none(
    daemon: FakeDaemon, ctl: Ctl, tmp_path: Path
) -> None:
    (tmp_path / "secrets").write_text(SECRETS)
    result = ctl(*ADD, "--secrets-from", str(tmp_path / "secrets"))
    assert result.exit_code == 0, result.stderr
    request = sent(daemon)
    assert (request.client_secret, request.refresh_token) == ("s3cret", "t0ken")
    assert "s3cret" not in result.output
    assert "t0ken" not in result.output
    assert "channelctl account test eu" in result.stdout


def test_add_reads_standard_input_and_the_environment(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert ctl(*ADD, "--secrets-from", "-", typed=SECRETS).exit_code == 0
    given = {"CHANNELD_CLIENT_SECRET": "s3cret", "CHANNELD_REFRESH_TOKEN": "t0ken"}
    assert ctl(*ADD, env=given).exit_code == 0
    first, second = daemon.requests
    assert isinstance(first, accounts.AddAccount)
    assert isinstance(second, accounts.AddAccount)
    assert [first.client_secret, second.client_secret] == ["s3cret", "s3cret"]
    assert first.command_id != second.command_id


def test_add_passes_endpoints_on(daemon: FakeDaemon, ctl: Ctl) -> None:
    more = ("--endpoint", "http://127.0.0.1:8080", "--auth-endpoint", "http://127.0.0.1:8080/auth/o2/token")
    ctl(*ADD, *more, "--secrets-from", "-", typed=SECRETS)
    request = sent(daemon)
    assert isinstance(request, accounts.AddAccount)
    assert (request.endpoint, request.auth_endpoint) == (more[1], more[3])


def test_add_without_secrets_and_without_a_person_is_wrong_usage(daemon: FakeDaemon, ctl: Ctl) -> None:
    result = ctl(*ADD)
    assert result.exit_code == 2
    assert "client_secret and refresh_token" in result.stderr
    assert daemon.requests == []


@pytest.mark.parametrize("missing", ["--region", "--seller-id", "--client-id"])
def test_add_names_the_option_that_is_missing(daemon: FakeDaemon, ctl: Ctl, missing: str) -> None:
    at = ADD.index(missing)
    result = ctl(*ADD[:at], *ADD[at + 2 :], "--secrets-from", "-", typed=SECRETS)
    assert result.exit_code == 2
    assert missing in result.stderr
    assert daemon.requests == []


@pytest.mark.parametrize(
    "words",
    [
        "account add eu --client-secret hunter2",
        "account add eu --refresh-token=hunter2",
        "account set eu --client-secret hunter2",
        "account set eu client_secret=hunter2",
        "account set eu REFRESH_TOKEN=hunter2",
    ],
)
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(
    daemon: FakeDaemon, ctl: Ctl, words: str
) -> None:
    result = ctl(*words.split())
    assert result.exit_code == 2
    assert "--secrets-from" in result.stderr
    assert "hunter2" not in result.output
    assert daemon.requests == []


def test_set_changes_and_clears(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert ctl("account", "set", "eu", "order_poll_seconds=240", "endpoint=").exit_code == 0
    request = sent(daemon)
    assert isinstance(request, accounts.SetAccount)
    assert request.values == {"order_poll_seconds": "240", "endpoint": ""}
    assert request.client_secret is None


def test_set_replaces_one_secret_and_leaves_the_other(daemon: FakeDaemon, ctl: Ctl) -> None:
    assert ctl("account", "set", "eu", "--secrets-from", "-", typed="client_secret=new").exit_code == 0
    request = sent(daemon)
    assert (request.client_secret, request.refresh_token) == ("new", None)


def test_list_and_show_are_flat_for_programs(ctl: Ctl) -> None:
    listed, shown = ctl.json("account", "list"), ctl.json("account", "show", "eu")
    assert listed == [shown]
    assert shown["seller_id"] == "A1SELLER"
    assert "type" not in shown


def test_list_and_show_are_readable(ctl: Ctl) -> None:
    assert "A1SELLER" in ctl("account", "list").stdout
    assert "180 s" in ctl("account", "show", "eu").stdout


def test_remove_with_yes(ctl: Ctl) -> None:
    assert "is removed" in ctl("account", "remove", "eu", "--yes").stdout
    assert ctl.json("account", "remove", "eu", "--yes") == {"account": "eu"}


@pytest.mark.parametrize(("verdict", "code"), [("ok", 0), ("failed", 1)])
def test_test_prints_each_step_and_fails_with_one(
    daemon: FakeDaemon, ctl: Ctl, verdict: str, code: int
) -> None:
    lines = (
        accounts.CheckLine(step=1, name="token", verdict=verdict, message="as it is", hint="Look there."),
        accounts.CheckLine(step=6, name="clock", verdict="warning", message="58 s off"),
    )
    daemon.on(accounts.TestAccount, accounts.Tested(ok=not code, lines=lines))
    people, program = ctl("account", "test", "eu"), ctl("account", "test", "eu", "--json")
    assert people.exit_code == program.exit_code == code
    assert all(words in people.stdout for words in ("token", verdict, "58 s off", "Look there."))
    assert '"verdict": "warning"' in program.stdout


def test_a_command_id_of_ones_own_makes_a_repeat_safe(daemon: FakeDaemon, ctl: Ctl) -> None:
    ctl("account", "remove", "eu", "--yes", "--command-id", "nightly-7")
    (request,) = daemon.requests
    assert isinstance(request, WriteRequest)
    assert request.command_id == "nightly-7"
