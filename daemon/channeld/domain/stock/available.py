"""How much of an item can be sold from the locations of a channel (semantics D3–D5, A).

A location that was oversold lowers the sum, so nothing is cut at zero here. What a kit is made of is counted
down to what is no kit: one that takes the same item by two ways needs both.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec

from channeld.domain.item import Part
from channeld.domain.stock.abstention import Abstention

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
    made_of: Mapping[str, Sequence[Part]],
) -> Available | Abstention:
    """What can be sold of it from the mapped locations; without any of them nothing is known to sell (X1).

    `stock`: by SKU, everywhere; `made_of`: the components of every kit concerned. No kit is made of itself.
    """
    if not mapped:
        return Abstention.NO_LOCATION
    if not made_of.get(sku):
        return _at(mapped, stock.get(sku, ()))
    components = [
        Component(sku=each, each=units, available=_at(mapped, stock.get(each, ())))
        for each, units in _taken_by(sku, made_of).items()
    ]
    components.sort(key=lambda component: (component.kits, component.sku))
    return Available(units=components[0].kits, components=tuple(components))


def _at(mapped: Collection[str], stock: Sequence[LocationStock]) -> Available:
    counted = sorted((each for each in stock if each.location in mapped), key=lambda each: each.location)
    return Available(units=sum(each.units for each in counted), locations=tuple(counted))


def _taken_by(kit: str, made_of: Mapping[str, Sequence[Part]]) -> Counter[str]:
    """Units of everything that is no kit in one kit."""
    taken: Counter[str] = Counter()
    for part in made_of[kit]:
        inside = _taken_by(part.sku, made_of) if made_of.get(part.sku) else Counter({part.sku: 1})
        for sku, units in inside.items():
            taken[sku] += units * part.quantity
    return taken
