"""One order on the screen, and the buyer's data only when it is asked for."""

from collections.abc import Sequence
from typing import Any

from channel_protocol.audit import AuditRow
from channel_protocol.orders import OrderLine, OrderPersonal, OrderRow, OrderShown, RevealOrder, ShowOrder
from channel_protocol.work import ListWork, WorkList, WorkRow
from channelctl.output import Columns, flat, note, print_facts, print_json, print_table
from channelctl.shared import Caller
from channelctl.shown_work import OF_ONE_ORDER
from channelctl.words import moment, money

__all__ = ["show_order"]

AUDIT: Columns[AuditRow] = {"Time": "at", "What": "text", "Reason": "reason", "By": "by"}
WORK = {"despatch": "Despatch notes", "cancellation": "Cancellations", "refund": "Refunds"}
MOST_WORK = 1000
"""Pieces of outbound work of one order that are shown."""


def show_order(caller: Caller, order_id: str, channel: str | None, reveal_as: str | None) -> None:
    """Print an order; with `reveal_as`, a command id, also its personal data (audited by the daemon)."""
    with caller.connect() as link:
        shown = link.request(ShowOrder(order_id=order_id, channel=channel), OrderShown)
        ours = ListWork(order_id=order_id, channel=shown.row.channel, limit=MOST_WORK)
        work = link.request(ours, WorkList).rows
        personal = None
        if reveal_as:
            reveal = RevealOrder(command_id=reveal_as, order_id=order_id, channel=shown.row.channel)
            personal = link.request(reveal, OrderPersonal)
    if caller.json:
        print_json(_document(shown, work, personal))
    else:
        _print(shown, work, personal)


def _document(shown: OrderShown, work: Sequence[WorkRow], personal: OrderPersonal | None) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "items": [flat(line) for line in shown.items],
        "explanation": shown.explanation,
        "facts": shown.facts,
        "work": [flat(row) for row in work],
        "audit": [flat(entry) for entry in shown.audit],
    }
    if personal:
        parts["personal"] = {"removed_at": personal.removed_at, "fields": personal.fields}
    return flat(shown.row) | parts


def _print(shown: OrderShown, work: Sequence[WorkRow], personal: OrderPersonal | None) -> None:
    print_facts(_facts(shown.row) | shown.facts)
    if shown.items:
        note("\nLines")
        print_table(shown.items, _columns(shown.row.currency))
    if shown.explanation:
        note("\nHow the total comes about")
        for sentence in shown.explanation:
            note(f"  {sentence}")
    _print_work(work)
    if personal:
        note("\nPersonal data")
        _print_personal(personal)
    if shown.audit:
        note("\nHistory")
        print_table(shown.audit, AUDIT)


def _print_work(work: Sequence[WorkRow]) -> None:
    for kind, heading in WORK.items():
        if rows := [row for row in work if row.kind == kind]:
            note(f"\n{heading}")
            print_table(rows, OF_ONE_ORDER)


def _print_personal(personal: OrderPersonal) -> None:
    if personal.removed_at:
        note(f"Removed for good at {moment(personal.removed_at)}.")
    elif personal.fields:
        print_facts(personal.fields)
    else:
        note("Amazon has shown none.")


def _facts(row: OrderRow) -> dict[str, object]:
    return {
        "Order": row.order_id,
        "Channel": row.channel,
        "Status": row.status,
        "State": row.state,
        "Fulfilled by": row.fulfilled_by,
        "Location": row.location,
        "Purchased": row.purchased_at,
        "Order received date": row.received,
        "Last updated": row.updated_at,
        "Ship by": row.ship_by,
        "Deliver by": row.deliver_by,
        "Total": money(row.total, row.currency),
        "Of it tax": money(row.tax, row.currency),
        "Payment method": row.payment_method,
        "Shipping service": row.shipping_service,
        "E-mail": row.email_state,
        "Flags": row.flags,
    }


def _columns(currency: str) -> Columns[OrderLine]:
    return {
        "SKU": "sku",
        "Title": lambda line: line.title if len(line.title) <= 40 else f"{line.title[:39]}…",
        "Quantity": "quantity",
        "Fulfilled": "fulfilled",
        "Linked": "linked",
        "Net": lambda line: money(line.net, currency),
        "Tax": lambda line: money(line.tax, currency),
        "Gross": lambda line: money(line.gross, currency),
        "Tax rate": "tax_rate",
    }
