"""Every key that is bound anywhere in the monitor is in its help, with what it does."""

import importlib
import pkgutil
from collections.abc import Iterator

from textual.binding import Binding

import channeltop
from channeltop.app import ChannelTop
from channeltop.keys import Key, keys_of
from channeltop.screens.help import SECTIONS, Help


def owners() -> Iterator[type]:
    """Every class of the monitor that binds keys itself."""
    for module in pkgutil.walk_packages(channeltop.__path__, "channeltop."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and each.__module__ == module.name and vars(each).get("BINDINGS"):
                yield each


def test_the_help_has_everything_that_binds_a_key() -> None:
    helped = {owner for _, section in SECTIONS for owner in section} | {ChannelTop, Help}
    assert {owner.__name__ for owner in owners()} == {owner.__name__ for owner in helped}


def test_every_key_says_what_it_does() -> None:
    nameless = [(owner.__name__, key.text) for owner in owners() for key in keys_of(owner) if not key.meaning]
    assert nameless == []


def test_keys_with_one_meaning_share_a_line_and_read_as_on_the_keyboard() -> None:
    class Owner:
        BINDINGS = (
            Binding("up,k", "move(-1)", "Up", tooltip="move"),
            Binding("down", "move(1)", "Down", tooltip="move"),
            Binding("question_mark", "help", "Help"),
        )

    assert list(keys_of(Owner)) == [Key(("↑", "k", "↓"), "move"), Key(("?",), "Help")]
