"""What a cancellation or a refund gives back, before and after it is done."""

from channel_protocol.order_answers import LineUnits, OrderCancelled, OrderRefunded, RefundLine
from channelctl.output import Columns, note, print_table
from channelctl.words import amount, money

__all__ = ["UNITS", "cancel_question", "given_back", "print_cancelled", "print_refunded"]

UNITS: Columns[LineUnits] = {"SKU": "sku", "Order item": "line", "Units": "quantity"}
HERE_ONLY = "Cancelled here only; Amazon is not told and no money goes back."
UNKNOWN = "what they paid (Amazon shows no reliable money)"


def given_back(answer: OrderCancelled | OrderRefunded) -> str:
    """The sum, in a sentence."""
    return UNKNOWN if answer.amount is None else money(answer.amount, answer.currency)


def cancel_question(seen: OrderCancelled) -> str:
    """Before it is done."""
    if seen.here_only:
        return f"Cancel this? {HERE_ONLY}"
    return f"Cancel this? The buyer gets back {given_back(seen)}."


def print_cancelled(answer: OrderCancelled) -> None:
    """The units, and what the buyer gets back."""
    print_table(answer.lines, UNITS)
    note(f"\n{HERE_ONLY}" if answer.here_only else f"\nTotal: the buyer gets back {given_back(answer)}.")


def print_refunded(answer: OrderRefunded) -> None:
    """A row for each line, and the sum of them."""
    print_table(answer.lines, _columns(answer.currency))
    note(f"\nTotal: {given_back(answer)}.")


def _columns(currency: str) -> Columns[RefundLine]:
    return {
        "Line": lambda line: line.sku or line.order_item_id,
        "Title": lambda line: line.title if len(line.title) <= 30 else f"{line.title[:29]}…",
        "Components": lambda line: ", ".join(
            f"{name} {amount(minor, currency)}" for name, minor in line.components.items()
        ),
        "Refund": lambda line: money(line.amount, currency),
        "Charged": lambda line: money(line.charged, currency),
        "Refunded before": lambda line: money(line.refunded, currency),
        "Left after": lambda line: money(line.left, currency),
        "By": lambda line: "cancellation" if line.by_cancellation else "adjustment",
        "Work": "work_id",
    }
