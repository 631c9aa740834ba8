"""Kits: items that are made of items, and never of themselves, however many steps down."""

from collections.abc import Collection, Mapping

__all__ = ["circle"]


def circle(kit: str, components: Collection[str], made_of: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The way from a kit back to itself if it had these components, by SKU; empty when there is none.

    `made_of` has the components of every kit below them.
    """
    ways = [(kit, each) for each in sorted(components, reverse=True)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        last = way[-1]
        if last == kit:
            return way
        if last not in seen:
            seen.add(last)
            ways += [(*way, each) for each in sorted(made_of.get(last, ()), reverse=True)]
    return ()
