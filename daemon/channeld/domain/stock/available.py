"""How much of an item can be sold from the locations of a channel (semantics D3–D5, A).

A location that was oversold lowers the sum, so nothing is cut at zero here. What a kit is made of is counted
down to what is no kit: one that takes the same item by two ways needs both.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.shelves import MadeOf, on_shelf

__all__ = ["Available", "Component", "LocationStock", "available"]


class LocationStock(msgspec.Struct, frozen=True, kw_only=True):
    """One item at one location."""

    location: str
    physical: int | None = None
    """None: nobody has said how much there is; it counts as none."""
    reserved: int = 0
    """Units of open and parked orders there."""

    @property
    def units(self) -> int:
        """What can be sold; below zero where more was sold than is there."""
        return (self.physical or 0) - self.reserved


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One item that a kit takes."""

    sku: str
    each: int
    """Units in one kit."""
    available: "Available"

    @property
    def kits(self) -> int:
        """How many kits it is enough for."""
        return self.available.units // self.each


class Available(msgspec.Struct, frozen=True, kw_only=True):
    """What can be sold of an item, and how that comes about."""

    units: int
    locations: tuple[LocationStock, ...] = ()
    """Of an item that is no kit: those that count, by name."""
    components: tuple[Component, ...] = ()
    """Of a kit: the one that is shortest first."""

    @property
    def physical(self) -> int:
        return sum(each.physical or 0 for each in self.locations)

    @property
    def reserved(self) -> int:
        return sum(each.reserved for each in self.locations)


def available(
    sku: str,
    *,
    mapped: Collection[str],
    stock: Mapping[str, Sequence[LocationStock]],
    made_of: MadeOf[str],
) -> Available | Abstention:
    """What can be sold of it from the mapped locations; without any of them nothing is known to sell (X1).

    Nor is it when nobody has counted it at any of them; counted at one, the others count as none.
    `stock`: by SKU, everywhere; `made_of`: the components of every kit concerned. No kit is made of itself.
    """
    if not mapped:
        return Abstention.NO_LOCATION
    if sku not in made_of:
        return _at(mapped, stock.get(sku, ())) or Abstention.UNCOUNTED
    components: list[Component] = []
    for part, each in on_shelf(sku, made_of).items():
        found = _at(mapped, stock.get(part, ()))
        if found is None:
            return Abstention.UNCOUNTED
        components.append(Component(sku=part, each=each, available=found))
    components.sort(key=lambda component: (component.kits, component.sku))
    return Available(units=components[0].kits, components=tuple(components))


def _at(mapped: Collection[str], stock: Sequence[LocationStock]) -> Available | None:
    """None: nobody has counted it at any of them."""
    here = sorted((each for each in stock if each.location in mapped), key=lambda each: each.location)
    if all(each.physical is None for each in here):
        return None
    return Available(units=sum(each.units for each in here), locations=tuple(here))
