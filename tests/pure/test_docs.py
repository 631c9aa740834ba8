"""What people can set, ask for or name in the environment is documented where they look for it."""

import re
from pathlib import Path

import pytest

from channel_protocol.codec import requests, tag_of
from channel_protocol.reference import markdown
from channeld.domain.settings import ACCOUNT_SETTINGS, CHANNEL_SETTINGS, Setting

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
ENVIRONMENT = (
    "CHANNELD_SOCKET",
    "CHANNELD_DATABASE",
    "CHANNELD_CONFIG",
    "CHANNELD_KEY",
    "CHANNELD_CLIENT_SECRET",
    "CHANNELD_REFRESH_TOKEN",
)


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
