"""The texts of an order's detail."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from textual.content import Content

from channel_protocol.orders import OrderPersonal, OrderRow
from channel_protocol.work import WorkRow
from channeltop.format import age, amount, instant, things
from channeltop.screens.order_columns import ORDER_TONES
from channeltop.widgets.tones import joined, toned

__all__ = ["aligned", "answers", "facts", "heading", "personal"]


def heading(row: OrderRow, now: datetime) -> Content:
    """Which order, how it stands, and what it is worth."""
    first = joined(
        (
            toned(row.order_id, "strong"),
            Content(row.channel),
            toned(row.state, ORDER_TONES.get(row.state, "")),
            Content(row.status.replace("_", " ").lower()),
            toned(row.flags.replace(",", ", "), "warn"),
        )
    )
    second = joined(
        (
            toned(amount(row.total, row.currency), "strong"),
            Content(f"tax {amount(row.tax, row.currency)}"),
            Content(things(row.units, "unit")),
            toned(f"purchased {age(row.purchased_at, now)} ago", "muted"),
        )
    )
    return first + "\n" + second


def facts(row: OrderRow, more: Mapping[str, str]) -> Content:
    """Names and values, aligned."""
    own = {
        "account": row.account,
        "location": row.location,
        "fulfilled by": row.fulfilled_by.lower(),
        "purchased": f"{instant(row.purchased_at)} UTC",
        "received": row.received.replace("T", " "),
        "updated at Amazon": f"{instant(row.updated_at)} UTC",
        "ship by": f"{instant(row.ship_by)} UTC" if row.ship_by else "",
        "deliver by": f"{instant(row.deliver_by)} UTC" if row.deliver_by else "",
        "payment": row.payment_method,
        "shipping": row.shipping_service,
        "e-mail": row.email_state,
    }
    return aligned({**own, **more})


def answers(rows: Iterable[WorkRow]) -> Content:
    """What is wrong with what Amazon was to be told, and what to do; nothing if all is well."""
    lines = (
        joined((toned(f"{row.kind}: {row.reason}", "bad"), toned(row.hint, "accent")), "  →  ")
        for row in rows
        if row.state == "needs_attention"
    )
    return Content("\n").join(lines)


def personal(reply: OrderPersonal) -> Content:
    """The personal data, or that it was removed."""
    if not reply.fields:
        removed = (
            f"Removed for good at {instant(reply.removed_at)} UTC." if reply.removed_at else "There is none."
        )
        return toned(f"{removed} v reads the order again from Amazon.", "muted")
    return aligned(reply.fields)


def aligned(pairs: Mapping[str, str]) -> Content:
    """Names and values below each other; those without a value are left out."""
    shown = {name: value for name, value in pairs.items() if value}
    width = max((len(name) for name in shown), default=0)
    lines = [toned(f"{name.replace('_', ' '):<{width}}  ", "muted") + value for name, value in shown.items()]
    return Content("\n").join(lines)
