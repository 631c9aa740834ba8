"""A refund in the JSON of Finances 2024-06-19 (official model `finances_2024-06-19.json`)."""

from decimal import Decimal
from typing import Any

from channeld.sandbox.account import Account
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.refunds import Refund
from channeld.sandbox.shape import instant

__all__ = ["transaction"]

TYPES = {"Principal": "ProductCharges", "Tax": "Tax", "Shipping": "Shipping"}
"""Breakdown types that are not named as the component that was refunded."""


def transaction(account: Account, refund: Refund) -> dict[str, Any]:
    """One transaction with the items that were refunded."""
    marketplace = BY_COUNTRY[refund.country]
    identifiers = {"ORDER_ID": refund.order_id, "REFUND_ID": refund.refund_id}
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": account.spec.seller_id,
            "accountType": "Standard Orders",
            "marketplaceId": marketplace.id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": name, "relatedIdentifierValue": value}
            for name, value in identifiers.items()
        ],
        "transactionType": "Refund",
        "transactionId": f"T{refund.refund_id}",
        "transactionStatus": "RELEASED",
        "description": "Refund Order",
        "postedDate": instant(refund.at),
        "totalAmount": _paid(refund.total, marketplace),
        "marketplaceDetails": {"marketplaceId": marketplace.id, "marketplaceName": marketplace.name},
        "items": [_item(account, refund, item_id, marketplace) for item_id in refund.items],
    }


def _item(account: Account, refund: Refund, item_id: str, marketplace: Marketplace) -> dict[str, Any]:
    """Transactions name products, not order items."""
    order = account.book.orders[refund.order_id]
    line = next(line for line in order.lines if line.order_item_id == item_id)
    components = refund.items[item_id]
    adjusted = f"{refund.refund_id}-{item_id}"
    context = {"contextType": "ProductContext", "asin": line.asin, "sku": line.sku}
    return {
        "description": line.title,
        "relatedIdentifiers": [
            {"itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID", "itemRelatedIdentifierValue": adjusted}
        ],
        "totalAmount": _paid(sum(components.values()), marketplace),
        "breakdowns": [
            {"breakdownType": TYPES.get(name, name), "breakdownAmount": _paid(amount, marketplace)}
            for name, amount in components.items()
        ],
        "contexts": [context | {"quantityShipped": line.shipped, "fulfillmentNetwork": "MFN"}],
    }


def _paid(amount: int, marketplace: Marketplace) -> dict[str, Any]:
    """Money that leaves the seller is below zero; finances write amounts as numbers."""
    value = float(Decimal(-amount).scaleb(-marketplace.digits))
    return {"currencyCode": marketplace.currency, "currencyAmount": value}
