"""OrderAcknowledgement: the seller takes an order, or cancels it or some of its items."""

from msgspec.structs import replace

from channeld.sandbox.despatch import Impossible, open_units
from channeld.sandbox.feeds.work import Work, item_id, line_of, units
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
    reasons = _reasons(work)
    if work.silent():
        return
    lines = tuple(_cancelled(line, reasons) for line in order.lines)
    status = _status(lines, order.status)
    work.market.record(replace(order, status=status, updated=work.stamp, lines=lines), at=work.at)
    for identifier in reasons:
        work.market.truth.happened("cancel", order.order_id, identifier)


def _reasons(work: Work) -> dict[str, str]:
    """The reason for each item that is to be cancelled; every one of them can be."""
    items = work.body.all("Item")
    if not items:
        reasons = {line.order_item_id: "NoInventory" for line in work.order.lines}
    else:
        reasons = {item_id(item): item.value("CancelReason") for item in items}
    for identifier, reason in reasons.items():
        line = line_of(work.order, identifier)
        if reason not in REASONS:
            raise Impossible("CancelReason is missing or not known.", identifier)
        if line.cancelled_by:
            raise Impossible("The order item has already been cancelled.", identifier)
        if line.shipped:
            raise Impossible("The order item has already been shipped.", identifier)
    for item in items:
        if units(item) not in (None, line_of(work.order, item_id(item)).quantity):
            raise Impossible("Part of an order item cannot be cancelled.", item_id(item))
    return reasons


def _cancelled(line: Line, reasons: dict[str, str]) -> Line:
    if line.order_item_id not in reasons:
        return line
    return replace(line, cancelled_by="MERCHANT", cancel_reason=reasons[line.order_item_id])


def _status(lines: tuple[Line, ...], before: Status) -> Status:
    if all(line.cancelled_by for line in lines):
        return "CANCELLED"
    return before if any(open_units(line) for line in lines) else "SHIPPED"
