"""Where the secrets of an account are read from."""

import io

import click
import pytest

from channelctl.credentials import Credentials, changed_credentials, read_credentials

BOTH = Credentials("s3cret", "Atzr|token=")


@pytest.mark.parametrize(
    "text",
    [
        "CLIENT_SECRET=s3cret\nREFRESH_TOKEN=Atzr|token=\n",
        "# from the vault\n\nclient_secret = 's3cret'\nrefresh_token=\"Atzr|token=\"",
        '{"client_secret": "s3cret", "REFRESH_TOKEN": "Atzr|token="}',
    ],
)
def test_lines_and_json_are_read_from_standard_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert read_credentials("-", {}) == BOTH


def test_the_environment_is_used_when_no_source_is_named() -> None:
    environ = {"CHANNELD_CLIENT_SECRET": "s3cret", "CHANNELD_REFRESH_TOKEN": "Atzr|token="}
    assert read_credentials(None, environ) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "client_secret=s3cret",
        "s3cret",
        "client_secret=s3cret\nrefresh_token=s3cret\ns3cret=s3cret",
        '{"client_secret": {"s3cret": "s3cret"}}',
        '{"client_secret": "s3cret"',
        "",
    ],
)
def test_what_is_missing_or_wrong_is_said_without_repeating_a_secret(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(click.UsageError) as error:
        read_credentials("-", {})
    assert "s3cret" not in error.value.format_message()


def test_one_secret_is_enough_for_a_change_but_none_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("client_secret=new"))
    assert changed_credentials("-", {}) == Credentials("new", None)
    monkeypatch.setattr("sys.stdin", io.StringIO("# nothing"))
    with pytest.raises(click.UsageError):
        changed_credentials("-", {})


def test_a_representation_shows_no_secret() -> None:
    assert "s3cret" not in repr(BOTH) + str(BOTH)
