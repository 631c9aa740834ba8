"""The ship-by board on the wire: orders of which Amazon is still to be told that they left."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channel_protocol.order_answers import DueRow
from channeld.book.ledger.order_history import OrderHistory, history_of
from channeld.control.rows.orders import order_row
from channeld.domain.ledger.states import State
from channeld.domain.marketplaces import BY_ID
from channeld.domain.order_units import OrderFacts, left_over
from channeld.domain.ship_by import AT_RISK, risk_of
from channeld.store import channels
from channeld.store.channels import Channel
from channeld.store.names import Names, names
from channeld.store.order_records import OrderRecord
from channeld.store.orders_to_send import count_untouched, to_send

__all__ = ["due_board", "due_counts", "due_rows"]

PAGE = 500
MOST = 100_000
_BEHIND = (State.NEEDS_ATTENTION, State.UNKNOWN, State.QUEUED, State.SENDING)
"""States of notes, the one that is furthest from done first."""


def due_board(
    connection: Connection,
    now: datetime,
    limit: int,
    channel_id: int | None = None,
    *,
    touched: bool = False,
) -> list[DueRow]:
    """The nearest ship-by time first. Orders that were told and not shown as sent yet are passed over.

    `touched`: only orders of which something was done here.
    """
    rows: list[DueRow] = []
    last: OrderRecord | None = None
    while len(rows) < limit:
        found = to_send(connection, PAGE, channel_id, last, touched=touched)
        rows += due_rows(connection, found, now)
        if len(found) < PAGE:
            break
        last = found[-1]
    return rows[:limit]


def due_counts(connection: Connection, now: datetime, channel_id: int | None = None) -> tuple[int, int, int]:
    """All orders of the board: overdue, at risk, on track. Most of them need not be read for that."""
    risks = Counter(row.risk for row in due_board(connection, now, MOST, channel_id, touched=True))
    late, near, far = count_untouched(connection, now, now + AT_RISK, channel_id)
    return late + risks["overdue"], near + risks["at risk"], far + risks["on track"]


def due_rows(connection: Connection, found: Sequence[OrderRecord], now: datetime) -> list[DueRow]:
    """Those among these orders that have something to be sent or told; a handful of queries for all."""
    known = names(connection)
    by_id = {c.id: c for c in channels.all_channels(connection)}
    history = history_of(connection, [order.id for order in found])
    rows = (
        _row(order, history[order.id], by_id[order.channel_id], known, now)
        for order in found
        if order.despatch_duty and order.channel_id in by_id
    )
    return [row for row in rows if row.units]


def _row(order: OrderRecord, history: OrderHistory, channel: Channel, known: Names, now: datetime) -> DueRow:
    marketplace = BY_ID[channel.marketplace_id]
    facts = msgspec.convert(order, OrderFacts, from_attributes=True)
    return DueRow(
        version=_version(order, history),
        order_id=order.order_id,
        channel=channel.name,
        account=known.account(channel.account_id),
        marketplace=marketplace.code,
        zone=marketplace.zone,
        ship_by=order.ship_by_latest,
        units=left_over(facts, history.local_units) + history.untold,
        risk=risk_of(order.ship_by_latest, now),
        note=_note(history),
        service=order.shipping_service,
        flags=order_row(order, known, {}).flags,
    )


def _version(order: OrderRecord, history: OrderHistory) -> int:
    """Grows with whatever the row is made of, as none of that is ever removed."""
    return (
        order.version + len(history.parcels) + len(history.withdrawals) + sum(r.version for r in history.work)
    )


def _note(history: OrderHistory) -> str:
    states = {record.state for record in history.notes}
    untold = next((state.value for state in _BEHIND if state in states), "")
    return untold or (State.SUBMITTED.value if State.SUBMITTED in states else "")
