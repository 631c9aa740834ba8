"""Units of orders and the seller's shelves: what has left, what is still reserved, what kits are made of."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from graphlib import TopologicalSorter
from typing import TypeVar

from channeld.domain.order_units import LineFacts, LocalUnits

__all__ = ["HIGHEST_LEVEL", "MadeOf", "buildable", "contents", "gone_of", "moved", "on_shelf"]

K = TypeVar("K", bound=Hashable)
"""What items are called by: the book's own keys, or SKUs."""
MadeOf = Mapping[K, Mapping[K, int]]
"""Kit → its components and how many of each. What is not in it is no kit."""

HIGHEST_LEVEL = 10**12
"""Units that anything here grows up or down to: kits of kits could outgrow what a number may be on disk."""


def gone_of(line: LineFacts, local: LocalUnits) -> int:
    """Units of a line that have left: processed here, or shown as shipped by Amazon.

    What was processed here shows up at Amazon sooner or later, so of both counts the greater one holds.
    """
    return max(local.processed.get(line.order_item_id, 0), line.fulfilled)


def moved(before: int, units: int) -> int:
    """A level after so many units were added to it; below zero: taken from it. It may be below zero."""
    return max(-HIGHEST_LEVEL, min(HIGHEST_LEVEL, before + units))


def contents(item: K, made_of: MadeOf[K]) -> Counter[K]:
    """What one piece of an item is: itself, and of a kit all its components down to the bottom.

    Kits are never made of themselves, but may share parts, and be as deep as anybody likes.
    """
    found = Counter({item: 1})
    for kit in _kits_first(item, made_of):
        for part, quantity in made_of[kit].items():
            found[part] = min(HIGHEST_LEVEL, found[part] + found[kit] * quantity)
    return found


def _kits_first(item: K, made_of: MadeOf[K]) -> list[K]:
    """The kits of which one is made, it included: each before those that it is made of."""
    below: dict[K, list[K]] = {}
    seen = [item]
    while seen:
        kit = seen.pop()
        if kit in made_of and kit not in below:
            below[kit] = [part for part in made_of[kit] if part in made_of]
            seen += below[kit]
    return list(TopologicalSorter(below).static_order())[::-1]


def on_shelf(item: K, made_of: MadeOf[K]) -> Counter[K]:
    """What one piece of an item takes from the shelves: itself, or of a kit what is no kit."""
    return Counter({each: units for each, units in contents(item, made_of).items() if each not in made_of})


def buildable(parts: Iterable[tuple[int, int]]) -> int:
    """How many of a kit there can be, from what is available of each part and what one kit takes of it."""
    return max(0, min(available // needed for available, needed in parts))
