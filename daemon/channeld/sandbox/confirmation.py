"""confirmShipment (official model `ordersV0.json`): one package of an order, told by REST."""

from datetime import UTC, datetime
from typing import Literal

import msgspec

from channeld.sandbox.despatch import Impossible, confirm_package
from channeld.sandbox.operations import Call, Operation, read_body
from channeld.sandbox.orders import Order, Package
from channeld.sandbox.refusal import Refusal, impossible, invalid
from channeld.sandbox.rules import parameters

__all__ = ["CONFIRM_SHIPMENT"]

NAME = "confirmShipment"


class _Item(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    order_item_id: str
    quantity: int
    transparency_codes: list[str] = []


class _PackageDetail(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    package_reference_id: str
    carrier_code: str
    tracking_number: str
    ship_date: str
    order_items: list[_Item]
    carrier_name: str = ""
    shipping_method: str = ""
    ship_from_supply_source_id: str = ""


class _Confirmation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    marketplace_id: str
    package_detail: _PackageDetail
    cod_collection_method: Literal["DirectPayment"] | None = None


def _confirm(call: Call) -> None:
    """The package is on the order afterwards; 404 for an order that is not this seller's."""
    parameters(call.query, frozenset())
    wanted = read_body(call, _Confirmation)
    market, order = call.market, call.account.book.orders.get(call.path["order_id"])
    if order is None:
        raise Refusal(404, "NotFound", "The order does not exist.")
    _check_marketplace(wanted, order, call)
    package = _package(wanted.package_detail)
    where = {"seller_id": order.seller_id, "operation": NAME, "order_id": order.order_id}
    if market.faults.fires("unknown_carrier", **where):
        raise impossible("The carrier code is not valid for this marketplace.")
    try:
        after = confirm_package(order, package, market.stamp(None, order), market.clock.now())
    except Impossible as reason:
        raise impossible(reason.message) from None
    if market.faults.fires("no_effect", **where):
        return
    market.record(after)
    market.truth.happened("despatch", order.order_id, package.reference)


def _check_marketplace(wanted: _Confirmation, order: Order, call: Call) -> None:
    if wanted.marketplace_id != call.account.marketplace_id(order.country):
        raise invalid("marketplaceId is not the marketplace of the order.")
    if wanted.cod_collection_method and order.country != "JP":
        raise invalid("codCollectionMethod is only supported in the JP marketplace.")


def _package(detail: _PackageDetail) -> Package:
    reference = detail.package_reference_id
    if not (reference.isascii() and reference.isdigit() and int(reference[:20]) > 0 and len(reference) <= 20):
        raise invalid("packageReferenceId has to be a positive number.")
    for name, value in (("carrierCode", detail.carrier_code), ("trackingNumber", detail.tracking_number)):
        if not value.strip():
            raise invalid(f"{name} is empty.")
    other = detail.carrier_code == "Other"
    if other and not detail.carrier_name.strip():
        raise invalid("carrierName is required when carrierCode is Other.")
    if not detail.order_items:
        raise invalid("orderItems is empty.")
    return Package(
        reference=reference,
        status="IN_TRANSIT",
        carrier=detail.carrier_name if other else detail.carrier_code,
        service=detail.shipping_method,
        tracking=detail.tracking_number,
        at=_ship_date(detail.ship_date),
        contents=tuple((item.order_item_id, item.quantity) for item in detail.order_items),
    )


def _ship_date(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and "T" in text:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid("shipDate has to be an ISO 8601 date and time with its zone.")


CONFIRM_SHIPMENT = Operation(
    NAME, "/orders/v0/orders/{order_id}/shipmentConfirmation", _confirm, method="POST", status=204
)
