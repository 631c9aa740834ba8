"""From an order that arrived and what was decided about it to what is stored, and back."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from channeld.book.desk import ChannelDesk, Desk
from channeld.domain.booked import Booking, Mapped, Stored
from channeld.domain.email import EmailState
from channeld.domain.order import IncomingLine, IncomingOrder
from channeld.domain.order_state import Merge, OrderState, rank
from channeld.store.order_records import LineRecord, OrderRecord
from channeld.store.personal import Kept

__all__ = ["as_stored", "merged"]

T = TypeVar("T")


def as_stored(record: OrderRecord, kept: Kept | None) -> Stored:
    """What decides about the next view of a stored order."""
    return Stored(
        status=record.status,
        state=OrderState(record.state),
        updated_at=record.updated_at,
        email_state=EmailState(record.email_state),
        first_disclosing_at=record.first_disclosing_at,
        has_email=record.email_state == EmailState.DISCLOSED,
        cancel_requested=record.cancel_requested,
        delivered_at=record.delivered_at,
        kept_until=kept.until if kept else None,
        received=record.received,
        payment=Mapped(record.payment_tag, record.payment_method, record.payment_mapped),
        shipping=Mapped(record.shipping_tag, record.shipping_service, record.shipping_mapped),
        tax_policy=record.tax_policy,
    )


def merged(
    incoming: IncomingOrder, stored: OrderRecord | None, booking: Booking, desk: Desk, channel: ChannelDesk
) -> OrderRecord:
    """The record to store. A view that is not newer only fills blanks; a blank never overwrites a value."""
    fresh = _fresh(incoming, booking, desk, channel)
    if stored is None:
        return fresh
    older, newer = (fresh, stored) if booking.merge is Merge.FILL else (stored, fresh)
    return msgspec.structs.replace(
        newer,
        **{name: getattr(newer, name) or getattr(older, name) for name in _FILLABLE},
        grand_total=_known(newer.grand_total, older.grand_total),
        lines=_merged_lines(older.lines, newer.lines),
        state=fresh.state,
        received=stored.received,
        received_offset_minutes=stored.received_offset_minutes,
        payment_tag=fresh.payment_tag,
        payment_method=fresh.payment_method,
        payment_mapped=fresh.payment_mapped,
        shipping_tag=fresh.shipping_tag,
        shipping_service=fresh.shipping_service,
        shipping_mapped=fresh.shipping_mapped,
        email_state=fresh.email_state,
        first_disclosing_at=fresh.first_disclosing_at,
        delivered_at=fresh.delivered_at,
        reduces_stock=fresh.reduces_stock,
        despatch_duty=fresh.despatch_duty,
        incomplete=fresh.incomplete,
        location_id=stored.location_id,
        first_stored_at=stored.first_stored_at,
        tax_policy=stored.tax_policy,
        payload=fresh.payload if booking.merge is not Merge.FILL else None,
        id=stored.id,
        version=stored.version,
    )


_FILLABLE = (
    "currency", "delivery_tip", "programs", "replaces", "fulfilled_by", "shipped_at", "business", "gift",
    "prime", "cancel_requested", "replacement", "ship_by_earliest", "ship_by_latest", "deliver_by_earliest",
    "deliver_by_latest",
)  # fmt: skip


_SHARED = tuple(name for name in IncomingLine.__struct_fields__ if name in LineRecord.__struct_fields__)
"""That a line was cancelled is seen from its units; only outbound work asks for the word."""


def _fresh(incoming: IncomingOrder, booking: Booking, desk: Desk, channel: ChannelDesk) -> OrderRecord:
    return OrderRecord(
        channel_id=channel.channel.id,
        order_id=incoming.order_id,
        status=incoming.status,
        rank=rank(incoming.status),
        state=booking.state,
        fulfilled_by=incoming.fulfilled_by,
        location_id=_location(incoming, channel),
        purchased_at=incoming.purchased_at,
        received=booking.received,
        received_offset_minutes=channel.rules.settings.order_received_offset_minutes,
        updated_at=incoming.updated_at,
        first_stored_at=desk.now,
        changed_at=desk.now,
        first_disclosing_at=booking.first_disclosing_at,
        ship_by_earliest=incoming.ship_by.earliest,
        ship_by_latest=incoming.ship_by.latest,
        deliver_by_earliest=incoming.deliver_by.earliest,
        deliver_by_latest=incoming.deliver_by.latest,
        currency=incoming.currency,
        grand_total=incoming.grand_total,
        delivery_tip=incoming.delivery_tip,
        payment_tag=booking.payment.tag,
        payment_method=booking.payment.own,
        payment_mapped=booking.payment.mapped,
        shipping_tag=booking.shipping.tag,
        shipping_service=booking.shipping.own,
        shipping_mapped=booking.shipping.mapped,
        programs=incoming.programs,
        replaces=incoming.replaces,
        email_state=booking.email,
        business="AMAZON_BUSINESS" in incoming.programs,
        gift=any(line.gift for line in incoming.lines),
        prime="PRIME" in incoming.programs,
        cancel_requested=any(line.cancel_requested for line in incoming.lines),
        replacement=bool(incoming.replaces),
        reduces_stock=booking.reduces_stock,
        despatch_duty=booking.despatch_duty,
        incomplete=booking.state is OrderState.INCOMPLETE,
        shipped_at=incoming.shipped_at,
        delivered_at=booking.delivered_at,
        tax_policy=booking.tax_policy,
        payload=incoming.payload,
        lines=tuple(_line(line) for line in incoming.lines),
    )


def _location(incoming: IncomingOrder, channel: ChannelDesk) -> int:
    if incoming.fulfilled_by == "AMAZON" and channel.fba_location_id is not None:
        return channel.fba_location_id
    return channel.location_id


def _line(line: IncomingLine) -> LineRecord:
    priced = line.quantity if line.amounts is not None else 0
    return LineRecord(ordered=line.quantity, priced=priced, **{name: getattr(line, name) for name in _SHARED})


def _merged_lines(older: tuple[LineRecord, ...], newer: tuple[LineRecord, ...]) -> tuple[LineRecord, ...]:
    known: Mapping[str, LineRecord] = {line.order_item_id: line for line in older}
    lines = [_merged_line(known.get(line.order_item_id), line) for line in newer]
    present = {line.order_item_id for line in newer}
    return (*lines, *(line for line in older if line.order_item_id not in present))


def _merged_line(older: LineRecord | None, newer: LineRecord) -> LineRecord:
    if older is None:
        return newer
    money = older if newer.amounts is None else newer
    return msgspec.structs.replace(
        newer,
        ordered=max(older.ordered, newer.ordered),
        item_id=_known(older.item_id, newer.item_id),
        sku=newer.sku or older.sku,
        asin=newer.asin or older.asin,
        title=newer.title or older.title,
        amounts=money.amounts,
        priced=money.priced,
        cancel_requested=newer.cancel_requested or older.cancel_requested,
        gift=newer.gift or older.gift,
        gift_wrap_level=newer.gift_wrap_level or older.gift_wrap_level,
    )


def _known(first: T | None, second: T | None) -> T | None:
    return second if first is None else first
