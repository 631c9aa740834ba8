"""Items with their barcodes, properties and components: read and written many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, literal_column, or_, select

from channeld.domain.item import Item, Part
from channeld.domain.listing.linking import folded, title_key
from channeld.store import stale_stock, tables
from channeld.store.batch import Append, Upsert
from channeld.store.rows import given
from channeld.store.unit import Unit

__all__ = [
    "ItemRecord",
    "by_skus",
    "ids",
    "kits_of",
    "made_of",
    "nearest_skus",
    "page",
    "properties",
    "save",
    "skus",
]

_items = tables.items
_barcodes = tables.item_barcodes
_properties = tables.item_properties
_components = tables.item_components

_upsert = Upsert(
    _items,
    ("sku", "sku_folded", "title", "title_key", "created_at", "changed_at", "version"),
    key=("sku",),
    keep=("created_at",),
    computed={"version": lambda _excluded: _items.c.version + literal_column("1")},
)
_add_barcodes = Append(_barcodes, ("item_id", "barcode"))
_add_properties = Append(_properties, ("item_id", "name", "value"))
_add_components = Append(_components, ("kit_id", "component_id", "quantity"))

_columns = (
    _items.c.id,
    _items.c.sku,
    _items.c.title,
    _items.c.created_at,
    _items.c.changed_at,
    _items.c.version,
)
_by_skus = select(*_columns).where(_items.c.sku.in_(given("skus")))
_ids = select(_items.c.sku, _items.c.id).where(_items.c.sku.in_(given("skus")))
_skus = select(_items.c.id, _items.c.sku).where(_items.c.id.in_(given("ids")))
_barcodes_of = select(_barcodes.c.item_id, _barcodes.c.barcode).where(_barcodes.c.item_id.in_(given("ids")))
_properties_of = select(_properties.c.item_id, _properties.c.name, _properties.c.value).where(
    _properties.c.item_id.in_(given("ids"))
)
_components_of = (
    select(_components.c.kit_id, _items.c.sku, _components.c.quantity)
    .join(_items, _items.c.id == _components.c.component_id)
    .where(_components.c.kit_id.in_(given("ids")))
)


class ItemRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An item as the book keeps it."""

    id: int
    item: Item
    created_at: datetime
    changed_at: datetime
    version: int


def by_skus(connection: Connection, skus: Collection[str]) -> dict[str, ItemRecord]:
    """Those of these items that there are; four queries, however many."""
    found = _load(connection, _by_skus, {"skus": tuple(skus)}) if skus else []
    return {record.item.sku: record for record in found}


def ids(connection: Connection, skus: Collection[str]) -> dict[str, int]:
    """SKU → the book's own key, of those that there are."""
    return {row.sku: row.id for row in connection.execute(_ids, {"skus": tuple(skus)})} if skus else {}


def skus(connection: Connection, item_ids: Collection[int]) -> dict[int, str]:
    """SKUs by the book's own keys."""
    return {row.id: row.sku for row in connection.execute(_skus, {"ids": tuple(item_ids)})}


