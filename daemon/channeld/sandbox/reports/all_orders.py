"""The all-orders reports: a row for each order item, without its id and without the buyer's name."""

from collections.abc import Iterator, Sequence

from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.money import tax_on
from channeld.sandbox.orders import Line, Order
from channeld.sandbox.reports.text import amount, line

__all__ = ["all_orders_lines"]

EVERYWHERE = (
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "item-promotion-discount",
    "ship-promotion-discount",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "promotion-ids",
    "is-business-order",
    "purchase-order-number",
    "price-designation",
)
IN_EUROPE = (
    "is-amazon-invoiced",
    "vat-exclusive-item-price",
    "vat-exclusive-shipping-price",
    "vat-exclusive-giftwrap-price",
    "fulfilled-by",
    "buyer-company-name",
)
STATUS = {
    "PENDING_AVAILABILITY": "Pending",
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Cancelled",
    "UNFULFILLABLE": "Unfulfillable",
}
WITHOUT_MONEY = ("PENDING", "PENDING_AVAILABILITY", "CANCELLED")


def all_orders_lines(orders: Sequence[Order], country: str, *, personal: bool) -> Iterator[str]:
    """`country` is that of the marketplace asked for; without the role there are no places."""
    asked = BY_COUNTRY[country]
    columns = [*EVERYWHERE, *(IN_EUROPE if asked.region == "EU" else ())]
    yield line(columns, asked)
    for order in orders:
        marketplace = BY_COUNTRY[order.country]
        shared = _order(order, marketplace) | (_place(order) if personal else {})
        for item in order.lines:
            cells = shared | _item(order, item, marketplace)
            yield line((cells.get(column, "") for column in columns), asked)


def _order(order: Order, marketplace: Marketplace) -> dict[str, str]:
    business = "AMAZON_BUSINESS" in order.programs
    return {
        "amazon-order-id": order.order_id,
        "merchant-order-id": order.seller_order_id,
        "purchase-date": order.created.isoformat(timespec="seconds"),
        "last-updated-date": order.updated.isoformat(timespec="seconds"),
        "order-status": STATUS[order.status],
        "fulfillment-channel": "Amazon" if order.fulfilled_by == "AMAZON" else "Merchant",
        "sales-channel": "Non-Amazon" if order.non_amazon else marketplace.name,
        "ship-service-level": order.service_level.title(),
        "is-business-order": "true" if business else "false",
        "purchase-order-number": order.buyer.po_number,
        "is-amazon-invoiced": "false",
        "fulfilled-by": "Amazon" if order.fulfilled_by == "AMAZON" else "Merchant",
    }


def _place(order: Order) -> dict[str, str]:
    """Part of the address: enough to tell a region, too much to keep."""
    buyer = order.buyer
    return {
        "ship-city": buyer.city,
        "ship-state": buyer.region,
        "ship-postal-code": buyer.postal_code,
        "ship-country": buyer.country,
        "buyer-company-name": buyer.company,
    }


def _item(order: Order, item: Line, marketplace: Marketplace) -> dict[str, str]:
    cells = {
        "product-name": item.title,
        "sku": item.sku,
        "asin": item.asin,
        "item-status": "Cancelled" if item.cancelled_by else STATUS[order.status],
        "quantity": "0" if item.cancelled_by else str(item.quantity),
        "price-designation": "Business Price" if item.business_price else "",
        "promotion-ids": item.promotion_id,
    }
    return cells if order.status in WITHOUT_MONEY else cells | _money(item, marketplace)


def _money(item: Line, marketplace: Marketplace) -> dict[str, str]:
    goods = item.unit_price * item.quantity
    parts = (("item", goods), ("shipping", item.shipping), ("gift-wrap", item.gift_wrap))
    cells = {"currency": marketplace.currency}
    for name, price in parts:
        tax = tax_on(price, marketplace)
        cells[f"{name}-price"] = amount(price, marketplace)
        cells[f"{name}-tax"] = amount(tax, marketplace)
        cells[f"vat-exclusive-{name.replace('-', '')}-price"] = amount(price - tax, marketplace)
    cells["item-promotion-discount"] = amount(item.discount or None, marketplace)
    cells["ship-promotion-discount"] = amount(item.shipping_discount or None, marketplace)
    return cells
