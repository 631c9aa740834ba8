"""The shape of an order in Amazon's JSON: what we read of it (Amazon's reference, section 4.2).

Lists are open: unknown fields and words are let pass, null counts as absent, numbers and truth values may
come as texts. Money stays as it was written until it is known to be an amount. What is stored is bounded, far
above anything that Amazon documents, as one order must not make the rows of all too large to be shown.
"""

from typing import Annotated

import msgspec

__all__ = [
    "Breakdown",
    "DateWindow",
    "Item",
    "ItemProceeds",
    "Money",
    "Order",
    "OrderBreakdown",
    "OrderProceeds",
    "Package",
]

Word = Annotated[str, msgspec.Meta(max_length=200)]
Few = msgspec.Meta(max_length=100)
Many = msgspec.Meta(max_length=1000)
Text = Annotated[str, msgspec.Meta(max_length=4000)] | int
"""Ids are texts, but have been seen as numbers."""


class _Shape(msgspec.Struct, rename="camel", gc=False):
    """Names are Amazon's in snake case. A tree: nothing in it leads back, so the collector need not look."""


class Money(_Shape):
    amount: msgspec.Raw
    currency_code: str


class DateWindow(_Shape):
    earliest_date_time: str | None = None
    latest_date_time: str | None = None


class Detail(_Shape):
    subtype: str | None = None
    value: Money | None = None


class Breakdown(_Shape):
    type: str
    subtotal: Money
    detailed_breakdowns: list[Detail] | None = None


class ItemProceeds(_Shape):
    proceeds_total: Money | None = None
    breakdowns: list[Breakdown] | None = None


class ItemPrice(_Shape):
    price_designation: str | None = None


class Product(_Shape):
    asin: Text | None = None
    title: Text | None = None
    seller_sku: Text | None = None
    price: ItemPrice | None = None


class CancellationRequest(_Shape):
    requester: str | None = None
    cancel_reason: Word | None = None


class CancellationExecution(_Shape):
    cancelled_by: str | None = None
    cancel_reason: str | None = None


class Cancellation(_Shape):
    cancellation_request: CancellationRequest | None = None
    cancellation_execution: CancellationExecution | None = None


class GiftOption(_Shape):
    gift_wrap_level: Word | None = None


class Packing(_Shape):
    gift_option: GiftOption | None = None


class ItemFulfillment(_Shape):
    quantity_fulfilled: int | None = None
    quantity_unfulfilled: int | None = None
    packing: Packing | None = None


class TaxCollection(_Shape):
    model: str | None = None


class TaxCalculation(_Shape):
    reporting_scheme: str | None = None


class ItemTax(_Shape):
    tax_collections: list[TaxCollection] | None = None
    tax_calculation_breakdowns: list[TaxCalculation] | None = None


class Item(_Shape):
    order_item_id: Text
    quantity_ordered: int
    product: Product
    proceeds: ItemProceeds | None = None
    cancellation: Cancellation | None = None
    fulfillment: ItemFulfillment | None = None
    tax: ItemTax | None = None


class SalesChannel(_Shape):
    channel_name: str
    marketplace_id: str | None = None


class AssociatedOrder(_Shape):
    order_id: Word | None = None
    association_type: str | None = None


class OrderBreakdown(_Shape):
    type: str
    subtotal: Money


class OrderProceeds(_Shape):
    grand_total: Money | None = None
    breakdowns: list[OrderBreakdown] | None = None


class PaymentExecution(_Shape):
    payment_method: Word | None = None


class Payment(_Shape):
    payment_executions: Annotated[list[PaymentExecution], Few] | None = None


class OrderFulfillment(_Shape):
    fulfillment_status: str
    fulfilled_by: str | None = None
    fulfillment_service_level: Word | None = None
    ship_by_window: DateWindow | None = None
    deliver_by_window: DateWindow | None = None


class PackageStatus(_Shape):
    status: str


class PackageItem(_Shape):
    order_item_id: Text
    quantity: int


class Package(_Shape):
    package_reference_id: Word | int | None = None
    package_status: PackageStatus | None = None
    ship_time: str | None = None
    carrier: Word | None = None
    tracking_number: Word | int | None = None
    package_items: Annotated[list[PackageItem], Many] | None = None


class Order(_Shape):
    order_id: str
    created_time: str
    last_updated_time: str
    sales_channel: SalesChannel
    fulfillment: OrderFulfillment
    order_items: list[Item]
    programs: Annotated[list[Word], Few] | None = None
    associated_orders: list[AssociatedOrder] | None = None
    proceeds: OrderProceeds | None = None
    payment: Payment | None = None
    packages: Annotated[list[Package], Many] | None = None
