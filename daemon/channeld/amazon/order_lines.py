"""Lines of an order and their money (Amazon's reference, sections 4.2 and 4.4)."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from channeld.amazon.assumptions import (
    BREAKDOWN_MISSING_MEANS_ITEM,
    DEEMED_RESELLER_SCHEMES,
    DISCOUNTS_ARE_MAGNITUDES,
)
from channeld.amazon.errors import UnreadableOrder, plain_code
from channeld.amazon.order_shape import Breakdown, Cancellation, Item, ItemProceeds, ItemTax
from channeld.amazon.till import Till
from channeld.domain.order import Amounts, IncomingLine

__all__ = ["MOST_UNITS", "read_lines"]

MOST_UNITS = 1_000_000

_COMPONENTS = {
    "ITEM": "item",
    "SHIPPING": "shipping",
    "GIFT_WRAP": "gift_wrap",
    "COD_FEE": "cod_fee",
    "TAX": "tax",
    "DISCOUNT": "discount",
}
_DETAILS = {
    "TAX": {
        "ITEM": "tax_item",
        "SHIPPING": "tax_shipping",
        "GIFT_WRAP": "tax_gift_wrap",
        "COD_FEE": "tax_cod_fee",
        "DISCOUNT": "tax_discount",
        "": "tax_other",
    },
    "DISCOUNT": {"SHIPPING": "discount_shipping"},
}
"""Where a detail goes, by type and subtype; the empty one takes all others, if there is one."""
_REDUCTIONS = ("discount", "discount_shipping", "tax_discount")
_NOTHING_OPEN = ("SHIPPED", "CANCELLED", "UNFULFILLABLE")


def read_lines(items: Iterable[Item], status: str, till: Till) -> tuple[IncomingLine, ...]:
    """All lines. Raises `UnreadableOrder` for one that makes no sense, or an id that comes twice."""
    lines = tuple(_line(item, f"orderItems[{n}]", status, till) for n, item in enumerate(items))
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if line.order_item_id in seen:
            raise UnreadableOrder("is the same as another line's", f"orderItems[{number}].orderItemId")
        seen.add(line.order_item_id)
    return lines


def _line(item: Item, path: str, status: str, till: Till) -> IncomingLine:
    product = item.product
    price = product.price.price_designation if product.price else None
    gift = item.fulfillment.packing and item.fulfillment.packing.gift_option if item.fulfillment else None
    quantity, fulfilled, unfulfilled = _units(item, path, status)
    return IncomingLine(
        order_item_id=_item_id(item, path),
        sku=_text(product.seller_sku),
        asin=_text(product.asin),
        title=_text(product.title),
        quantity=quantity,
        fulfilled=fulfilled,
        unfulfilled=unfulfilled,
        amounts=_amounts(item.proceeds, till, f"{path}.proceeds") if item.proceeds else None,
        facilitator=_is_facilitated(item.tax) if item.tax else False,
        cancel_requested=_cancel_reason(item.cancellation) if item.cancellation else "",
        cancelled=status == "CANCELLED"
        or (not 0 < quantity <= fulfilled and _is_cancelled(item.cancellation)),
        gift=gift is not None,
        gift_wrap_level=(gift.gift_wrap_level or "") if gift else "",
        business_price=price == "BUSINESS_PRICE",
    )


def _item_id(item: Item, path: str) -> str:
    if not (order_item_id := plain_code(str(item.order_item_id))):
        raise UnreadableOrder("is not an id", f"{path}.orderItemId")
    return order_item_id


def _units(item: Item, path: str, status: str) -> tuple[int, int, int]:
    """Ordered, fulfilled, open. What Amazon leaves out follows from the order's status."""
    ordered = item.quantity_ordered
    given = item.fulfillment
    fulfilled = given.quantity_fulfilled if given else None
    still_open = given.quantity_unfulfilled if given else None
    if fulfilled is None:
        fulfilled = ordered if status == "SHIPPED" and still_open is None else 0
    if still_open is None:
        still_open = 0 if status in _NOTHING_OPEN else max(0, ordered - fulfilled)
    for name, units in (
        ("quantityOrdered", ordered),
        ("fulfillment.quantityFulfilled", fulfilled),
        ("fulfillment.quantityUnfulfilled", still_open),
    ):
        if not 0 <= units <= MOST_UNITS:
            raise UnreadableOrder("is negative or too large to be true", f"{path}.{name}")
    if fulfilled + still_open > ordered:
        raise UnreadableOrder("is less than what is fulfilled and open together", f"{path}.quantityOrdered")
    return ordered, fulfilled, still_open


def _amounts(proceeds: ItemProceeds, till: Till, path: str) -> Amounts | None:
    """Components by type, several of one type summed; None while Amazon shows no money."""
    total = till.amount(proceeds.proceeds_total, f"{path}.proceedsTotal")
    if not proceeds.breakdowns:
        if total is None:
            return None
        return Amounts(item=total if BREAKDOWN_MISSING_MEANS_ITEM else 0, total=total)
    sums: Counter[str] = Counter()
    for number, breakdown in enumerate(proceeds.breakdowns):
        _add(sums, breakdown, till, f"{path}.breakdowns[{number}]")
    for name in _REDUCTIONS:
        sums[name] = abs(sums[name]) if DISCOUNTS_ARE_MAGNITUDES else -sums[name]
    till.check_sums(sums.values(), f"{path}.breakdowns")
    return msgspec.convert({**sums, "total": total}, Amounts)


def _add(sums: "Counter[str]", breakdown: Breakdown, till: Till, path: str) -> None:
    sums[_COMPONENTS.get(breakdown.type, "other")] += till.sure(breakdown.subtotal, f"{path}.subtotal")
    details = _DETAILS.get(breakdown.type, {})
    for number, detail in enumerate(breakdown.detailed_breakdowns or ()):
        value = till.amount(detail.value, f"{path}.detailedBreakdowns[{number}].value")
        name = details.get(detail.subtype or "", details.get(""))
        if name and value is not None:
            sums[name] += value


def _is_facilitated(tax: ItemTax) -> bool:
    """Amazon collects and remits it: said outright, or by a scheme that makes Amazon the deemed seller."""
    models = {collection.model for collection in tax.tax_collections or ()}
    schemes = {calculation.reporting_scheme for calculation in tax.tax_calculation_breakdowns or ()}
    return "MARKETPLACE_FACILITATOR" in models or not DEEMED_RESELLER_SCHEMES.isdisjoint(schemes)


def _cancel_reason(cancellation: Cancellation) -> str:
    asked = cancellation.cancellation_request
    if asked is None or asked.requester not in (None, "", "BUYER"):
        return ""
    return (asked.cancel_reason or "").strip() or "requested"


def _is_cancelled(cancellation: Cancellation | None) -> bool:
    """That it was done; that it was asked for is another matter. Who shipped all of it cancelled nothing."""
    done = cancellation and cancellation.cancellation_execution
    return bool(done and (done.cancelled_by or done.cancel_reason))


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)
