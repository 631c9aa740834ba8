"""Orders in the shape of Amazon's orders API 2026-01-01, all invented."""

import json
from typing import Any

Json = dict[str, Any]


def money(amount: str, currency: str = "GBP") -> Json:
    return {"amount": amount, "currencyCode": currency}


def part(kind: str, amount: str, currency: str = "GBP", **details: str) -> Json:
    """One breakdown; details by subtype."""
    row: Json = {"type": kind, "subtotal": money(amount, currency)}
    if details:
        row["detailedBreakdowns"] = [
            {"subtype": subtype, "value": money(value, currency)} for subtype, value in details.items()
        ]
    return row


def item(number: int = 1, quantity: int = 1, total: str = "12.00", *parts: Json, **more: Any) -> Json:
    currency = parts[0]["subtotal"]["currencyCode"] if parts else "GBP"
    return {
        "orderItemId": f"9000000000000{number}",
        "quantityOrdered": quantity,
        "product": {"asin": f"B00TEST{number:03}", "title": f"Thing {number}", "sellerSku": f"SKU-{number}"},
        "proceeds": {"proceedsTotal": money(total, currency), "breakdowns": list(parts)},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    } | more


def order(*items: Json, **more: Any) -> Json:
    """An unshipped order of the UK marketplace; `more` replaces top-level fields."""
    return {
        "orderId": "203-1111111-2222222",
        "createdTime": "2026-11-20T10:15:00.250Z",
        "lastUpdatedTime": "2026-11-20T10:45:00Z",
        "programs": ["PRIME"],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1F83G8C2ARO7P"},
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": {
                "earliestDateTime": "2026-11-21T00:00:00Z",
                "latestDateTime": "2026-11-22T23:59:59Z",
            },
            "deliverByWindow": {"latestDateTime": "2026-11-25T23:59:59Z"},
        },
        "orderItems": list(items) or [item(1, 1, "12.00", part("ITEM", "12.00"))],
    } | more


def raw(data: Any) -> bytes:
    return json.dumps(data).encode()


CANARIES = {
    "name": "CANARY-NAME Zoë",
    "mail": "canary-mail@marketplace.example",
    "line1": "CANARY-STREET 7",
    "postcode": "CANARY-POST",
    "phone": "CANARY-PHONE",
    "tax": "CANARY-VAT",
    "gift": "CANARY-GIFT with love",
    "url": "https://canary-url.example/custom",
    "po": "CANARY-PO",
    "instruction": "CANARY-INSTRUCTION",
    "auth": "CANARY-AUTH",
    "acquirer": "CANARY-ACQUIRER",
    "future": "CANARY-FUTURE",
}
"""One telling value for each kind of personal field."""


def personal_order() -> Json:
    """An order with something personal wherever Amazon can put it."""
    c = CANARIES
    address: Json = {
        "name": c["name"],
        "companyName": c["name"] + " Ltd",
        "addressLine1": c["line1"],
        "addressLine2": "",
        "addressLine3": None,
        "city": "Manchester",
        "stateOrRegion": "England",
        "postalCode": c["postcode"],
        "countryCode": "GB",
        "phone": c["phone"],
        "extendedFields": {"streetName": c["line1"], "streetNumber": "7"},
        "addressType": "RESIDENTIAL",
        "somethingNew": c["future"],
    }
    line = item(1, 2, "24.00", part("ITEM", "24.00"))
    line["product"]["customization"] = {"customizedUrl": c["url"]}
    line["fulfillment"]["packing"] = {"giftOption": {"giftMessage": c["gift"], "giftWrapLevel": "PREMIUM"}}
    return order(
        line,
        buyer={
            "buyerName": c["name"],
            "buyerEmail": c["mail"],
            "buyerPurchaseOrderNumber": c["po"],
            "somethingNew": {"deep": [c["future"], 1.50, None]},
        },
        recipient={
            "deliveryAddress": address,
            "deliveryPreference": {
                "addressInstruction": c["instruction"],
                "deliveryTime": {"businessHours": [{"dayOfWeek": "MON"}]},
            },
        },
        packages=[
            {"packageReferenceId": "1", "shipFromAddress": {"name": c["name"], "city": "Leeds"}},
            {"packageReferenceId": "2"},
        ],
        tax={
            "taxRegistrations": [
                {
                    "entityType": "BUYER",
                    "legalName": c["name"],
                    "taxRegistrationType": "VAT",
                    "taxRegistrationNumber": c["tax"],
                    "taxRegistrationAddress": dict(address),
                    "taxRegistrationAttributes": [{"key": "TAX_OFFICE", "value": c["tax"]}],
                }
            ]
        },
        payment={
            "paymentExecutions": [
                {
                    "paymentMethod": "CreditCard",
                    "authorizationCode": c["auth"],
                    "acquirerId": c["acquirer"],
                }
            ]
        },
    )
