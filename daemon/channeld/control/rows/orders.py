"""Orders on the wire: nothing personal, all numbers computed from what is stored."""

from collections.abc import Iterable
from datetime import datetime

from channel_protocol.orders import OrderLine, OrderRow
from channeld.domain.order_view import LineFacts, LineView, MoneyView, OrderFacts, flags_text, money_view
from channeld.domain.tax import TaxPolicy
from channeld.store.names import Names
from channeld.store.order_records import LineRecord, OrderRecord
from channeld.store.personal import Kept

__all__ = ["money_of", "order_facts", "order_lines", "order_row"]


def order_row(
    record: OrderRecord, known: Names, places: dict[int, str], money: MoneyView | None = None
) -> OrderRow:
    """One order of a list. `money`: its money, if that is known already."""
    money = money or money_of(record)
    return OrderRow(
        version=record.version,
        order_id=record.order_id,
        channel=known.channel(record.channel_id),
        account=known.account_of(record.channel_id),
        status=record.status,
        state=record.state,
        fulfilled_by=record.fulfilled_by,
        location=places.get(record.location_id, ""),
        purchased_at=record.purchased_at,
        received=record.received,
        updated_at=record.updated_at,
        ship_by=record.ship_by_latest,
        deliver_by=record.deliver_by_latest,
        currency=record.currency,
        total=money.total,
        tax=money.tax,
        units=sum(line.quantity for line in record.lines),
        lines=len(record.lines),
        payment_method=record.payment_method,
        shipping_service=record.shipping_service,
        email_state=record.email_state,
        flags=_flags(record, money),
    )


def money_of(record: OrderRecord) -> MoneyView:
    """Its money with all explanations."""
    return money_view(
        OrderFacts(
            lines=[LineFacts(amounts=line.amounts, facilitator=line.facilitator) for line in record.lines],
            policy=record.tax_policy or TaxPolicy(style="included"),
            currency=record.currency,
            grand_total=record.grand_total,
            tip=record.delivery_tip,
        )
    )


def order_lines(record: OrderRecord, money: MoneyView) -> tuple[OrderLine, ...]:
    """Its lines with their numbers."""
    return tuple(_line(line, view) for line, view in zip(record.lines, money.lines, strict=True))


def order_facts(record: OrderRecord, kept: Kept | None) -> dict[str, str]:
    """More of an order, by label; only what it has."""
    facts = {
        "Programs": ", ".join(record.programs),
        "Payment": _mapped(record.payment_tag, record.payment_method, record.payment_mapped),
        "Shipping": _mapped(record.shipping_tag, record.shipping_service, record.shipping_mapped),
        "Ship from": _time(record.ship_by_earliest),
        "Ship by": _time(record.ship_by_latest),
        "Deliver from": _time(record.deliver_by_earliest),
        "Deliver by": _time(record.deliver_by_latest),
        "Shipped": _time(record.shipped_at),
        "Delivered": _time(record.delivered_at),
        "Replaces": record.replaces,
        "To despatch": "yes" if record.despatch_duty else "no",
        "Reduces stock": "yes" if record.reduces_stock else "no",
        "First stored": _time(record.first_stored_at),
        "Personal data": _kept(kept),
    }
    return {label: text for label, text in facts.items() if text}


def _line(line: LineRecord, view: LineView) -> OrderLine:
    return OrderLine(
        order_item_id=line.order_item_id,
        sku=line.sku,
        asin=line.asin,
        title=line.title,
        quantity=line.quantity,
        fulfilled=line.fulfilled,
        unfulfilled=line.unfulfilled,
        linked=line.item_id is not None,
        net=view.net,
        tax=view.tax,
        gross=view.gross,
        amazon_tax=view.amazon_tax,
        tax_rate=view.rate,
        facilitator=line.facilitator,
        components=_components(line),
        cancel_requested=line.cancel_requested,
        gift_wrap=line.gift_wrap_level,
    )


def _components(line: LineRecord) -> dict[str, int]:
    if line.amounts is None:
        return {}
    amounts = line.amounts
    return {name: value for name in amounts.__struct_fields__ if (value := getattr(amounts, name))}


def _flags(record: OrderRecord, money: MoneyView) -> str:
    return flags_text(
        business=record.business,
        gift=record.gift,
        prime=record.prime,
        cancel_requested=record.cancel_requested,
        replacement=record.replacement,
        unlinked=_is_unlinked(record.lines),
        total_differs=not money.agrees,
    )


def _is_unlinked(lines: Iterable[LineRecord]) -> bool:
    return any(line.item_id is None for line in lines)


def _mapped(tag: str, own: str, mapped: bool) -> str:
    if not tag:
        return own
    return f"{own} ({tag})" if mapped else f"{own} ({tag} is not mapped)"


def _kept(kept: Kept | None) -> str:
    if kept is None:
        return ""
    return f"{'removed' if kept.removed else 'kept until'} {_time(kept.until)}".strip()


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
