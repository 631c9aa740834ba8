"""What people ask of items: make and change them, find one."""

from collections.abc import Sequence

from sqlalchemy import Connection

from channeld.book.items.guesses import Guesses
from channeld.book.items.saving import Mode, Saved
from channeld.book.items.saving import save_items as save
from channeld.commands.asking import Asked
from channeld.domain.item import Wish
from channeld.errors import InvalidRequest, Problem
from channeld.store import items
from channeld.store.items import ItemRecord
from channeld.store.unit import Unit

__all__ = ["find_item", "save_items"]


def save_items(unit: Unit, asked: Asked, mode: Mode, wishes: Sequence[Wish]) -> list[Saved]:
    """Add or change items; an answer for each, and none of them stops another."""
    return save(unit, wishes, mode, asked.now, asked.by)


def find_item(connection: Connection, sku: str) -> ItemRecord:
    """Raises `InvalidRequest("unknown_item")` that names the nearest one."""
    found = items.by_skus(connection, [sku]).get(sku)
    if found is not None:
        return found
    close = Guesses(connection).nearest(sku)
    raise InvalidRequest(
        "unknown_item",
        "There is no item of that SKU.",
        f"Did you mean {close}?" if close else "`channelctl item list --find TEXT` looks for one.",
        [Problem(key="sku", message="is not known", nearest=close)],
    )
