"""One order of Amazon's as our own type (Amazon's reference, sections 4.2 and 4.4)."""

from typing import Any

import msgspec

from channeld.amazon.errors import UnreadableOrder, plain_code
from channeld.amazon.order_faults import identified, instant_at, wrong_shape
from channeld.amazon.order_lines import read_lines
from channeld.amazon.order_packages import journey, read_packages
from channeld.amazon.order_shape import DateWindow, Order, OrderProceeds, SalesChannel
from channeld.amazon.personal import exact, take_out
from channeld.amazon.till import Till
from channeld.domain.order import IncomingOrder, Window

__all__ = ["read_order"]

_SHAPE = msgspec.json.Decoder(Order, strict=False)
_PLAIN = msgspec.json.Decoder(dict[str, Any], float_hook=exact)
_ORIGINALS = ("REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID")


def read_order(raw: bytes) -> IncomingOrder:
    """Read Amazon's JSON of one order. Raises `UnreadableOrder`, and nothing else.

    Money that does not add up is let through with Amazon's own totals beside the components, to be shown as
    such; what would make the book wrong (units, currencies, ids, dates, types) is refused.
    """
    outcome = _read(raw)
    if isinstance(outcome, UnreadableOrder):
        raise identified(outcome, raw)
    return outcome


def _read(raw: bytes) -> IncomingOrder | UnreadableOrder:
    """The fault is returned, so that it is raised with nothing of the decoder's (which quotes) behind it."""
    try:
        return _incoming(_SHAPE.decode(raw), raw)
    except UnreadableOrder as fault:
        return fault
    except msgspec.ValidationError as error:
        return wrong_shape(error)
    except (ValueError, RecursionError):
        return UnreadableOrder("The order is not valid JSON", "")


def _incoming(order: Order, raw: bytes) -> IncomingOrder:
    till = Till()
    fulfillment = order.fulfillment
    on_amazon = order.sales_channel.channel_name != "NON_AMAZON"
    status = _code(fulfillment.fulfillment_status, "fulfillment.fulfillmentStatus")
    updated_at = instant_at(order.last_updated_time, "lastUpdatedTime")
    lines = read_lines(order.order_items, status, till)
    grand_total, delivery_tip = _totals(order.proceeds, till) if order.proceeds else (None, 0)
    shipped_at, delivered = journey(order.packages, lines) if order.packages else (None, False)
    personal, payload = take_out(_PLAIN.decode(raw))
    return IncomingOrder(
        order_id=_code(order.order_id, "orderId"),
        marketplace_id=_marketplace(order.sales_channel, on_amazon),
        on_amazon=on_amazon,
        status=status,
        fulfilled_by=_fulfilled_by(fulfillment.fulfilled_by, on_amazon),
        service_level=fulfillment.fulfillment_service_level or "",
        purchased_at=instant_at(order.created_time, "createdTime"),
        updated_at=updated_at,
        programs=tuple(dict.fromkeys(order.programs or ())),
        replaces=_replaced(order),
        ship_by=_window(fulfillment.ship_by_window, "fulfillment.shipByWindow"),
        deliver_by=_window(fulfillment.deliver_by_window, "fulfillment.deliverByWindow"),
        payment_methods=_payment_methods(order),
        currency=till.currency,
        grand_total=grand_total,
        delivery_tip=delivery_tip,
        shipped_at=shipped_at,
        delivered_at=updated_at if delivered else None,
        lines=lines,
        packages=read_packages(order.packages) if order.packages else (),
        personal=personal,
        payload=payload,
    )


def _totals(proceeds: OrderProceeds, till: Till) -> tuple[int | None, int]:
    """Grand total, and the tip, which is charged apart from the lines."""
    tips = [
        till.sure(breakdown.subtotal, f"proceeds.breakdowns[{number}].subtotal")
        for number, breakdown in enumerate(proceeds.breakdowns or ())
        if breakdown.type == "DELIVERY_TIP"
    ]
    till.check_sums([sum(tips)], "proceeds.breakdowns")
    return till.amount(proceeds.grand_total, "proceeds.grandTotal"), sum(tips)


def _marketplace(channel: SalesChannel, on_amazon: bool) -> str:
    if not on_amazon:
        return ""
    if not channel.marketplace_id:
        raise UnreadableOrder("is missing", "salesChannel.marketplaceId")
    return _code(channel.marketplace_id, "salesChannel.marketplaceId")


def _fulfilled_by(given: str | None, on_amazon: bool) -> str:
    """Whether the seller must despatch hangs on it, so it is never guessed."""
    if given or on_amazon:
        if not given:
            raise UnreadableOrder("is missing", "fulfillment.fulfilledBy")
        return _code(given, "fulfillment.fulfilledBy")
    return ""


def _replaced(order: Order) -> str:
    originals = (
        other.order_id for other in order.associated_orders or () if other.association_type in _ORIGINALS
    )
    return next((order_id for order_id in originals if order_id), "")


def _payment_methods(order: Order) -> tuple[str, ...]:
    executions = (order.payment and order.payment.payment_executions) or ()
    return tuple(sorted({method for e in executions if (method := (e.payment_method or "").strip())}))


def _window(window: DateWindow | None, path: str) -> Window:
    if window is None:
        return Window()
    earliest, latest = window.earliest_date_time, window.latest_date_time
    return Window(
        earliest=instant_at(earliest, f"{path}.earliestDateTime") if earliest else None,
        latest=instant_at(latest, f"{path}.latestDateTime") if latest else None,
    )


def _code(text: str, path: str) -> str:
    if not plain_code(text):
        raise UnreadableOrder("is empty or not a code", path)
    return text
