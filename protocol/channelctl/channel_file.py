"""Channels as a TOML file for version control: reading, writing, and every problem at once.

    format = 1
    locations = ["Default", "Hall 2"]

    [channels.uk]
    account = "eu"
    marketplace = "UK"
    enabled = "on"                      every setting that `channel show` lists
    tax_rate = "20"

    [channels.uk.payment]               words of the channel = your own; all of them
    CREDITCARD = "Card"

    [channels.uk.shipping]

    [channels.uk.despatch]              services of your own = Amazon's "CARRIER / METHOD"

What is written has every setting, also those at their default, and a fixed order, so that a difference
between two files is a difference between two channels. What is read may leave out anything but the account
and the marketplace of a channel that is new; what is left out stays as it is. There is no secret in it.
"""

import tomllib
from difflib import get_close_matches
from typing import Any, cast

import tomli_w

from channel_protocol.base import Problem
from channel_protocol.channel_files import ChannelFile, FileChannel
from channel_protocol.errors import ClientError

__all__ = ["read", "write"]

FORMAT = 1
PARTS = ("format", "locations", "channels")
OWN = ("account", "marketplace")
WORDS = ("payment", "shipping", "despatch")
HEADER = """\
# Channels of channeld. `channelctl channel apply FILE` shows what would change, asks, and makes them so.
# What is not in the file is left alone; a table of words is the whole of its kind.

"""
NOT_A_TEXT = "must be a text, a number, or true or false"
NOT_A_TABLE = "must be a table"

Table = dict[str, Any]


def write(file: ChannelFile) -> str:
    """The file as text."""
    channels = {
        each.channel: {
            **{key: value for key in OWN if (value := getattr(each, key)) is not None},
            **each.settings,
            **{kind: words for kind in WORDS if (words := getattr(each, kind)) is not None},
        }
        for each in file.channels
    }
    parts = {"format": FORMAT, "locations": list(file.locations), "channels": channels}
    return HEADER + tomli_w.dumps(parts)


def read(text: str) -> tuple[ChannelFile, list[Problem]]:
    """What could be read, and what is wrong with the rest. Raises `ClientError` for what is not TOML."""
    try:
        document = tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        what = "It is nested too deeply" if isinstance(error, RecursionError) else str(error)
        hint = "Compare it with what `channelctl channel export` prints."
        raise ClientError("not_toml", f"The file is not TOML: {what}.", hint) from None
    reader = _Reader()
    return reader.file(document), reader.problems


class _Reader:
    """Takes a document apart and collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def file(self, document: Table) -> ChannelFile:
        for key in document.keys() - set(PARTS):
            nearest = next(iter(get_close_matches(key, PARTS, n=1)), None)
            self._refuse(key, "is not a part of such a file", nearest)
        if document.get("format", FORMAT) != FORMAT:
            self._refuse("format", f"must be {FORMAT}: this channelctl knows no other")
        channels = self._table("channels", document.get("channels", {}))
        return ChannelFile(
            locations=self._locations(document.get("locations", [])),
            channels=tuple(self._channel(name, each) for name, each in channels.items()),
        )

    def _locations(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._refuse("locations", "must be a list of names")
            return ()
        names = enumerate(cast("list[object]", value))
        found = [self._text(f"locations[{position}]", name) for position, name in names]
        return tuple(name for name in found if name is not None)

    def _channel(self, name: str, value: object) -> FileChannel:
        table = self._table(name, value)
        account, marketplace = (self._text(f"{name}.{key}", table.get(key, "")) or None for key in OWN)
        payment, shipping, despatch = (
            self._texts(f"{name}.{kind}", table[kind]) if kind in table else None for kind in WORDS
        )
        rest = {key: each for key, each in table.items() if key not in (*OWN, *WORDS)}
        return FileChannel(
            channel=name,
            account=account,
            marketplace=marketplace,
            settings=self._texts(name, rest),
            payment=payment,
            shipping=shipping,
            despatch=despatch,
        )

    def _texts(self, part: str, value: object) -> dict[str, str]:
        read = {key: self._text(f"{part}.{key}", each) for key, each in self._table(part, value).items()}
        return {key: text for key, text in read.items() if text is not None}

    def _text(self, key: str, value: object) -> str | None:
        match value:
            case bool():
                return "on" if value else "off"
            case str() | int():
                return str(value)
            case _:
                self._refuse(key, NOT_A_TEXT)
                return None

    def _table(self, key: str, value: object) -> Table:
        if isinstance(value, dict):
            return cast(Table, value)
        self._refuse(key, NOT_A_TABLE)
        return {}

    def _refuse(self, key: str, message: str, nearest: str | None = None) -> None:
        self.problems.append(Problem(key=key, message=message, nearest=nearest))
