"""An order's money as a refund sees it: what was charged, and what was given back by whom (semantics C3)."""

from collections import Counter

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger.order_history import OrderHistory
from channeld.domain.order_state import OrderState
from channeld.domain.order_units import LineFacts, cancelled_of
from channeld.domain.refund.balances import ChargedLine, Elsewhere
from channeld.domain.refund.charged import charged_for
from channeld.domain.refund.plan import ChargedOrder
from channeld.domain.tax import TaxPolicy
from channeld.store import ledger_lists, transactions
from channeld.store.order_records import LineRecord, OrderRecord

__all__ = ["charged_order"]


def charged_order(
    connection: Connection,
    account_id: int,
    order: OrderRecord,
    history: OrderHistory,
    *,
    without: int | None = None,
) -> ChargedOrder:
    """By what is stored. `without`: a refund of ours that does not count, as it is the one to be judged.

    Amazon's own transactions count where they prove no refund of ours.
    """
    policy = order.tax_policy or TaxPolicy(style="included")
    refunded = _refunded(connection, order.id, without)
    foreign = [t for t in transactions.of_order(connection, account_id, order.order_id) if t.work_id is None]
    return ChargedOrder(
        state=OrderState(order.state),
        fulfilled_by=order.fulfilled_by,
        currency=order.currency,
        tax_apart=policy.style == "added",
        lines=tuple(_line(line, policy, history, refunded.get(line.order_item_id)) for line in order.lines),
        elsewhere=tuple(Elsewhere(sku=t.sku, minor=t.minor) for t in foreign if t.currency == order.currency),
    )


def _line(
    line: LineRecord, policy: TaxPolicy, history: OrderHistory, refunded: Counter[str] | None
) -> ChargedLine:
    """Amazon's money is for the units that it shows as ordered now, so only of those are any cancelled."""
    local = history.local_units
    cancelled = cancelled_of(msgspec.convert(line, LineFacts, from_attributes=True), local)
    return ChargedLine(
        order_item_id=line.order_item_id,
        sku=line.sku,
        quantity=line.quantity,
        shipped=line.fulfilled,
        processed=local.processed.get(line.order_item_id, 0),
        cancelled=max(0, cancelled - (line.ordered - line.quantity)),
        cancelled_there=max(0, line.quantity - line.fulfilled - line.unfulfilled),
        charged=_charged(line, policy),
        refunded=refunded or {},
    )


def _charged(line: LineRecord, policy: TaxPolicy) -> dict[str, int] | None:
    """None when the money that Amazon showed last was for another number of units."""
    if line.amounts is None or line.priced != line.quantity:
        return None
    return charged_for(line.amounts, policy)


def _refunded(connection: Connection, order_pk: int, without: int | None) -> dict[str, Counter[str]]:
    """Components by line, of adjustments of ours that are paid, on their way, or not settled."""
    given: dict[str, Counter[str]] = {}
    for record, refund in ledger_lists.refunded(connection, order_pk):
        if record.id != without and not refund.by_cancellation:
            of_line = given.setdefault(refund.order_item_id, Counter())
            of_line.update({component.type: component.minor for component in refund.components})
    return given
