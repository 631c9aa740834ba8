"""What people can set, ask for or name in the environment is documented where they look for it."""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import cast, get_args

import click
import pytest

from channel_protocol.codec import requests, tag_of
from channel_protocol.reference import markdown
from channelctl.root import root
from channeld.cli import main as channeld
from channeld.concerns.kit import Kit
from channeld.domain.ledger.kinds import KINDS
from channeld.domain.ledger.states import State as WorkState
from channeld.domain.settings import ACCOUNT_SETTINGS, CHANNEL_SETTINGS, Setting
from channeld.runtime.status import State
from channeld.store.accounts import Account
from channeld.store.channels import Channel
from channeld.tree import plan
from channeld.tree_branches import Branch
from tests.support.fake_clock import START
from tests.support.said import audit_codes, error_codes, log_lines, waits

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
TROUBLESHOOTING = (ROOT / "TROUBLESHOOTING.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
ENVIRONMENT = (
    "CHANNELD_SOCKET",
    "CHANNELD_DATABASE",
    "CHANNELD_CONFIG",
    "CHANNELD_KEY",
    "CHANNELD_CLIENT_SECRET",
    "CHANNELD_REFRESH_TOKEN",
)
STATES = (*get_args(State), "disabled", *WorkState)


def concerns() -> set[str]:
    """The concerns of a daemon that does everything it can."""
    account = Account(name="eu", region="eu", seller_id="A1", client_id="c", created_at=START)
    channel = Channel(
        account_id=0,
        name="uk",
        marketplace_id="A1F83G8C2ARO7P",
        created_at=START,
        settings={kind.setting: "on" for kind in KINDS.values()} | {"price_change": "on"},
    )
    branch = Branch(account=account, channels=(channel,), downloading=frozenset([channel.id]), stocking=True)
    planned = plan([branch], cast("Kit", None))
    return {each.spec.concern for each in planned}


def shown(setting: Setting) -> tuple[str, str, str]:
    """Range, default and meaning as the README has them."""
    return setting.allowed, setting.default or "empty", setting.meaning


@pytest.mark.parametrize("setting", [*CHANNEL_SETTINGS, *ACCOUNT_SETTINGS], ids=lambda each: each.key)
def test_every_setting_is_in_the_readme_as_the_registry_has_it(setting: Setting) -> None:
    rows = {key: (allowed, default, meaning) for key, allowed, default, meaning in ROW.findall(README)}
    assert rows[setting.key] == shown(setting)


def test_the_readme_has_no_setting_that_does_not_exist() -> None:
    known = {setting.key for setting in (*CHANNEL_SETTINGS, *ACCOUNT_SETTINGS)}
    assert {key for key, *_ in ROW.findall(README)} <= known


@pytest.mark.parametrize("name", ENVIRONMENT)
def test_every_variable_of_the_environment_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_every_request_is_in_the_reference_that_is_printed() -> None:
    text = markdown()
    assert not [tag_of(kind) for kind in requests() if f"### `{tag_of(kind)}`" not in text]


def commands(program: click.Command, *words: str) -> Iterator[tuple[str, str]]:
    """What can be typed, and the first sentence of its help."""
    if isinstance(program, click.Group):
        for name in program.list_commands(click.Context(program)):
            below = program.get_command(click.Context(program), name)
            assert below is not None
            yield from commands(below, *words, name)
    else:
        yield (
            " ".join(words),
            (program.help or "").split("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip("."),
        )


@pytest.mark.parametrize(
    ("command", "does"), [*commands(root, "channelctl"), *commands(channeld, "channeld")], ids=str
)
def test_every_command_is_in_the_readme_with_what_it_does(command: str, does: str) -> None:
    assert does
    assert f"| `{command}` | {does} |" in README


@pytest.mark.parametrize("said", [error_codes, waits, log_lines, audit_codes], ids=lambda read: read.__name__)
def test_whatever_is_said_is_explained(said: Callable[[], Collection[str]]) -> None:
    assert len(said()) >= 5, "they are found"
    assert [text for text in sorted(said()) if f"`{text}`" not in TROUBLESHOOTING] == []


def test_nothing_is_explained_that_is_not_said() -> None:
    explained = re.findall(r"^\| (`.*?`) \|", TROUBLESHOOTING, re.MULTILINE)
    words = {word for cell in explained for word in re.findall(r"`([^`]+)`", cell)}
    known = {*error_codes(), *waits(), *log_lines(), *audit_codes(), *STATES, *concerns()}
    assert words - known == set()


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_an_actor_is_explained(state: str) -> None:
    assert f"| `{state}` |" in TROUBLESHOOTING


def test_every_actor_is_explained() -> None:
    assert [name for name in concerns() if f"| `{name}` |" not in TROUBLESHOOTING] == []
