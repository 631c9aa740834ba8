"""An order in the JSON of Orders 2026-01-01 (official model `orders_2026-01-01.json`)."""

from datetime import datetime, timedelta
from typing import Any

from channeld.sandbox.item_shape import item, listed, present
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.money import Convention, line_proceeds, money, order_proceeds
from channeld.sandbox.orders import Buyer, Order, Package

__all__ = ["instant", "shape"]

PENDING = ("PENDING", "PENDING_AVAILABILITY")
WITH_EMAIL = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
HANDLING = timedelta(days=2)
TRANSIT = {"STANDARD": timedelta(days=5), "SECOND_DAY": timedelta(days=2), "NEXT_DAY": timedelta(days=1)}


def shape(order: Order, now: datetime, convention: Convention) -> dict[str, Any]:
    """The whole order with all included data, as it reads at `now`; parts that do not apply are absent."""
    marketplace = BY_COUNTRY[order.country]
    known = order.status not in PENDING
    body: dict[str, Any] = {
        "orderId": order.order_id,
        "orderAliases": listed(
            order.seller_order_id, {"aliasId": order.seller_order_id, "aliasType": "SELLER_ORDER_ID"}
        ),
        "createdTime": instant(order.created, order.whole_seconds),
        "lastUpdatedTime": instant(order.updated, order.whole_seconds),
        "programs": list(order.programs),
        "associatedOrders": listed(
            order.replaces, {"orderId": order.replaces, "associationType": "REPLACEMENT_ORIGINAL_ID"}
        ),
        "salesChannel": _sales_channel(order, marketplace),
        "fulfillment": _fulfillment(order),
        "orderItems": [item(line, marketplace, convention, pending=not known) for line in order.lines],
        "packages": [_package(order, package) for package in order.packages],
    }
    if known and order.status != "CANCELLED":
        body["buyer"] = _buyer(order)
        body["recipient"] = {"deliveryAddress": _address(order, now)}
    if known:
        body |= _money(order, marketplace, convention)
        body["tax"] = _tax_registrations(order, marketplace)
    elif order.pending_shows_zero:
        body["proceeds"] = {"grandTotal": money(0, marketplace)}
    return present(body)


def instant(at: datetime, whole_seconds: bool = False) -> str:
    """An instant as Amazon writes it: UTC, mostly with milliseconds, sometimes without."""
    text = at.isoformat(timespec="seconds" if whole_seconds else "milliseconds")
    return text.replace("+00:00", "Z")


def _sales_channel(order: Order, marketplace: Marketplace) -> dict[str, str]:
    outside = order.non_amazon
    return {
        "channelName": "NON_AMAZON" if outside else "AMAZON",
        "marketplaceId": marketplace.id,
        "marketplaceName": f"Non-Amazon {marketplace.country}" if outside else marketplace.name,
    }


def _fulfillment(order: Order) -> dict[str, Any]:
    body: dict[str, Any] = {
        "fulfillmentStatus": order.status,
        "fulfilledBy": order.fulfilled_by,
        "fulfillmentServiceLevel": order.service_level,
    }
    if order.status not in PENDING:
        ship, deliver = _windows(order)
        body["shipByWindow"] = _window(*ship)
        body["deliverByWindow"] = _window(*deliver)
    return body


def _windows(order: Order) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    day = order.created.replace(hour=0, minute=0, second=0, microsecond=0)
    day_end = timedelta(days=1) - timedelta(seconds=1)
    ship_end = day + HANDLING + day_end
    transit = TRANSIT.get(order.service_level, TRANSIT["STANDARD"])
    return (day, ship_end), (day + HANDLING, ship_end + transit)


def _window(earliest: datetime, latest: datetime) -> dict[str, str]:
    return {"earliestDateTime": instant(earliest, True), "latestDateTime": instant(latest, True)}


def _buyer(order: Order) -> dict[str, str]:
    buyer = order.buyer
    with_email = order.fulfilled_by == "MERCHANT" and order.status in WITH_EMAIL
    return present(
        {
            "buyerName": buyer.name,
            "buyerEmail": buyer.email if with_email else "",
            "buyerCompanyName": buyer.company,
            "buyerPurchaseOrderNumber": buyer.po_number,
        }
    )


def _address(order: Order, now: datetime) -> dict[str, str]:
    """The phone number goes for orders that Amazon fulfils, and after delivery of shipped ones."""
    buyer = order.buyer
    over = order.status == "SHIPPED" and now > _windows(order)[1][1]
    suppressed = order.fulfilled_by == "AMAZON" or over
    return present(
        {
            "name": buyer.name,
            "companyName": buyer.company,
            "addressLine1": buyer.line1,
            "addressLine2": buyer.line2,
            "city": buyer.city,
            "stateOrRegion": buyer.region,
            "postalCode": buyer.postal_code,
            "countryCode": buyer.country,
            "phone": "" if suppressed else buyer.phone,
            "addressType": _address_type(buyer),
        }
    )


def _address_type(buyer: Buyer) -> str:
    if buyer.pickup_point:
        return "PICKUP_POINT"
    return "COMMERCIAL" if buyer.company else "RESIDENTIAL"


def _money(order: Order, marketplace: Marketplace, convention: Convention) -> dict[str, Any]:
    lines = [line_proceeds(line, marketplace, convention) for line in order.lines]
    proceeds = order_proceeds(order, lines, marketplace)
    paid = {"paymentMethod": order.payment_method, "paymentAmount": proceeds["grandTotal"]}
    return {"proceeds": proceeds, "payment": {"paymentExecutions": [paid]}}


def _tax_registrations(order: Order, marketplace: Marketplace) -> dict[str, Any]:
    if not order.buyer.company or not marketplace.tax_inclusive:
        return {}
    number = f"{marketplace.country}{order.order_id[-7:]}00"
    registration = {
        "entityType": "BUYER",
        "legalName": order.buyer.company,
        "taxRegistrationType": "VAT",
        "taxRegistrationNumber": number,
    }
    return {"taxRegistrations": [registration]}


def _package(order: Order, package: Package) -> dict[str, Any]:
    at = instant(package.at, order.whole_seconds)
    return {
        "packageReferenceId": package.reference,
        "createdTime": at,
        "packageStatus": {"status": package.status},
        "carrier": package.carrier,
        "shipTime": at,
        "shippingService": package.service,
        "trackingNumber": package.tracking,
        "packageItems": [{"orderItemId": item_id, "quantity": units} for item_id, units in package.contents],
    }
