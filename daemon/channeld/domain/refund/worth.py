"""What units of an order are worth to its buyer: what he gets back when they are cancelled (semantics C2)."""

from channeld.domain.ledger.effects import Cancel
from channeld.domain.refund.charged import PER_UNIT
from channeld.domain.refund.plan import ChargedOrder
from channeld.domain.refund.shares import share_of

__all__ = ["worth_of"]


def worth_of(order: ChargedOrder, effect: Cancel) -> int | None:
    """Minor units; None while Amazon shows no reliable money. Shipping goes with the last units of a line."""
    lines = {line.order_item_id: line for line in order.lines}
    total = 0
    for part in effect.lines:
        line = lines[part.order_item_id]
        if line.charged is None or not order.currency:
            return None
        before = line.shipped + line.cancelled
        for component, minor in line.charged.items():
            if component in PER_UNIT:
                total += share_of(minor, line.quantity, before, part.quantity)
            elif before + part.quantity == line.quantity and not (line.shipped or line.processed):
                total += minor
    return total
