"""An order item in the JSON of Orders 2026-01-01 (official model `orders_2026-01-01.json`)."""

from collections.abc import Mapping
from typing import Any

from channeld.sandbox.marketplaces import Marketplace
from channeld.sandbox.money import Convention, line_json, line_proceeds, money
from channeld.sandbox.orders import Line

__all__ = ["item", "listed", "present"]


def item(line: Line, marketplace: Marketplace, convention: Convention, *, pending: bool) -> dict[str, Any]:
    """One item with all included data; while the order is pending there is no money."""
    body: dict[str, Any] = {
        "orderItemId": line.order_item_id,
        "quantityOrdered": line.quantity,
        "product": _product(line, marketplace, pending),
        "cancellation": _cancellation(line),
        "fulfillment": _item_fulfillment(line, marketplace),
    }
    if not pending:
        body["proceeds"] = line_json(line_proceeds(line, marketplace, convention), marketplace)
        body["promotion"] = _promotion(line)
        body["expense"] = _expense(line, marketplace)
        body["tax"] = _item_tax(line)
    return present(body)


def _product(line: Line, marketplace: Marketplace, pending: bool) -> dict[str, Any]:
    price = {"unitPrice": money(line.unit_price, marketplace)}
    if line.business_price:
        price |= {"priceDesignation": "BUSINESS_PRICE"}
    return present(
        {
            "asin": line.asin,
            "title": line.title,
            "sellerSku": line.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW", "conditionNote": ""},
            "price": None if pending else price,
            "customization": {"customizedUrl": line.customized_url} if line.customized_url else None,
        }
    )


def _cancellation(line: Line) -> dict[str, Any]:
    request = {"requester": "BUYER", "cancelReason": line.cancel_requested}
    execution = {"cancelledBy": line.cancelled_by, "cancelReason": line.cancel_reason}
    return present(
        {
            "cancellationRequest": request if line.cancel_requested else None,
            "cancellationExecution": execution if line.cancelled_by else None,
        }
    )


def _item_fulfillment(line: Line, marketplace: Marketplace) -> dict[str, Any]:
    gift = present({"giftMessage": line.gift_message, "giftWrapLevel": line.gift_wrap_level})
    body: dict[str, Any] = {"quantityFulfilled": line.shipped, "quantityUnfulfilled": line.open}
    if line.gift:
        body["packing"] = {"giftOption": gift}
    if line.reporting_scheme == "IOSS":
        body["shipping"] = {"internationalShipping": {"iossNumber": f"IM{marketplace.tax_rate}000000"}}
    return body


def _promotion(line: Line) -> dict[str, Any] | None:
    return {"breakdowns": [{"promotionId": line.promotion_id}]} if line.promotion_id else None


def _expense(line: Line, marketplace: Marketplace) -> dict[str, Any] | None:
    if not line.points:
        return None
    granted = {"pointsNumber": line.points, "pointsMonetaryValue": money(line.points, marketplace)}
    return {"pointsCost": {"pointsGranted": granted}}


def _item_tax(line: Line) -> dict[str, Any]:
    collection = {"model": "MARKETPLACE_FACILITATOR", "responsibleParty": line.facilitator}
    return present(
        {
            "taxCollections": listed(line.facilitator, collection),
            "taxCalculationBreakdowns": listed(
                line.reporting_scheme, {"reportingScheme": line.reporting_scheme}
            ),
        }
    )


def listed(fact: object, entry: dict[str, str]) -> list[dict[str, str]]:
    """A list of that entry, or an empty one when the fact it tells of is empty."""
    return [entry] if fact else []


def present(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty values: Amazon leaves out what does not apply. Zero is a value."""
    return {key: value for key, value in body.items() if value or value == 0}
