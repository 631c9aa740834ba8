"""OrderAdjustment: money back for items that have left. Not idempotent: the same message twice pays twice,
as long as enough was charged."""

import re
from collections import Counter
from decimal import Decimal

from channeld.sandbox.despatch import Impossible
from channeld.sandbox.feeds.work import Work, item_id, line_of, units
from channeld.sandbox.feeds.xml_tree import Node
from channeld.sandbox.marketplaces import BY_COUNTRY, Marketplace
from channeld.sandbox.refunds import charged

__all__ = ["REASONS", "adjust"]

REASONS = frozenset(
    (
        "NoInventory",
        "CustomerReturn",
        "GeneralAdjustment",
        "CouldNotShip",
        "DifferentItem",
        "Abandoned",
        "CustomerCancel",
        "PriceError",
        "ProductOutofStock",
        "CustomerAddressIncorrect",
        "Exchange",
        "Other",
        "CarrierCreditDecision",
        "RiskAssessmentInformationNotValid",
        "CarrierCoverageFailure",
        "TransactionRecord",
        "Undeliverable",
        "RefusedDelivery",
    )
)
AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10})?")
BEYOND_CHARGE = frozenset(("Goodwill", "ReturnShipping"))
"""Components that may be paid although they were never charged."""


def adjust(work: Work) -> None:
    """All items of the message are paid, or none."""
    order = work.order
    if work.body.value("ActionType") not in ("", "Refund"):
        raise Impossible("ActionType Cancel is not supported.")
    if order.fulfilled_by == "AMAZON":
        raise Impossible("Orders fulfilled by Amazon are refunded by Amazon.")
    items: dict[str, Counter[str]] = {}
    for item in work.body.all("AdjustedItem"):
        identifier, amounts = _adjusted(work, item)
        items.setdefault(identifier, Counter()).update(amounts)
    for identifier, amounts in items.items():
        _check_charge(work, identifier, amounts)
    if work.silent():
        return
    paid = {identifier: dict(amounts) for identifier, amounts in items.items()}
    work.market.refund(order, paid, work.stamp)
    for identifier in items:
        work.market.truth.happened("refund", work.order.order_id, identifier)


def _adjusted(work: Work, item: Node) -> tuple[str, Counter[str]]:
    identifier = item_id(item)
    line = line_of(work.order, identifier)
    if item.value("AdjustmentReason") not in REASONS:
        raise Impossible("AdjustmentReason is not known.", identifier)
    for name in ("PromotionAdjustments", "DirectPaymentAdjustments"):
        if item.child(name):
            raise Impossible(f"{name} are not supported.", identifier)
    if (units(item, "QuantityCancelled") or 0) > line.quantity:
        raise Impossible("QuantityCancelled is more than was ordered.", identifier)
    prices = item.child("ItemPriceAdjustments")
    amounts: Counter[str] = Counter()
    for component in prices.children if prices else ():
        amounts[component.value("Type")] += _amount(component, BY_COUNTRY[work.order.country], identifier)
    if not amounts:
        raise Impossible("There is no amount.", identifier)
    return identifier, amounts


def _check_charge(work: Work, identifier: str, amounts: Counter[str]) -> None:
    """Never more than was charged for that item, component by component."""
    line = line_of(work.order, identifier)
    if not line.shipped:
        raise Impossible("The order item has not been shipped: nothing was charged.", identifier)
    account = work.market.accounts[work.order.seller_id]
    paid = account.refunds.paid(work.order.order_id, identifier)
    limits = charged(line, BY_COUNTRY[work.order.country])
    for component, amount in amounts.items():
        if component in BEYOND_CHARGE:
            continue
        if component not in limits:
            raise Impossible(f"The order item is not eligible for component {component[:30]}.", identifier)
        if paid[component] + amount > limits[component]:
            raise Impossible(f"{component} is more than is left of what was charged.", identifier)


def _amount(component: Node, marketplace: Marketplace, identifier: str) -> int:
    """Minor units."""
    amount = component.child("Amount")
    currency = amount.attributes.get("currency", marketplace.currency) if amount else ""
    if currency != marketplace.currency:
        raise Impossible("The currency is not the one of the order.", identifier)
    text = component.value("Amount")
    minor = Decimal(text).scaleb(marketplace.digits) if AMOUNT.fullmatch(text) else Decimal(0)
    if minor <= 0 or minor != minor.to_integral_value():
        raise Impossible("Amount has to be above zero, with the decimals of its currency.", identifier)
    return int(minor)
