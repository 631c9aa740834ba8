"""What the audit trail says when an order is stored or changes. Nothing personal is in any of it."""

from channeld.domain.booked import Booking, Entry, Stored
from channeld.domain.email import EmailState
from channeld.domain.money import format_amount
from channeld.domain.order import IncomingOrder
from channeld.domain.order_state import Merge, OrderState, rank
from channeld.domain.tax import line_money, order_total

__all__ = ["email_settled", "entries"]


def entries(incoming: IncomingOrder, stored: Stored | None, booking: Booking) -> tuple[Entry, ...]:
    """Everything worth telling about this arrival, in reading order."""
    if stored is None:
        told = [_stored(incoming, booking)]
    elif booking.merge is Merge.FILL:
        told = [_completed(incoming, booking)] if booking.state is not stored.state else []
    else:
        told = [_changed(incoming, stored, booking)]
    return (
        *told,
        *_fulfilled(incoming, stored, booking),
        *_cancel_request(incoming, stored),
        *_email(stored, booking),
    )


def email_settled(state: EmailState) -> Entry:
    """The address did not come in time (semantics C4)."""
    if state is EmailState.ALTERNATE:
        return Entry("email.alternate", "E-mail address not disclosed; the channel's default stands in")
    return Entry("email.not_disclosed", "E-mail address not disclosed by Amazon")


def _stored(incoming: IncomingOrder, booking: Booking) -> Entry:
    what = f"{incoming.status}, {_contents(incoming, booking)}"
    return Entry("order.stored", f"Order stored as {booking.state}: {what}")


def _completed(incoming: IncomingOrder, booking: Booking) -> Entry:
    return Entry("order.completed", f"Order is complete and {booking.state}: {_contents(incoming, booking)}")


def _changed(incoming: IncomingOrder, stored: Stored, booking: Booking) -> Entry:
    moved = f"from {stored.status} to {incoming.status}"
    if rank(incoming.status) < rank(stored.status):
        return Entry("order.went_back", f"Amazon went back {moved}; the order is {booking.state}")
    if booking.state is stored.state:
        how = f"still {incoming.status}" if incoming.status == stored.status else moved
        return Entry("order.changed", f"Order changed on Amazon, {how}")
    if booking.state is OrderState.CANCELLED:
        return Entry("order.cancelled", f"Cancelled on Amazon, {moved}")
    if stored.state is OrderState.INCOMPLETE:
        return _completed(incoming, booking)
    if stored.state is OrderState.PARKED:
        return Entry("order.unparked", f"Un-parked: {moved}, {_money(incoming, booking)}")
    return Entry("order.changed", f"Order went {moved}")


def _fulfilled(incoming: IncomingOrder, stored: Stored | None, booking: Booking) -> list[Entry]:
    """Once, with Amazon's time (semantics I18)."""
    known = stored is not None and stored.state is OrderState.FULFILLED
    if booking.state is not OrderState.FULFILLED or known:
        return []
    moment = incoming.shipped_at or incoming.updated_at
    return [Entry("order.fulfilled", f"Fulfilled by Amazon at {moment:%Y-%m-%d %H:%M:%S} UTC")]


def _cancel_request(incoming: IncomingOrder, stored: Stored | None) -> list[Entry]:
    asked = any(line.cancel_requested for line in incoming.lines)
    if not asked or (stored and stored.cancel_requested):
        return []
    return [Entry("order.cancel_requested", "The buyer asked to cancel; nothing is done by itself")]


def _email(stored: Stored | None, booking: Booking) -> tuple[Entry, ...]:
    before = stored.email_state if stored else EmailState.NONE
    if booking.email is before or booking.email in (EmailState.NONE, EmailState.PENDING):
        return ()
    if booking.email is EmailState.DISCLOSED:
        if stored is None:
            return ()  # it came with the order, which is no news
        late = before in (EmailState.ALTERNATE, EmailState.NOT_DISCLOSED)
        return (Entry("email.disclosed", "E-mail address disclosed" + (" after all" if late else "")),)
    return (email_settled(booking.email),)


def _contents(incoming: IncomingOrder, booking: Booking) -> str:
    units = sum(line.quantity for line in incoming.lines)
    return f"{_number(len(incoming.lines), 'line')}, {_number(units, 'unit')}, {_money(incoming, booking)}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _money(incoming: IncomingOrder, booking: Booking) -> str:
    """The order's total, or that Amazon shows none yet."""
    lines = [
        line_money(line.amounts, facilitator=line.facilitator, policy=booking.tax_policy)
        for line in incoming.lines
        if line.amounts is not None
    ]
    if not incoming.currency or not lines or len(lines) < len(incoming.lines):
        return "no reliable money yet"
    return format_amount(order_total(lines, tip=incoming.delivery_tip), incoming.currency)
