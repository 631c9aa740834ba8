"""Taking what is personal out of an order, and putting it back (semantics P1).

Which parts those are: `personal_parts.py`.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote, unquote

import msgspec

from channeld.amazon.personal_parts import PERSONAL, Part

__all__ = ["join", "split", "split_raw", "take_out"]

_AS_JSON = "#json"
_WHOLE = "#whole"
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_PLAIN_NAME = re.compile(r"\w+", re.ASCII)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)

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
    for part in PERSONAL:
        _strip(order, part.at[0], part.at[0], part.at[1:], part, found)
    return found, _ENCODER.encode(order)


def _strip(holder: Any, key: str | int, path: str, way: tuple[str, ...], part: Part, found: Found) -> None:
    """Seal what `part` says below `holder[key]`, `way` being what is left to go."""
    value = holder[key] if isinstance(key, int) else holder.get(key)
    if value in (None, "", [], {}):
        return
    if not isinstance(value, list if way[:1] == ("*",) else dict):
        _seal(holder, key, path, found)
    elif not way:
        _seal_fields(cast(dict[str, Any], value), path, part, found)
    elif way[0] == "*":
        for index in range(len(cast(list[Any], value))):
            _strip(value, index, f"{path}[{index}]", way[1:], part, found)
    else:
        _strip(value, way[0], f"{path}.{way[0]}", way[1:], part, found)


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
    return name if _PLAIN_NAME.fullmatch(name) else quote(name, safe="").replace(".", "%2E") or "%"


def _steps(path: str) -> list[str | int]:
    return [
        int(match[1]) if match[1] else ("" if match[2] == "%" else unquote(match[2]))
        for match in _STEP.finditer(path)
    ]


def _put(holder: Any, steps: list[str | int], value: object) -> None:
    for step in steps[:-1]:
        holder = holder[step]
    holder[steps[-1]] = value
