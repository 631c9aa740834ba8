"""Why an order cannot be read, in our own words: the field and the kind of fault, never a value."""

import re
from datetime import datetime
from typing import Any

import msgspec

from channeld.amazon.errors import UnreadableOrder, plain_code
from channeld.amazon.instants import BadInstant, parse_instant

__all__ = ["at_order", "identified", "instant_at", "wrong_shape"]

_MISSING = re.compile(r"Object missing required field `(\w+)`")
_WRONG_TYPE = re.compile(r"Expected `[\w |]+`, got `(\w+)`")
_TOO_LONG = re.compile(r"Expected `[\w |]+` of length <= ")
_PATH = re.compile(r" - at `\$\.?([\w.\[\]]*)`$", re.ASCII)


class _Glance(msgspec.Struct, rename="camel"):
    order_id: Any = None
    last_updated_time: Any = None
    sales_channel: Any = None


class _Channel(msgspec.Struct, rename="camel"):
    marketplace_id: Any = None


_GLANCE = msgspec.json.Decoder(_Glance)


def wrong_shape(error: msgspec.ValidationError) -> UnreadableOrder:
    """The decoder's complaint without anything but names and types."""
    text = str(error)
    path = match[1] if (match := _PATH.search(text)) else ""
    if missing := _MISSING.match(text):
        return UnreadableOrder("is missing", at_order(path, missing[1]))
    if wrong := _WRONG_TYPE.match(text):
        return UnreadableOrder(f"has the wrong type ({wrong[1]})", path or "order")
    if _TOO_LONG.match(text):
        return UnreadableOrder("is too long to be true", path or "order")
    return UnreadableOrder("has a value that cannot be used", path or "order")


def identified(fault: UnreadableOrder, raw: bytes) -> UnreadableOrder:
    """The same fault with whatever can still be told of which order it is."""
    try:
        glance = _GLANCE.decode(raw)
        fault.order_id = plain_code(glance.order_id) or None
        fault.updated_at = _instant_or_none(glance.last_updated_time)
        channel = msgspec.convert(glance.sales_channel, _Channel)
        fault.marketplace_id = plain_code(channel.marketplace_id) or None
    except (ValueError, RecursionError):
        pass
    return fault


def instant_at(text: str, path: str) -> datetime:
    """The instant of the field at `path`. Raises `UnreadableOrder`."""
    try:
        return parse_instant(text)
    except BadInstant as bad:
        reason = str(bad)
    raise UnreadableOrder(reason, path)


def _instant_or_none(given: object) -> datetime | None:
    try:
        return parse_instant(given) if isinstance(given, str) else None
    except BadInstant:
        return None


def at_order(path: str, name: str) -> str:
    """The path of a field of the object at `path`."""
    return f"{path}.{name}" if path else name
