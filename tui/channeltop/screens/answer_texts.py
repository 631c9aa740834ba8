"""What a cancellation or a refund would do, in money, for the question before it."""

from collections.abc import Iterable

from textual.content import Content

from channel_protocol.order_answers import LineUnits, OrderCancelled, OrderRefunded, RefundLine
from channeltop.format import amount, number
from channeltop.widgets.tones import joined, toned

__all__ = ["cancel_preview", "refund_preview"]


def refund_preview(seen: OrderRefunded) -> Content:
    """Line by line: what of it, what was charged, what went back before and what would be left; the sum."""
    lines = [part for line in seen.lines for part in _refunded(line, seen.currency)]
    total = toned(f"{amount(seen.amount, seen.currency)} go back to the buyer", "strong")
    return Content("\n").join((*lines, total, *_said(seen.message)))


def cancel_preview(seen: OrderCancelled) -> Content:
    """What would be cancelled, and what the buyer gets back."""
    lines = [_units(each) for each in seen.lines]
    final = toned("A cancellation cannot be taken back.", "warn")
    return Content("\n").join((*lines, Content(), _given_back(seen), final, *_said(seen.message)))


def _units(each: LineUnits) -> Content:
    item = toned(f"item {each.line}" if each.sku else "", "muted")
    return joined((Content(f"{each.quantity} × {each.sku or each.line}"), item))


def _given_back(seen: OrderCancelled) -> Content:
    if seen.here_only:
        return toned("Cancelled here only; Amazon is not told and no money goes back.", "strong")
    if seen.amount is None:
        return toned("What goes back is not known: Amazon shows no reliable money.", "warn")
    return toned(f"{amount(seen.amount, seen.currency)} go back to the buyer, by Amazon", "strong")


def _refunded(line: RefundLine, currency: str) -> Iterable[Content]:
    yield joined(
        (toned(line.sku, "strong"), Content(line.title), toned(amount(line.amount, currency), "accent"))
    )
    parts = " + ".join(f"{name} {number(minor, currency)}" for name, minor in line.components.items())
    yield toned(f"  {parts}")
    yield toned(
        f"  charged {number(line.charged, currency)}, given back before {number(line.refunded, currency)}, "
        f"left after this {number(line.left, currency)}",
        "muted",
    )
    if line.by_cancellation:
        yield toned("  not shipped: Amazon gives it back when it cancels the line", "warn")
    yield Content()


def _said(message: str) -> Iterable[Content]:
    return (Content(), Content(message)) if message else ()
