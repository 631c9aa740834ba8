"""Locations: where orders are sent from. `Default` is there from the start."""

from typing import Literal

import msgspec
from sqlalchemy import Connection, func, select, update

from channeld.store import tables
from channeld.store.refusals import taken
from channeld.store.rows import add_row, all_as, first_as
from channeld.store.unit import Unit

__all__ = ["Held", "Location", "add", "all_locations", "by_name", "fba_of", "held", "labels", "rename"]

_locations = tables.locations
_orders = tables.orders
_all = select(_locations).order_by(_locations.c.name)


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """One location."""

    id: int
    name: str
    kind: Literal["own", "fba"]
    """`fba`: a fulfilment centre of Amazon's, made once for a channel (semantics F1, F5)."""
    channel_id: int | None
    """The channel of an `fba` location."""


class Held(msgspec.Struct, frozen=True):
    """Orders of one location."""

    orders: int = 0
    open_orders: int = 0


def add(unit: Unit, name: str, *, fba_channel_id: int | None = None) -> Location:
    """Add an own location, or the one FBA location of a channel. Raises `InvalidRequest("taken")`."""
    kind = "own" if fba_channel_id is None else "fba"
    values = {"name": name, "kind": kind, "channel_id": fba_channel_id}
    with taken(f"There is a location named {name} already, or the channel has its own."):
        key = add_row(unit.connection, _locations, values)
    unit.changed("location", key)
    return Location(id=key, name=name, kind=kind, channel_id=fba_channel_id)


def rename(unit: Unit, location_id: int, name: str) -> None:
    """Change the label only. Raises `InvalidRequest("taken")`."""
    with taken(f"There is a location named {name} already."):
        unit.connection.execute(update(_locations).where(_locations.c.id == location_id).values(name=name))
    unit.changed("location", location_id)


def by_name(connection: Connection, name: str) -> Location | None:
    """By its name."""
    return first_as(connection, Location, select(_locations).where(_locations.c.name == name))


def fba_of(connection: Connection, channel_id: int) -> Location | None:
    """The FBA location of a channel, once it was made."""
    query = select(_locations).where(_locations.c.channel_id == channel_id)
    return first_as(connection, Location, query)


def held(connection: Connection) -> dict[int, Held]:
    """The orders of each location that has any, by its id; one query, from an index alone."""
    c = _orders.c
    is_open = func.count().filter(c.state == "open")
    query = select(c.location_id, func.count(), is_open).group_by(c.location_id)
    return {location: Held(*numbers) for location, *numbers in connection.execute(query)}


def labels(connection: Connection) -> dict[int, str]:
    """Names by id."""
    return {location.id: location.name for location in all_locations(connection)}


def all_locations(connection: Connection) -> list[Location]:
    """By name."""
    return all_as(connection, Location, _all)
