"""OrderFulfillment: a package has left, as confirmShipment tells it, tracked or not."""

from channeld.sandbox.despatch import Impossible, confirm_package
from channeld.sandbox.feeds.work import Work, instant, item_id, line_of, units
from channeld.sandbox.feeds.xml_tree import Node
from channeld.sandbox.orders import Order, Package

__all__ = ["fulfil"]


def fulfil(work: Work) -> None:
    """The package is on the order afterwards; one with the same MerchantFulfillmentID is replaced."""
    body, order = work.body, work.order
    if body.child("CODCollectionMethod") and order.country != "JP":
        raise Impossible("CODCollectionMethod is only for orders of Japan.")
    after = confirm_package(order, _package(body, order), work.stamp, work.at)
    if work.silent():
        return
    work.market.record(after, at=work.at)
    work.market.truth.happened("despatch", order.order_id, after.packages[-1].reference)


def _package(body: Node, order: Order) -> Package:
    data = body.child("FulfillmentData") or Node("FulfillmentData", {})
    code, name = data.value("CarrierCode"), data.value("CarrierName")
    if code == "Other" and not name:
        raise Impossible("CarrierName is required when CarrierCode is Other.")
    reference = _reference(body, order)
    return Package(
        reference=reference,
        status="IN_TRANSIT",
        carrier=name if code in ("", "Other") else code,
        service=data.value("ShippingMethod"),
        tracking=data.value("ShipperTrackingNumber"),
        at=instant(body.value("FulfillmentDate"), "FulfillmentDate"),
        contents=_contents(body, order, reference),
    )


def _reference(body: Node, order: Order) -> str:
    given = body.value("MerchantFulfillmentID")
    if given and not (given.isascii() and given.isdigit() and len(given) <= 20):
        raise Impossible("MerchantFulfillmentID has to be a number of at most 20 digits.")
    taken = {package.reference for package in order.packages}
    free = (str(number) for number in range(1, len(taken) + 2))
    return given or next(number for number in free if number not in taken)


def _contents(body: Node, order: Order, reference: str) -> tuple[tuple[str, int], ...]:
    """What the message names; all that is left of an item without quantity, of the order without items."""
    left = {line.order_item_id: line.open for line in order.lines}
    for package in order.packages:
        for identifier, number in package.contents if package.reference == reference else ():
            left[identifier] += number
    items = body.all("Item")
    if not items:
        whole = tuple((identifier, number) for identifier, number in left.items() if number)
        if not whole:
            raise Impossible("The order has already been shipped.")
        return whole
    named = [(line_of(order, item_id(item)).order_item_id, units(item)) for item in items]
    return tuple((identifier, left[identifier] if n is None else n) for identifier, n in named)
