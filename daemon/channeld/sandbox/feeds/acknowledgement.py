"""OrderAcknowledgement: the seller takes an order, or cancels it, some of its items, or units of one."""

from typing import NamedTuple

from msgspec.structs import replace

from channeld.sandbox.despatch import Impossible
from channeld.sandbox.feeds.work import Work, item_id, line_of, units
from channeld.sandbox.feeds.xml_tree import Node
from channeld.sandbox.orders import Line, Status

__all__ = ["REASONS", "acknowledge"]

REASONS = frozenset(
    (
        "NoInventory",
        "ShippingAddressUndeliverable",
        "CustomerExchange",
        "BuyerCanceled",
        "GeneralAdjustment",
        "CarrierCreditDecision",
        "RiskAssessmentInformationNotValid",
        "CarrierCoverageFailure",
        "CustomerReturn",
        "MerchandiseNotReceived",
        "CannotVerifyInformation",
        "PricingError",
        "RejectOrder",
        "WeatherDelay",
    )
)


class _Cancelled(NamedTuple):
    units: int
    reason: str


def acknowledge(work: Work) -> None:
    """Failure cancels the items named, or all; Success gives the order the seller's own id."""
    match work.body.value("StatusCode"):
        case "Failure":
            _cancel(work)
        case "Success":
            _link(work)
        case _:
            raise Impossible("StatusCode has to be Success or Failure.")


def _link(work: Work) -> None:
    own = work.body.value("MerchantOrderID")
    if own and not work.silent():
        work.market.record(replace(work.order, seller_order_id=own, updated=work.stamp), at=work.at)


def _cancel(work: Work) -> None:
    order = work.order
    if order.fulfilled_by == "AMAZON":
        raise Impossible("The order is fulfilled by Amazon.")
    if order.status not in ("UNSHIPPED", "PARTIALLY_SHIPPED"):
        raise Impossible(f"An order that is {order.status} cannot be cancelled.")
    wanted = _wanted(work)
    if work.silent():
        return
    lowers = work.market.options.convention.part_cancellation == "ordered"
    lines = tuple(
        _without(line, wanted[line.order_item_id], lowers_quantity=lowers)
        if line.order_item_id in wanted
        else line
        for line in order.lines
    )
    status = _status(lines, order.status)
    work.market.record(replace(order, status=status, updated=work.stamp, lines=lines), at=work.at)
    for identifier in wanted:
        work.market.truth.happened("cancel", order.order_id, identifier)


def _wanted(work: Work) -> dict[str, _Cancelled]:
    """What is to be cancelled of each item, all of the order's if none is named; every one of them can be."""
    items = work.body.all("Item")
    if not items:
        return {line.order_item_id: _whole(line, "NoInventory") for line in work.order.lines}
    return {item_id(item): _of_item(work, item) for item in items}


def _of_item(work: Work, item: Node) -> _Cancelled:
    line, reason, asked = line_of(work.order, item_id(item)), item.value("CancelReason"), units(item)
    if reason not in REASONS:
        raise Impossible("CancelReason is missing or not known.", line.order_item_id)
    if asked in (None, line.quantity):
        return _whole(line, reason)
    _check_not_cancelled(line)
    if work.market.options.convention.part_cancellation == "refused":
        raise Impossible("Part of an order item cannot be cancelled.", line.order_item_id)
    if asked > line.open:
        raise Impossible("The quantity is more than is left of the order item.", line.order_item_id)
    return _Cancelled(asked, reason)


def _whole(line: Line, reason: str) -> _Cancelled:
    _check_not_cancelled(line)
    if line.shipped:
        raise Impossible("The order item has already been shipped.", line.order_item_id)
    return _Cancelled(line.open, reason)


def _check_not_cancelled(line: Line) -> None:
    if line.cancelled_by:
        raise Impossible("The order item has already been cancelled.", line.order_item_id)


def _without(line: Line, cancelled: _Cancelled, *, lowers_quantity: bool) -> Line:
    if cancelled.units == line.open and not line.shipped:
        return replace(line, cancelled_by="MERCHANT", cancel_reason=cancelled.reason)
    if not lowers_quantity:
        return replace(line, part_cancelled=line.part_cancelled + cancelled.units)
    left = line.quantity - cancelled.units
    return replace(line, quantity=left, discount=line.discount * left // line.quantity)


def _status(lines: tuple[Line, ...], before: Status) -> Status:
    if all(line.cancelled_by for line in lines):
        return "CANCELLED"
    return before if any(line.open for line in lines) else "SHIPPED"
