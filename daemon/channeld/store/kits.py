"""What kits are made of, by the book's own keys, as far down and up as it goes."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from channeld.store import tables
from channeld.store.rows import given

__all__ = ["kits_above", "made_of"]

_components = tables.item_components

_below = select(given("items").subquery().c.value.label("id")).cte("below", recursive=True)
_below = _below.union(select(_components.c.component_id).join(_below, _components.c.kit_id == _below.c.id))
_parts_below = select(_components.c.kit_id, _components.c.component_id, _components.c.quantity).where(
    _components.c.kit_id.in_(select(_below.c.id))
)
_above = select(given("items").subquery().c.value.label("id")).cte("above", recursive=True)
_above = _above.union(select(_components.c.kit_id).join(_above, _components.c.component_id == _above.c.id))
_ids_above = select(_above.c.id)


def made_of(connection: Connection, item_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Kit → its components and how many of each: of these items and of all that they are made of."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    if item_ids:
        for kit, part, quantity in connection.execute(_parts_below, {"items": tuple(item_ids)}):
            found[kit][part] = quantity
    return dict(found)


def kits_above(connection: Connection, item_ids: Collection[int]) -> set[int]:
    """These items, and all kits that have any of them somewhere below."""
    return set(connection.scalars(_ids_above, {"items": tuple(item_ids)})) if item_ids else set()
