"""searchOrders and getOrder: what an account's book shows, in pages and one by one."""

from collections.abc import Set
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from channeld.sandbox.account import Account
from channeld.sandbox.included import select
from channeld.sandbox.market import Market
from channeld.sandbox.orders import Order
from channeld.sandbox.page_token import PageToken, first_page, read_token, written
from channeld.sandbox.poison import poisoned
from channeld.sandbox.refusal import Refusal
from channeld.sandbox.rules import Search
from channeld.sandbox.shape import instant, shape

__all__ = ["read_order", "search_orders"]

SEARCH = "searchOrders"


def search_orders(market: Market, account: Account, search: Search) -> dict[str, Any]:
    """One page in Amazon's shape. Refusal 400 for a token that is not of this chain or too old."""
    now = market.clock.now()
    here = read_token(account, search, now) if search.token else first_page(account, search, now)
    page, following = _page(market, account, search, here)
    views = [_view(market, account, order, search.included, SEARCH) for order in page]
    body: dict[str, Any] = {"orders": views}
    if following is not None:
        body["pagination"] = {"nextToken": written(following, now)}
    if not market.faults.fires("missing_bound", seller_id=account.spec.seller_id, operation=SEARCH):
        body[f"{search.prefix}Before"] = instant(here.bound)
    return body


def read_order(market: Market, account: Account, order_id: str, included: Set[str]) -> dict[str, Any]:
    """One order in Amazon's shape. Refusal 404 for one that is not this seller's."""
    order = account.book.get(order_id, market.clock.now())
    if order is None:
        raise Refusal(404, "NotFound", "The requested order was not found.")
    return {"order": _view(market, account, order, included, "getOrder")}


def _page(
    market: Market, account: Account, search: Search, here: PageToken
) -> tuple[list[Order], PageToken | None]:
    """The orders of this page, and where the next one begins; None on the last page."""
    now, faults = market.clock.now(), market.faults
    page = [order for order_id in here.again if (order := account.book.get(order_id, now))]
    again: list[Order] = []
    for key, order in account.book.search(search.field, here.start, here.bound, now):
        if not _matches(order, search, account):
            continue
        if len(page) >= search.size:
            return page, replace(here, start=key, again=[order.order_id for order in again])
        where = {"seller_id": order.seller_id, "operation": SEARCH, "order_id": order.order_id}
        if faults.fires("missing_orders", **where):
            continue
        page.append(order)
        if faults.fires("duplicates", **where):
            again.append(order)
    room = search.size - len(page)
    page, over = page + again[:room], again[room:]
    if not over:
        return page, None
    beyond = (here.bound + timedelta(microseconds=1), "")
    return page, replace(here, start=beyond, again=[order.order_id for order in over])


def _matches(order: Order, search: Search, account: Account) -> bool:
    wanted = search.marketplaces
    return (
        (wanted is None or account.marketplace_id(order.country) in wanted)
        and (search.statuses is None or order.status in search.statuses)
        and (search.fulfilled_by is None or order.fulfilled_by in search.fulfilled_by)
    )


def _view(
    market: Market, account: Account, order: Order, included: Set[str], operation: str
) -> dict[str, Any]:
    body = shape(order, market.clock.now(), market.options.convention)
    view = select(body, included, personal=account.spec.restricted_role)
    where = {"seller_id": order.seller_id, "operation": operation, "order_id": order.order_id}
    poison = market.faults.fires("poison", **where)
    return view if poison is None else poisoned(view, poison.detail, market.poison_random)
