"""Locations of one's own (semantics D9)."""

from channeld.commands.asking import Asked, check, same_name
from channeld.domain.setting_kinds import free_text
from channeld.errors import Problem
from channeld.store import audit, locations
from channeld.store.locations import Location
from channeld.store.unit import Unit

__all__ = ["add_location"]


def add_location(unit: Unit, asked: Asked, name: str) -> Location:
    """Raises `InvalidRequest`: `invalid`, or `taken`."""
    problems: list[Problem] = []
    try:
        name = free_text(name)
    except ValueError as error:
        problems.append(Problem(key="location", message=str(error)))
    problems += same_name(
        "location", name, (place.name for place in locations.all_locations(unit.connection))
    )
    check(problems, "The location")
    location = locations.add(unit, name)
    audit.add(unit, asked.entry("location.added", f"Location {name} added"))
    return location
