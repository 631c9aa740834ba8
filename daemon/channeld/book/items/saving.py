"""Items are made and changed, many at a time, each row as if it came alone; each change is audited once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import Connection

from channeld.book.items.guesses import Guesses
from channeld.book.items.linking import link_made
from channeld.domain.item import Item, Wish, changed, differences
from channeld.domain.kit import circle
from channeld.errors import Problem
from channeld.store import audit, items
from channeld.store.audit import AuditEntry
from channeld.store.unit import Unit

__all__ = ["Mode", "Outcome", "Saved", "save_items"]

Mode: TypeAlias = Literal["add", "set", "import"]
Outcome: TypeAlias = Literal["created", "changed", "unchanged", "refused"]

SHOWN = 10
"""Differences that are written into the audit trail; an item may have hundreds."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    sku: str
    outcome: Outcome
    linked: int = 0
    """Listings of the same SKU that are linked to it now by themselves."""
    problems: tuple[Problem, ...] = ()


def save_items(
    unit: Unit, wishes: Sequence[Wish], mode: Mode, now: datetime, by: str, *, link: bool = True
) -> list[Saved]:
    """An answer for each row; one with problems changes nothing and stops nothing.

    A row sees what the rows before it did, so a kit may follow its components. With `link`, listings of the
    same SKU become items that are new.
    """
    table = _Table(unit.connection, wishes)
    answers = [table.take(wish, mode) for wish in wishes]
    items.save(unit, table.saved, now)
    audit.add_many(unit, [_entry(before, after, now, by) for before, after in table.changes])
    made = [each.sku for each in answers if each.outcome == "created"]
    linked = link_made(unit, made, now) if link else {}
    return [
        msgspec.structs.replace(each, linked=linked.get(each.sku, 0)) if each.outcome == "created" else each
        for each in answers
    ]


class _Table:
    """The items that are touched, as they are after each row."""

    def __init__(self, connection: Connection, wishes: Sequence[Wish]) -> None:
        parts = {part.sku for wish in wishes for part in wish.components or ()}
        found = items.by_skus(connection, {wish.sku for wish in wishes})
        self._guesses = Guesses(connection)
        self._items = {sku: record.item for sku, record in found.items()}
        self._known: set[str] = {*self._items, *items.ids(connection, parts)}
        self._made_of: dict[str, Collection[str]] = dict(items.made_of(connection, parts))
        self.changes: list[tuple[Item | None, Item]] = []
        """Before and after, in their order."""

    @property
    def saved(self) -> list[Item]:
        """Every item that is another one now, once, as it is at last."""
        return list({after.sku: after for _, after in self.changes}.values())

    def take(self, wish: Wish, mode: Mode) -> Saved:
        """Carry out one row, as far as it may be."""
        before = self._items.get(wish.sku)
        if problem := self._misplaced(wish.sku, before, mode):
            return Saved(sku=wish.sku, outcome="refused", problems=(problem,))
        after = changed(before, wish)
        problems = after if isinstance(after, list) else self._kit_problems(before, after)
        if isinstance(after, list) or problems:
            return Saved(sku=wish.sku, outcome="refused", problems=tuple(problems))
        if after == before:
            return Saved(sku=wish.sku, outcome="unchanged")
        self.changes.append((before, after))
        self._items[after.sku] = after
        self._known.add(after.sku)
        self._made_of[after.sku] = {part.sku for part in after.components}
        return Saved(sku=after.sku, outcome="changed" if before else "created")

    def _misplaced(self, sku: str, before: Item | None, mode: Mode) -> Problem | None:
        if mode == "add" and before is not None:
            return Problem(key="sku", message="is an item already; change it with `channelctl item set`")
        if mode == "set" and before is None:
            return Problem(key="sku", message="is no item", nearest=self._guesses.nearest(sku))
        return None

    def _kit_problems(self, before: Item | None, after: Item) -> list[Problem]:
        if before is not None and before.components == after.components:
            return []
        parts = {part.sku for part in after.components}
        problems = [
            Problem(key="components", message=f"{sku} is no item", nearest=self._guesses.nearest(sku))
            for sku in sorted(parts - self._known)
        ]
        if way := circle(after.sku, parts, self._made_of):
            problems.append(Problem(key="components", message=f"goes round in a circle: {' → '.join(way)}"))
        return problems


def _entry(before: Item | None, after: Item, now: datetime, by: str) -> AuditEntry:
    what, code = ("changed", "item.changed") if before else ("created", "item.created")
    found = differences(before, after)
    told = "; ".join(found[:SHOWN]) + (f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else "")
    text = f"Item {after.sku} {what}" + (f": {told}" if told else "")
    return AuditEntry(at=now, code=code, text=text, by=by, sku=after.sku)
