"""One order arrives: what the book makes of it (semantics C0, C4, C6, I14, I15, I18, P1). Pure."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from channeld.domain import booking_audit
from channeld.domain.booked import Booking, Due, Mapped, Rules, Stored
from channeld.domain.email import EmailState, email_state
from channeld.domain.mapping import look_up, payment_tag, shipping_tag
from channeld.domain.order import IncomingOrder
from channeld.domain.order_state import (
    Merge,
    OrderState,
    awaits_amazon,
    decide,
    discloses_email,
    order_state,
    reduces_stock,
    was_seen_before_shipping,
)
from channeld.domain.received import received_date
from channeld.domain.reread import Reread, delay
from channeld.domain.retention import KEPT_AFTER_RECOVERY, kept_until

__all__ = ["book"]


def book(
    incoming: IncomingOrder,
    stored: Stored | None,
    rules: Rules,
    now: datetime,
    *,
    for_a_person: bool = False,
) -> Booking:
    """Decide everything about one order that arrives.

    `for_a_person`: somebody asked for this very order, so its personal data is kept for a day at least.
    """
    merge = decide(
        incoming, stored_at=stored and stored.updated_at, stored_status=stored.status if stored else ""
    )
    order = _as_it_stands(incoming, stored, merge)
    settings = rules.settings
    seen_before = stored is not None and was_seen_before_shipping(stored.status, stored.state)
    state = _state(order, stored, merge, seen_before=seen_before)
    until = _kept_until(order, stored, merge, now)
    if for_a_person:
        until = max(until, now + KEPT_AFTER_RECOVERY)
    email = _email(order, stored, alternate=settings.not_disclosed_email, kept=until > now)
    first_disclosing_at = _first_disclosing(order, stored, now)
    booking = Booking(
        merge=merge,
        state=state,
        received=(stored and stored.received)
        or received_date(order.purchased_at, settings.order_received_offset_minutes),
        payment=_mapped(payment_tag(order.payment_methods), rules.payment, stored and stored.payment, merge),
        shipping=_mapped(
            shipping_tag(order.service_level), rules.shipping, stored and stored.shipping, merge
        ),
        email=email,
        first_disclosing_at=first_disclosing_at,
        delivered_at=order.delivered_at,
        kept_until=until,
        keep_personal=until > now,
        reduces_stock=reduces_stock(order, seen_before=seen_before, first_enabled_at=rules.first_enabled_at),
        despatch_duty=state is OrderState.OPEN,
        tax_policy=(stored and stored.tax_policy) or settings.tax_policy(rules.marketplace),
        rereads=(
            *_email_reread(email, stored, first_disclosing_at or now),
            *_pending_reread(order.status, state, stored, now),
        ),
        settled=_settled(order.status, state, email),
    )
    return msgspec.structs.replace(booking, audit=booking_audit.entries(incoming, stored, booking))


def _as_it_stands(incoming: IncomingOrder, stored: Stored | None, merge: Merge) -> IncomingOrder:
    """The order with the status that holds afterwards, and delivered when that was seen first."""
    if stored is None:
        return incoming
    seen = [moment for moment in (stored.delivered_at, incoming.delivered_at) if moment]
    standing = stored if merge is Merge.FILL else incoming
    return msgspec.structs.replace(
        incoming,
        status=standing.status,
        updated_at=standing.updated_at,
        delivered_at=min(seen, default=None),
    )


def _state(order: IncomingOrder, stored: Stored | None, merge: Merge, *, seen_before: bool) -> OrderState:
    if stored is None or stored.state is OrderState.INCOMPLETE:
        return order_state(order, seen_before=seen_before)
    if merge is Merge.FILL:
        return stored.state
    had_lines = stored.state is not OrderState.CANCELLED
    return order_state(order, seen_before=seen_before, had_lines=had_lines)


def _kept_until(order: IncomingOrder, stored: Stored | None, merge: Merge, now: datetime) -> datetime:
    """The rule, or what a person's recovery granted beyond it, which is never more than a day."""
    granted = stored.kept_until if stored else None
    if granted is None:
        return kept_until(order)
    if merge is Merge.FILL and order.delivered_at is None:
        return granted
    is_recovered = now < granted <= now + KEPT_AFTER_RECOVERY
    return max(kept_until(order), granted) if is_recovered else kept_until(order)


def _email(order: IncomingOrder, stored: Stored | None, *, alternate: str, kept: bool) -> EmailState:
    return email_state(
        stored.email_state if stored else EmailState.NONE,
        has_address=bool(order.personal.get("buyer.buyerEmail")) or bool(stored and stored.has_email),
        status=order.status,
        by_amazon=order.fulfilled_by == "AMAZON",
        kept=kept,
        alternate=alternate,
    )


def _first_disclosing(order: IncomingOrder, stored: Stored | None, now: datetime) -> datetime | None:
    if stored and stored.first_disclosing_at:
        return stored.first_disclosing_at
    return now if discloses_email(order.status) else None


def _mapped(tag: str, targets: Mapping[str, str], before: Mapped | None, merge: Merge) -> Mapped:
    """A mapping holds for orders downloaded after it: a known word keeps what it was mapped to."""
    if before and before.tag and (tag in ("", before.tag) or merge is Merge.FILL):
        return before
    return Mapped(tag, *look_up(tag, targets))


def _email_reread(email: EmailState, stored: Stored | None, since: datetime) -> tuple[Due, ...]:
    was_pending = stored is not None and stored.email_state is EmailState.PENDING
    return _first(Reread.EMAIL, since) if email is EmailState.PENDING and not was_pending else ()


def _pending_reread(
    status: str, state: OrderState, stored: Stored | None, since: datetime
) -> tuple[Due, ...]:
    awaited = stored is not None and awaits_amazon(stored.status, stored.state)
    return _first(Reread.PENDING, since) if awaits_amazon(status, state) and not awaited else ()


def _first(kind: Reread, since: datetime) -> tuple[Due, ...]:
    wait = delay(kind, 0)
    return () if wait is None else (Due(kind, since + wait),)


def _settled(status: str, state: OrderState, email: EmailState) -> frozenset[Reread]:
    settled = {
        Reread.EMAIL: email is not EmailState.PENDING,
        Reread.PENDING: not awaits_amazon(status, state),
    }
    return frozenset(kind for kind, is_settled in settled.items() if is_settled)
