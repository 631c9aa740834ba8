"""Mapping: the channel's words to the seller's own, his services to its carriers (semantics I14, I15)."""

from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.unit import Unit

__all__ = ["Mapping", "MappingKind", "forget", "of_channel", "put", "words"]

MappingKind: TypeAlias = Literal["payment", "shipping", "despatch"]

_mappings = tables.mappings
_orders = tables.orders
_of_channel = select(_mappings.c.tag, _mappings.c.target).where(
    _mappings.c.channel_id == bindparam("channel"), _mappings.c.kind == bindparam("of_kind")
)
_WORDS = {
    "payment": (_orders.c.payment_tag, _orders.c.payment_mapped),
    "shipping": (_orders.c.shipping_tag, _orders.c.shipping_mapped),
}
"""The kinds whose words come with orders."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """One word of a channel: mapped, or met on orders."""

    channel_id: int
    tag: str
    """As the caller normalised it; compared exactly here."""
    target: str | None = None
    """None while it is not mapped."""
    orders: int = 0
    """Orders met with this word."""
    unmapped: int = 0
    """Those among them that were stored with the default."""


def put(unit: Unit, kind: MappingKind, channel_id: int, tag: str, target: str) -> None:
    """Map a word, or map it to something else."""
    statement = insert(_mappings).values(channel_id=channel_id, kind=kind, tag=tag, target=target)
    unit.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id", "kind", "tag"], set_={"target": statement.excluded.target}
        )
    )
    _tell(unit, kind, channel_id, tag)


def forget(unit: Unit, kind: MappingKind, channel_id: int, tag: str) -> bool:
    """Remove a mapping; False when there was none."""
    c = _mappings.c
    result = unit.connection.execute(
        delete(_mappings).where(c.channel_id == channel_id, c.kind == kind, c.tag == tag)
    )
    _tell(unit, kind, channel_id, tag)
    return result.rowcount > 0


def of_channel(connection: Connection, kind: MappingKind, channel_id: int) -> dict[str, str]:
    """Word → target: what a page of orders is mapped with."""
    rows = connection.execute(_of_channel, {"channel": channel_id, "of_kind": kind})
    return {row.tag: row.target for row in rows}


def words(connection: Connection, kind: MappingKind, channel_id: int | None = None) -> list[Mapping]:
    """Mapped words and words met on orders, by channel and word."""
    mapped = select(_mappings.c.channel_id, _mappings.c.tag, _mappings.c.target).where(
        _mappings.c.kind == kind
    )
    if channel_id is not None:
        mapped = mapped.where(_mappings.c.channel_id == channel_id)
    targets = {(channel, word): target for channel, word, target in connection.execute(mapped)}
    numbers = _met(connection, kind, channel_id) if kind in _WORDS else {}
    return [
        Mapping(channel_id=key[0], tag=key[1], target=targets.get(key), orders=seen[0], unmapped=seen[1])
        for key in sorted(targets.keys() | numbers.keys())
        for seen in (numbers.get(key, (0, 0)),)
    ]


def _met(
    connection: Connection, kind: MappingKind, channel_id: int | None
) -> dict[tuple[int, str], tuple[int, int]]:
    """Channel and word → orders with it, and those stored with the default."""
    tag, flag = _WORDS[kind]
    met = (
        select(_orders.c.channel_id, tag, func.count(), func.count().filter(flag.is_(False)))
        .where(tag != "")
        .group_by(_orders.c.channel_id, tag)
    )
    if channel_id is not None:
        met = met.where(_orders.c.channel_id == channel_id)
    return {
        (channel, word): (orders, unmapped) for channel, word, orders, unmapped in connection.execute(met)
    }


def _tell(unit: Unit, kind: MappingKind, channel_id: int, tag: str) -> None:
    """The mapping is another one, and so is the number of orders that the channel shows as unmapped."""
    unit.changed("mapping", (kind, channel_id, tag))
    unit.changed("channel", channel_id)
