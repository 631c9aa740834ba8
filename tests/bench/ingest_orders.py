"""Orders for the ingest benchmark: as searchOrders shows them, and the same ones in the shapes of v0."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from channeld.runtime.clock import Clock
from channeld.sandbox import Market, SandboxOptions
from tests.support.sandbox_client import ALL_DATA, connected

__all__ = ["PAGE", "Json", "encoded", "merchant_orders", "old_items", "old_order"]

Json = dict[str, Any]
PAGE = 100
_BUT_FEW_ARE_ANOTHER_S = 1.35
"""About a fifth of the sandbox's orders are Amazon's to fulfil, which no client of the benchmark takes."""
_OLD_STATUS = {
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
}
_LINE_MONEY = {
    "ITEM": "ItemPrice",
    "TAX": "ItemTax",
    "SHIPPING": "ShippingPrice",
    "DISCOUNT": "PromotionDiscount",
}
_OLD_ADDRESS = {
    "name": "Name",
    "addressLine1": "AddressLine1",
    "addressLine2": "AddressLine2",
    "city": "City",
    "stateOrRegion": "StateOrRegion",
    "postalCode": "PostalCode",
    "countryCode": "CountryCode",
    "phone": "Phone",
}


async def merchant_orders(clock: Clock, count: int) -> list[Json]:
    """So many orders of one British seller, fulfilled by himself, changed within the last 19 hours."""
    seller = msgspec.structs.replace(SandboxOptions().accounts[0], countries=("GB",))
    options = SandboxOptions(
        accounts=(seller,),
        orders=round(count * _BUT_FEW_ARE_ANOTHER_S),
        days=0.8,
        quiet_seconds=1800,
        rates={"searchOrders": 1e6},
    )
    async with connected(Market(clock, options)) as client:
        found = await client.found(maxResultsPerPage=str(PAGE), includedData=ALL_DATA)
    ours = [order for order in found if _is_sellers_own(order)][:count]
    if len(ours) < count:
        raise ValueError(f"the sandbox made {len(ours)} such orders")
    return ours


def _is_sellers_own(order: Json) -> bool:
    return (
        order["fulfillment"]["fulfilledBy"] == "MERCHANT" and order["salesChannel"]["channelName"] == "AMAZON"
    )


def old_order(order: Json) -> Json:
    """One entry of v0 getOrders, for an app that may see addresses."""
    fulfillment, address = order["fulfillment"], order.get("recipient", {}).get("deliveryAddress")
    old: Json = {
        "AmazonOrderId": order["orderId"],
        "PurchaseDate": order["createdTime"],
        "LastUpdateDate": order["lastUpdatedTime"],
        "OrderStatus": _OLD_STATUS.get(fulfillment["fulfillmentStatus"], "Unshipped"),
        "FulfillmentChannel": "MFN",
        "SalesChannel": order["salesChannel"]["marketplaceName"],
        "MarketplaceId": order["salesChannel"]["marketplaceId"],
        "ShipServiceLevel": fulfillment.get("fulfillmentServiceLevel", ""),
        "OrderType": "StandardOrder",
        "IsPrime": False,
        "IsBusinessOrder": False,
        "NumberOfItemsShipped": sum(i["fulfillment"]["quantityFulfilled"] for i in order["orderItems"]),
        "NumberOfItemsUnshipped": sum(i["fulfillment"]["quantityUnfulfilled"] for i in order["orderItems"]),
        "BuyerInfo": {name[0].upper() + name[1:]: text for name, text in order.get("buyer", {}).items()},
    }
    if window := fulfillment.get("shipByWindow"):
        old |= {"EarliestShipDate": window["earliestDateTime"], "LatestShipDate": window["latestDateTime"]}
    if "proceeds" in order:
        old["OrderTotal"] = _old_money(order["proceeds"]["grandTotal"])
    if address:
        old["ShippingAddress"] = {
            _OLD_ADDRESS[name]: address[name] for name in _OLD_ADDRESS if name in address
        }
    return old


def old_items(order: Json) -> list[Json]:
    """Its lines as v0 getOrderItems shows them."""
    return [_old_item(item) for item in order["orderItems"]]


def _old_item(item: Mapping[str, Any]) -> Json:
    product = item["product"]
    return {
        "ASIN": product["asin"],
        "SellerSKU": product["sellerSku"],
        "OrderItemId": item["orderItemId"],
        "Title": product["title"],
        "QuantityOrdered": item["quantityOrdered"],
        "QuantityShipped": item["fulfillment"]["quantityFulfilled"],
        "ConditionId": "New",
        "IsGift": "false",
        **_old_amounts(item.get("proceeds", {}).get("breakdowns", ())),
    }


def _old_amounts(breakdowns: Iterable[Mapping[str, Any]]) -> Json:
    return {
        _LINE_MONEY[each["type"]]: _old_money(each["subtotal"])
        for each in breakdowns
        if each["type"] in _LINE_MONEY
    }


def _old_money(money: Mapping[str, str]) -> Json:
    return {"CurrencyCode": money["currencyCode"], "Amount": money["amount"]}


def encoded(value: object) -> bytes:
    """JSON as Amazon writes it, without blanks."""
    return msgspec.json.encode(value)
