"""Orders and rules for tests of the domain."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from channeld.domain.booked import Booking, Rules, Stored
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.order import Amounts, IncomingLine, IncomingOrder

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

UK_LINE = IncomingLine(
    order_item_id="1", sku="MUG", quantity=1, amounts=Amounts(item=1200, tax=200, total=1200)
)


def order(status: str = "UNSHIPPED", *, email: str = "", **more: Any) -> IncomingOrder:
    """A UK order of one mug, bought an hour ago and changed now."""
    facts: dict[str, Any] = {
        "order_id": "026-1234567-1234567",
        "marketplace_id": BY_CODE["UK"].id,
        "on_amazon": True,
        "fulfilled_by": "MERCHANT",
        "purchased_at": NOW - HOUR,
        "updated_at": NOW,
        "currency": "GBP",
        "lines": (UK_LINE,),
        "personal": {"buyer.buyerEmail": email} if email else {},
        "payload": b"{}",
    }
    return IncomingOrder(status=status, **(facts | more))


def rules(code: str = "UK", *, settings: Mapping[str, str] | None = None) -> Rules:
    """The rules of a channel that was first enabled yesterday, nothing mapped."""
    return Rules(
        marketplace=BY_CODE[code],
        settings=ChannelSettings.of(settings or {}),
        first_enabled_at=NOW - DAY,
        payment={},
        shipping={},
    )


def stored_as(incoming: IncomingOrder, booking: Booking, before: Stored | None = None) -> Stored:
    """What the book has after a booking was stored."""
    filled = booking.merge == "fill" and before is not None
    return Stored(
        status=before.status if filled and before else incoming.status,
        state=booking.state,
        updated_at=before.updated_at if filled and before else incoming.updated_at,
        email_state=booking.email,
        first_disclosing_at=booking.first_disclosing_at,
        has_email=bool(incoming.personal) or bool(before and before.has_email),
        cancel_requested=any(line.cancel_requested for line in incoming.lines),
        delivered_at=booking.delivered_at,
        kept_until=booking.kept_until,
        received=booking.received,
        payment=booking.payment,
        shipping=booking.shipping,
        tax_policy=booking.tax_policy,
    )
