"""The columns of the order list."""

from datetime import datetime

from channel_protocol.orders import OrderRow
from channeltop.format import amount, instant
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["ORDER_COLUMNS", "ORDER_TONES", "order_text"]

ORDER_TONES: dict[str, Tone] = {
    "open": "good",
    "parked": "warn",
    "fulfilled": "",
    "shipped elsewhere": "muted",
    "cancelled": "muted",
    "locked": "muted",
}


def order_text(row: OrderRow) -> str:
    """What words of a filter are looked for in."""
    return (
        f"{row.order_id} {row.channel} {row.account} {row.status} {row.state} {row.flags} {row.email_state} "
        f"{row.location} {row.payment_method} {row.shipping_service} {row.currency}"
    )


def _state_tone(row: OrderRow, now: datetime) -> Tone:
    return ORDER_TONES.get(row.state, "")


def _muted(row: OrderRow, now: datetime) -> Tone:
    return "muted"


def _strong(row: OrderRow, now: datetime) -> Tone:
    return "strong"


def _flag_tone(row: OrderRow, now: datetime) -> Tone:
    return "warn"


def _ship_tone(row: OrderRow, now: datetime) -> Tone:
    late = row.ship_by is not None and row.ship_by < now and row.state in ("open", "parked")
    return "bad" if late else "muted"


ORDER_COLUMNS: tuple[Column[OrderRow], ...] = (
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=_strong,
        order=lambda row: row.order_id,
    ),
    Column(
        name="channel",
        heading="Channel",
        width=9,
        text=lambda row, now: row.channel,
        grow=1,
        order=lambda row: row.channel,
    ),
    Column(
        name="state",
        heading="State",
        width=9,
        text=lambda row, now: row.state,
        tone=_state_tone,
        grow=1,
        order=lambda row: row.state,
    ),
    Column(
        name="status",
        heading="At Amazon",
        width=17,
        priority=4,
        text=lambda row, now: row.status.replace("_", " ").lower(),
        order=lambda row: row.status,
    ),
    Column(
        name="purchased",
        heading="Purchased (UTC)",
        width=16,
        text=lambda row, now: instant(row.purchased_at)[:16],
        tone=_muted,
        order=lambda row: row.purchased_at.timestamp(),
    ),
    Column(
        name="received",
        heading="Received",
        width=16,
        priority=7,
        text=lambda row, now: row.received.replace("T", " ")[:16],
        tone=_muted,
        order=lambda row: row.received,
    ),
    Column(
        name="ship_by",
        heading="Ship by (UTC)",
        width=16,
        priority=3,
        text=lambda row, now: instant(row.ship_by)[:16],
        tone=_ship_tone,
        order=lambda row: row.ship_by.timestamp() if row.ship_by else float("inf"),
    ),
    Column(
        name="total",
        heading="Total",
        width=14,
        right=True,
        text=lambda row, now: amount(row.total, row.currency),
        order=lambda row: -1 if row.total is None else row.total,
    ),
    Column(
        name="units",
        heading="Units",
        width=6,
        priority=4,
        right=True,
        text=lambda row, now: str(row.units),
        order=lambda row: row.units,
    ),
    Column(
        name="email",
        heading="E-mail",
        width=13,
        priority=6,
        text=lambda row, now: row.email_state,
        tone=_muted,
        order=lambda row: row.email_state,
    ),
    Column(
        name="flags",
        heading="Flags",
        width=14,
        priority=5,
        text=lambda row, now: row.flags.replace(",", ", "),
        tone=_flag_tone,
        grow=2,
        order=lambda row: row.flags,
    ),
)
