"""What others do with an order at Amazon, past the daemon: a buyer, or somebody in Seller Central."""

from collections.abc import Mapping
from contextlib import suppress

from channeld.sandbox import Market, Order
from channeld.sandbox.despatch import Impossible, confirm_package
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.orders import Package
from channeld.sandbox.refunds import Refund, charged
from tests.effects.plan import Deed

__all__ = ["act_elsewhere"]


def act_elsewhere(market: Market, order: Order, deed: Deed) -> Refund | None:
    """Do it if the order allows it as it stands; the money that was given back, if it was about money."""
    match deed.kind:
        case "buyer cancels":
            if order.status in ("UNSHIPPED", "PARTIALLY_SHIPPED"):
                market.act(order.order_id, "cancel_by_buyer")
        case "buyer asks":
            market.act(order.order_id, "request_cancel")
        case "sent elsewhere":
            _send(market, order, deed.tracking)
        case _:
            return _refund(market, order, deed.amounts)
    return None


def _send(market: Market, order: Order, tracking: str) -> None:
    """All that is left, in a package as Seller Central numbers them."""
    now = market.stamp(None, order)
    package = Package(
        reference="1",
        status="IN_TRANSIT",
        carrier="DHL",
        service="Parcel",
        tracking=tracking,
        at=now,
        contents=tuple((line.order_item_id, line.open) for line in order.lines if line.open),
    )
    with suppress(Impossible):
        if package.contents:
            market.record(confirm_package(order, package, now, now))


def _refund(market: Market, order: Order, amounts: Mapping[int, int]) -> Refund | None:
    """Of the price, and no more than what is left of it."""
    items: dict[str, dict[str, int]] = {}
    paid = market.accounts[order.seller_id].refunds.paid
    for place, minor in amounts.items():
        line = order.lines[place]
        due = charged(line, BY_COUNTRY[order.country]).get("Principal", 0)
        if minor <= due - paid(order.order_id, line.order_item_id)["Principal"]:
            items[line.order_item_id] = {"Principal": minor}
    return market.refund(order, items, market.stamp(None, order)) if items else None
