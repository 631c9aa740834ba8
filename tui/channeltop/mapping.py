"""The mapping page's lists as values: in which order, what waits for a person, and what is offered. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from channel_protocol.locations import LocationRow
from channel_protocol.mappings import MappingRow

__all__ = ["KINDS", "LISTS", "Lists", "Offering", "headline", "in_order", "offerings", "origin", "own_words"]

KINDS = ("payment", "shipping", "despatch")
LISTS: Mapping[str, str] = {
    "payment": "Payment",
    "shipping": "Shipping",
    "despatch": "Carriers",
    "locations": "Locations",
    "inventory": "Inventory",
}
"""Each list's id and name."""

R = TypeVar("R", MappingRow, LocationRow)


class Offering(msgspec.Struct, frozen=True, kw_only=True):
    """The locations whose stock a channel offers."""

    channel: str
    locations: tuple[str, ...]


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """What the daemon last said; None for a list that has not come yet."""

    payment: Sequence[MappingRow] | None = None
    shipping: Sequence[MappingRow] | None = None
    despatch: Sequence[MappingRow] | None = None
    locations: Sequence[LocationRow] | None = None
    inventory: Sequence[Offering] | None = None

    def words(self, kind: str) -> Sequence[MappingRow]:
        """The words of a kind, in the order in which they are shown."""
        known = {"payment": self.payment, "shipping": self.shipping, "despatch": self.despatch}
        return known[kind] or ()


def in_order(rows: Iterable[MappingRow]) -> tuple[MappingRow, ...]:
    """What is not mapped first, the word that most orders wait for on top; then by channel and word."""
    return tuple(sorted(rows, key=lambda row: (row.target is not None, -_waiting(row), row.channel, row.tag)))


def offerings(channels: Iterable[str], locations: Iterable[LocationRow]) -> tuple[Offering, ...]:
    """Of every channel; those that offer from nowhere come first."""
    known = [(row.location, row.offered_by.split(", ")) for row in locations]
    found = (
        Offering(channel=channel, locations=tuple(name for name, users in known if channel in users))
        for channel in channels
    )
    return tuple(sorted(found, key=lambda row: (bool(row.locations), row.channel)))


def headline(lists: Lists, name: str) -> str:
    """What stands at a list's name: how many rows, and how many words wait to be mapped."""
    known: Sequence[object] | None = getattr(lists, name)
    if known is None:
        return LISTS[name]
    unmapped = sum(row.target is None for row in lists.words(name)) if name in KINDS else 0
    return f"{LISTS[name]} {len(known):,}" + (f" ▲{unmapped:,}" if unmapped else "")


def origin(row: MappingRow) -> str:
    """Where a word came from: met on orders, or typed by a person beforehand."""
    return "orders" if row.orders else "typed"


def own_words(rows: Iterable[MappingRow]) -> tuple[str, ...]:
    """Your own words that are in use already, each once."""
    return tuple(sorted({row.target for row in rows if row.target}))


def _waiting(row: MappingRow) -> int:
    return row.unmapped if row.target is None else 0
