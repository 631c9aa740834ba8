"""Amazon's JSON of orders, each read by itself: a damaged one is set apart with its reason (semantics C5)."""

from collections.abc import Iterable

import msgspec

from channeld.amazon.errors import UnreadableOrder
from channeld.amazon.orders import read_order
from channeld.amazon.personal import split_raw
from channeld.book.quarantining import Damaged
from channeld.domain.order import IncomingOrder

__all__ = ["Readings", "read_all"]


class Readings(msgspec.Struct, frozen=True, kw_only=True):
    """What a page, or a single read, brought."""

    orders: tuple[IncomingOrder, ...] = ()
    damaged: tuple[Damaged, ...] = ()


def read_all(raws: Iterable[bytes]) -> Readings:
    """Read every order; raises nothing for any content. Made for a worker thread: it touches nothing else."""
    orders: list[IncomingOrder] = []
    damaged: list[Damaged] = []
    for raw in raws:
        try:
            orders.append(read_order(raw))
        except UnreadableOrder as fault:
            damaged.append(_damaged(raw, fault))
    return Readings(orders=tuple(orders), damaged=tuple(damaged))


def _damaged(raw: bytes, fault: UnreadableOrder) -> Damaged:
    personal, payload = split_raw(raw)
    return Damaged(
        order_id=fault.order_id or "",
        marketplace_id=fault.marketplace_id or "",
        reason=fault.reason,
        field=fault.field,
        updated_at=fault.updated_at,
        personal=personal,
        payload=payload,
    )
