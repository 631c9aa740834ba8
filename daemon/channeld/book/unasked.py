"""Orders of marketplaces that a search did not ask for: a sign of damage, so they are not passed over."""

from collections.abc import Set

import msgspec

from channeld.book.quarantining import Damaged
from channeld.book.readings import Readings
from channeld.domain.order import IncomingOrder

__all__ = ["set_apart"]


def set_apart(readings: Readings, asked: Set[str]) -> Readings:
    """The same readings with such orders among the damaged ones, of no known channel.

    Read again by its id, an order goes to whichever channel it then says it is of.
    """
    if not asked:
        return readings
    strangers = [order for order in readings.orders if _is_strange(order, asked)]
    return Readings(
        orders=tuple(order for order in readings.orders if not _is_strange(order, asked)),
        damaged=(*(_placed(each, asked) for each in readings.damaged), *map(_damaged, strangers)),
    )


def _is_strange(order: IncomingOrder, asked: Set[str]) -> bool:
    return order.on_amazon and order.marketplace_id not in asked


def _placed(damaged: Damaged, asked: Set[str]) -> Damaged:
    if damaged.marketplace_id in asked:
        return damaged
    return msgspec.structs.replace(damaged, marketplace_id="")


def _damaged(order: IncomingOrder) -> Damaged:
    return Damaged(
        order_id=order.order_id,
        marketplace_id="",
        reason="is no marketplace that was asked for",
        field="salesChannel.marketplaceId",
        updated_at=order.updated_at,
        personal=order.personal,
        payload=order.payload,
    )
