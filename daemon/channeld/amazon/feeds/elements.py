"""Elements of a feed's message, and what may stand in them."""

import re
from typing import TypeVar
from xml.etree.ElementTree import Element, SubElement

import msgspec

from channeld.domain.ledger.effects import Effect

__all__ = ["Message", "add", "effect_of"]

E = TypeVar("E", bound=Effect)
_UNFIT = re.compile("[^\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Control characters, line ends among them, and what XML 1.0 has no way to write at all."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a feed: a row of the ledger, numbered within the feed."""

    message_id: int
    """From 1, each once in a feed: by it the report tells what became of the message."""
    work_id: int
    order_id: str
    effect: Effect


def effect_of(message: Message, kind: type[E]) -> E:
    """The message's effect. Raises `ValueError` if it is of another kind."""
    if not isinstance(message.effect, kind):
        raise ValueError(f"a {type(message.effect).__name__} does not belong into this feed")
    return message.effect


def add(parent: Element, name: str, text: str | int) -> Element:
    """One more child with a text. Raises `ValueError` that names the field, never what is in it."""
    content = str(text)
    if not content:
        raise ValueError(f"{parent.tag}/{name} is empty")
    if _UNFIT.search(content):
        raise ValueError(f"{parent.tag}/{name} has a character that a feed cannot carry")
    child = SubElement(parent, name)
    child.text = content
    return child
