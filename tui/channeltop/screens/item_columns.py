"""The columns of an order's lines; amounts are of the order's currency."""

from collections.abc import Callable
from datetime import datetime

from channel_protocol.orders import OrderLine
from channeltop.format import number
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["item_columns"]


def _money(
    name: str, heading: str, currency: str, of: Callable[[OrderLine], int | None], priority: int
) -> Column[OrderLine]:
    return Column(
        name=name,
        heading=heading,
        width=10,
        priority=priority,
        right=True,
        text=lambda row, now: number(of(row), currency),
    )


def _sku_tone(row: OrderLine, now: datetime) -> Tone:
    return "strong" if row.linked else "warn"


def item_columns(currency: str) -> tuple[Column[OrderLine], ...]:
    """An unlinked line shows its SKU in the tone of a warning, and says so."""
    return (
        Column(
            name="sku",
            heading="SKU",
            width=14,
            text=lambda row, now: row.sku if row.linked else f"{row.sku} unlinked",
            tone=_sku_tone,
            grow=1,
        ),
        Column(name="title", heading="Title", width=16, priority=3, text=lambda row, now: row.title, grow=3),
        Column(name="quantity", heading="Qty", width=3, right=True, text=lambda row, now: str(row.quantity)),
        Column(
            name="fulfilled",
            heading="Sent",
            width=4,
            priority=4,
            right=True,
            text=lambda row, now: str(row.fulfilled),
        ),
        _money("net", "Net", currency, lambda row: row.net, 1),
        _money("tax", "Tax", currency, lambda row: row.tax, 1),
        _money("gross", "Gross", currency, lambda row: row.gross, 1),
        Column(
            name="rate", heading="Rate", width=6, priority=5, right=True, text=lambda row, now: row.tax_rate
        ),
        _money("amazon_tax", "Amazon tax", currency, lambda row: row.amazon_tax, 6),
        Column(
            name="notes",
            heading="Notes",
            width=12,
            priority=7,
            text=lambda row, now: _notes(row),
            grow=1,
        ),
    )


def _notes(row: OrderLine) -> str:
    notes = (
        "tax by Amazon" if row.facilitator else "",
        f"cancel asked: {row.cancel_requested}" if row.cancel_requested else "",
        f"gift: {row.gift_wrap}" if row.gift_wrap else "",
    )
    return ", ".join(note for note in notes if note)
