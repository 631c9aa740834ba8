"""Taking what is personal out of an order, and putting it back (semantics P1).

Which parts those are: `personal_parts.py`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from urllib.parse import quote, unquote

import msgspec

from channeld.amazon.personal_parts import PERSONAL, Part

__all__ = ["exact", "join", "split", "split_raw", "take_out"]

_AS_JSON = "#json"
_WHOLE = "#whole"
_NOTHING: tuple[object, ...] = (None, "", [], {})
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def exact(written: str) -> Decimal | str:
    """A number as it was written; as a text if its exponent is beyond what can be held."""
    try:
        return Decimal(written)
    except InvalidOperation:
        return written


_DECODER = msgspec.json.Decoder(float_hook=exact)

Found = dict[str, str]


def split(order: Mapping[str, Any]) -> tuple[Found, bytes]:
    """Personal values by path, and JSON of the rest; `order` is not touched.

    Texts are given as they are; anything else as JSON, its path marked `#json`. A value of the wrong shape on
    the way to a personal part is taken out whole. Empty ones stay where they are.
    """
    return take_out(cast(dict[str, Any], _DECODER.decode(_ENCODER.encode(order))))


def split_raw(raw: bytes) -> tuple[Found, bytes]:
    """The same for bytes that may be no order at all: those are personal as a whole."""
    try:
        order: object = _DECODER.decode(raw)
        if isinstance(order, dict):
            return take_out(cast(dict[str, Any], order))
    except (ValueError, RecursionError):
        pass
    return {_WHOLE: raw.decode("latin-1")}, b"null"


def join(personal: Mapping[str, str], payload: bytes) -> bytes:
    """What `split` took apart, as JSON with the same values."""
    if _WHOLE in personal:
        return personal[_WHOLE].encode("latin-1")
    order: Any = _DECODER.decode(payload)
    for path, text in personal.items():
        plain = path.removesuffix(_AS_JSON)
        _put(order, _steps(plain), text if plain == path else _DECODER.decode(text))
    return _ENCODER.encode(order)


def take_out(order: dict[str, Any]) -> tuple[Found, bytes]:
    """The same, with `order` itself emptied: for one that nobody else holds."""
    found: Found = {}
    _walk(order, _TREE.below, "", found)
    return found, _ENCODER.encode(order)


class _Branch:
    """Where a personal part, or the way to one, is in an order: what holds for it, and what is below."""

    def __init__(self) -> None:
        self.part: Part | None = None
        self.is_list = False
        self.below: dict[str, _Branch] = {}

    def grow(self, way: tuple[str, ...]) -> "_Branch":
        """The branch at the end of that way, made if it is not there."""
        if not way:
            return self
        if way[0] == "*":
            self.is_list = True
            return self.grow(way[1:])
        return self.below.setdefault(way[0], _Branch()).grow(way[1:])


def _tree() -> _Branch:
    root = _Branch()
    for part in PERSONAL:
        root.grow(part.at).part = part
    return root


_TREE = _tree()
"""All parts at once, so that what several have in common is gone through once."""


def _walk(holder: dict[str, Any], branches: Mapping[str, _Branch], path: str, found: Found) -> None:
    """Seal what is personal below `holder`; `path` leads there, with its last point."""
    for name, branch in branches.items():
        value = holder.get(name)
        if value in _NOTHING:
            continue
        if not branch.is_list:
            _enter(holder, name, path + name, branch, found)
        elif isinstance(value, list):
            parts = cast("list[Any]", value)
            for index in range(len(parts)):
                _enter(parts, index, f"{path}{name}[{index}]", branch, found)
        else:
            _seal(holder, name, path + name, found)


def _enter(holder: Any, key: str | int, path: str, branch: _Branch, found: Found) -> None:
    value = holder[key]
    if value in _NOTHING:
        return
    if not isinstance(value, dict):
        _seal(holder, key, path, found)
        return
    fields = cast("dict[str, Any]", value)
    if branch.part:
        _seal_fields(fields, path, branch.part, found)
    if branch.below:
        _walk(fields, branch.below, f"{path}.", found)


def _seal_fields(holder: dict[str, Any], path: str, part: Part, found: Found) -> None:
    for name in [name for name, value in holder.items() if part.seals(name) and value not in (None, "")]:
        _seal(holder, name, f"{path}.{_escaped(name)}", found)


def _seal(holder: Any, key: str | int, path: str, found: Found) -> None:
    value = holder[key]
    if isinstance(value, str):
        found[path] = value
    else:
        found[path + _AS_JSON] = _ENCODER.encode(value).decode()
    if isinstance(key, int):
        holder[key] = None
    else:
        del holder[key]


def _escaped(name: str) -> str:
    """A name that cannot be mistaken for several steps."""
    if name.isascii() and name.isidentifier():
        return name
    return quote(name, safe="").replace(".", "%2E") or "%"


def _steps(path: str) -> list[str | int]:
    return [
        int(match[1]) if match[1] else ("" if match[2] == "%" else unquote(match[2]))
        for match in _STEP.finditer(path)
    ]


def _put(holder: Any, steps: list[str | int], value: object) -> None:
    for step in steps[:-1]:
        holder = holder[step]
    holder[steps[-1]] = value
