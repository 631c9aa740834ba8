"""A change of one attribute of a listing, as a request and a feed's message say it (reference 8.2, 8.4)."""

from typing import Literal

import msgspec

__all__ = ["ISSUE_LOCALE", "Patch", "make_patch", "whole_number"]

ISSUE_LOCALE = "en_US"
"""Amazon's words about what is sent are asked for in the language of this program; there are always some."""


class Patch(msgspec.Struct, frozen=True):
    """One attribute is changed; only whole attributes can be, not parts of one."""

    op: Literal["add", "replace", "merge", "delete"]
    """`merge` leaves alone what is not said of the entry; `replace` drops it."""
    path: str
    value: msgspec.Raw
    """The attribute's entries, as JSON."""


def make_patch(op: Literal["replace", "merge"], attribute: str, entries: object) -> Patch:
    """The change of that attribute; `entries` is a list of anything that can be written as JSON objects."""
    return Patch(op, f"/attributes/{attribute}", msgspec.Raw(msgspec.json.encode(entries)))


def whole_number(raw: msgspec.Raw | None) -> int | None:
    """A number as Amazon shows it, also one like `4.0` or `"4"`; None for anything else."""
    try:
        number = _NUMBER.decode(raw) if raw else None
    except ValueError:
        return None
    return int(number) if number is not None and float(number).is_integer() else None


_NUMBER = msgspec.json.Decoder(int | float | None, strict=False)
