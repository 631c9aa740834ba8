"""Levels are set by people, many at a time, each row as if it came alone; each change is logged once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import Connection

from channeld.book.items.guesses import Guesses
from channeld.domain.settings import nearest
from channeld.domain.stock.shelves import moved
from channeld.errors import Problem
from channeld.store import items, kits, locations, stock
from channeld.store.locations import Location
from channeld.store.stock import Change
from channeld.store.unit import Unit

__all__ = ["MOST_UNITS", "Counted", "Mode", "Outcome", "Wanted", "save_levels"]

Mode: TypeAlias = Literal["set", "add", "import"]
Outcome: TypeAlias = Literal["changed", "unchanged", "refused"]
CAUSES: dict[Mode, str] = {"set": "set", "add": "adjusted", "import": "import"}

MOST_UNITS = 999_999_999
LONGEST_REASON = 200


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How many units there are to be; with `add`, how many more."""

    sku: str
    location: str
    units: int


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    outcome: Outcome
    before: int | None = None
    """None: there was no level."""
    after: int | None = None
    problems: tuple[Problem, ...] = ()


def save_levels(
    unit: Unit, rows: Sequence[Wanted], mode: Mode, reason: str, now: datetime, by: str
) -> list[Counted]:
    """An answer for each row; one with problems changes nothing and stops nothing.

    A row sees what the rows before it did.
    """
    shelf = _Shelf(unit.connection, rows)
    answers: list[Counted] = []
    made: list[Change] = []
    about = reason_problems(reason)
    for row in rows:
        counted = shelf.take(row, mode)
        if about:
            counted = Counted(outcome="refused", problems=(*about, *counted.problems))
        answers.append(counted)
        if counted.outcome == "changed" and counted.after is not None:
            made.append(
                Change(
                    at=now,
                    item_id=shelf.items[row.sku],
                    location_id=shelf.places[row.location].id,
                    before=counted.before,
                    after=counted.after,
                    cause=CAUSES[mode],
                    reference=reason.strip(),
                    by=by,
                )
            )
    stock.put(unit, made)
    return answers


def reason_problems(reason: str) -> list[Problem]:
    """What is wrong with the reason that a person gives."""
    if len(reason) <= LONGEST_REASON and reason.isprintable():
        return []
    return [Problem(key="reason", message=f"must be at most {LONGEST_REASON} characters on one line")]


class _Shelf:
    """Items, locations and levels as they are after each row."""

    def __init__(self, connection: Connection, rows: Sequence[Wanted]) -> None:
        self._guesses = Guesses(connection)
        self.items = items.ids(connection, {row.sku for row in rows})
        self.places = {place.name: place for place in locations.all_locations(connection)}
        self._kits = kits.made_of(connection, self.items.values()).keys()
        found = stock.levels(connection, self.items.values())
        self._levels = {(each.item_id, each.location_id): each.physical for each in found}

    def take(self, row: Wanted, mode: Mode) -> Counted:
        """Carry out one row, as far as it may be."""
        item_id, place = self.items.get(row.sku), self.places.get(row.location)
        problems = [*self._item_problems(row.sku), *self._place_problems(row.location, place)]
        if item_id is None or place is None or problems:
            return Counted(outcome="refused", problems=(*problems, *_unit_problems(row.units, mode)))
        before = self._levels.get((item_id, place.id))
        if mode != "add" and row.units == before:  # also below zero: an export is read back as it is
            return Counted(outcome="unchanged", before=before, after=before)
        problems = _unit_problems(row.units, mode)
        if mode == "add" and not problems:
            problems = _sum_problems(before, row.units)
        if problems:
            return Counted(outcome="refused", before=before, problems=tuple(problems))
        after = moved(before, row.units) if mode == "add" and before is not None else row.units
        self._levels[item_id, place.id] = after
        outcome = "unchanged" if after == before else "changed"
        return Counted(outcome=outcome, before=before, after=after)

    def _item_problems(self, sku: str) -> list[Problem]:
        item_id = self.items.get(sku)
        if item_id is None:
            return [Problem(key="sku", message="is no item", nearest=self._guesses.nearest(sku))]
        if item_id in self._kits:
            return [Problem(key="sku", message="is a kit: count its components")]
        return []

    def _place_problems(self, name: str, place: Location | None) -> list[Problem]:
        if place is None:
            close = nearest(name, list(self.places))
            return [Problem(key="location", message="is not known", nearest=close)]
        if place.kind == "fba":
            return [Problem(key="location", message="is Amazon's: what lies there is Amazon's count")]
        return []


def _sum_problems(before: int | None, units: int) -> list[Problem]:
    """A level that is too far off already may come closer."""
    if before is None:
        return [Problem(key="units", message="cannot be added, as nobody has counted it there")]
    after = before + units
    if abs(after) <= max(MOST_UNITS, abs(before)):
        return []
    most = f"{'-' if after < 0 else ''}{MOST_UNITS:,}"
    return [Problem(key="units", message=f"would make {after:,} of {before:,}; a level may reach {most}")]


def _unit_problems(units: int, mode: Mode) -> list[Problem]:
    lowest = -MOST_UNITS if mode == "add" else 0
    if lowest <= units <= MOST_UNITS:
        return []
    return [Problem(key="units", message=f"must be from {lowest:,} to {MOST_UNITS:,}")]