def properties(connection: Connection, item_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Of those of these items that have any, by the book's own keys: name → value."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if item_ids:
        for item_id, name, value in connection.execute(_properties_of, {"ids": tuple(item_ids)}):
            found[item_id][name] = value
    return found


def page(connection: Connection, find: str, after: str, limit: int) -> list[ItemRecord]:
    """By SKU. `find`: part of SKU, title or barcode; `after`: the last SKU of the page before."""
    query = select(*_columns).where(_items.c.sku > after).order_by(_items.c.sku).limit(limit)
    if find:
        with_barcode = select(_barcodes.c.item_id).where(_barcodes.c.barcode.contains(find, autoescape=True))
        in_text = (
            _items.c.sku_folded.contains(folded(find), autoescape=True),
            _items.c.title.contains(find, autoescape=True),
        )
        query = query.where(or_(*in_text, _items.c.id.in_(with_barcode)))
    return _load(connection, query, {})


def nearest_skus(connection: Connection, sku: str, limit: int = 50) -> list[str]:
    """SKUs that begin alike, or are the same but for capitals: to say which one may have been meant."""
    start = folded(sku[:2])
    query = (
        select(_items.c.sku)
        .where(
            or_(_items.c.sku_folded == folded(sku), _items.c.sku_folded.startswith(start, autoescape=True))
        )
        .order_by(_items.c.sku_folded != folded(sku), _items.c.sku)
        .limit(limit)
    )
    return list(connection.scalars(query))


def kits_of(connection: Connection, item_id: int, limit: int) -> list[str]:
    """SKUs of the first kits that have it as a component."""
    query = (
        select(_items.c.sku)
        .join(_components, _components.c.kit_id == _items.c.id)
        .where(_components.c.component_id == item_id)
        .order_by(_items.c.sku)
        .limit(limit)
    )
    return list(connection.scalars(query))


def made_of(connection: Connection, skus: Collection[str]) -> dict[str, set[str]]:
    """Kit → its components, by SKU: of these items, of what they are made of, and so on to the bottom."""
    if not skus:
        return {}
    below = select(_items.c.id).where(_items.c.sku.in_(given("skus"))).cte("below", recursive=True)
    below = below.union(select(_components.c.component_id).join(below, _components.c.kit_id == below.c.id))
    part = _items.alias("part")
    query = (
        select(_items.c.sku, part.c.sku)
        .join(_components, _components.c.kit_id == _items.c.id)
        .join(part, part.c.id == _components.c.component_id)
        .where(_items.c.id.in_(select(below.c.id)))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for kit, component in connection.execute(query, {"skus": tuple(skus)}):
        found[kit].add(component)
    return found


def save(unit: Unit, items: Sequence[Item], now: datetime) -> dict[str, int]:
    """Insert or replace items; the book's key of each.

    The caller has decided that each of them is another one now. Components must be there already, or be among
    them.
    """
    if not items:
        return {}
    connection = unit.connection
    _upsert.run(
        connection,
        ((each.sku, folded(each.sku), each.title, title_key(each.title), now, now, 1) for each in items),
    )
    wanted = {each.sku for each in items} | {part.sku for each in items for part in each.components}
    keys = ids(connection, wanted)
    saved = {each.sku: keys[each.sku] for each in items}
    stale_stock.mark_items(unit, saved.values(), now)  # with what kits have been made of
    for table, column in ((_barcodes, "item_id"), (_properties, "item_id"), (_components, "kit_id")):
        connection.execute(
            delete(table).where(table.c[column].in_(given("ids"))), {"ids": tuple(saved.values())}
        )
    _add_barcodes.run(connection, ((keys[each.sku], barcode) for each in items for barcode in each.barcodes))
    _add_properties.run(
        connection,
        ((keys[each.sku], name, value) for each in items for name, value in each.properties.items()),
    )
    _add_components.run(
        connection,
        ((keys[each.sku], keys[part.sku], part.quantity) for each in items for part in each.components),
    )
    stale_stock.mark_items(unit, saved.values(), now)
    unit.changed("item", *saved)
    return saved


def _load(
    connection: Connection, query: Select[*tuple[Any, ...]], parameters: Mapping[str, object]
) -> list[ItemRecord]:
    rows = connection.execute(query, parameters).all()
    of = {"ids": tuple(row.id for row in rows)}
    barcodes = _grouped(connection.execute(_barcodes_of, of)) if rows else {}
    properties = _grouped(connection.execute(_properties_of, of)) if rows else {}
    components = _grouped(connection.execute(_components_of, of)) if rows else {}
    return [
        ItemRecord(
            id=row.id,
            item=Item(
                sku=row.sku,
                title=row.title,
                barcodes=tuple(barcode for (barcode,) in barcodes.get(row.id, ())),
                properties=dict(properties.get(row.id, ())),
                components=tuple(
                    Part(sku=sku, quantity=quantity) for sku, quantity in components.get(row.id, ())
                ),
            ),
            created_at=row.created_at,
            changed_at=row.changed_at,
            version=row.version,
        )
        for row in rows
    ]


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[int, list[Any]]:
    """By the first column; sorted."""
    found: dict[int, list[Any]] = defaultdict(list)
    for key, *rest in sorted(map(tuple, rows)):
        found[key].append(rest)
    return found
