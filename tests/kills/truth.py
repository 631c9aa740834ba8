"""What Amazon would say: its orders as another client gets them, in spite of its faults."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx

from channeld.sandbox import AccountSpec
from tests.support.sandbox_client import LONG_AGO, ORDERS, USER_AGENT, SandboxClient

__all__ = ["Order", "orders_of", "personal_values", "refunds_of"]

Order = Mapping[str, Any]
"""In the shape of Amazon's model."""
DATA = "BUYER,RECIPIENT,FULFILLMENT,PACKAGES"
FINANCES = "/finances/2024-06-19/transactions"
SHORTEST = 6
"""Shorter values could be anywhere by chance."""
PATIENCE = 0.05


async def orders_of(endpoint: str, spec: AccountSpec) -> dict[str, Order]:
    """All orders of an account, as they are shown now, by id."""
    found: dict[str, Order] = {}
    async with _client(endpoint, spec) as client:
        search = {"lastUpdatedAfter": LONG_AGO, "includedData": DATA}
        page = await _patiently(client, search)
        found |= {order["orderId"]: order for order in page["orders"]}
        while "pagination" in page:
            page = await _patiently(client, search | {"paginationToken": page["pagination"]["nextToken"]})
            found |= {order["orderId"]: order for order in page["orders"]}
    return found


async def refunds_of(endpoint: str, spec: AccountSpec, order_ids: Iterable[str]) -> dict[str, int]:
    """How many refunds each of these orders has in the finances."""
    found: dict[str, int] = {}
    async with _client(endpoint, spec) as client:
        for order_id in order_ids:
            asked = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order_id}
            page = await _patiently(client, asked, FINANCES)
            found[order_id] = len(page["payload"]["transactions"])
    return found


def personal_values(orders: Iterable[Order]) -> set[str]:
    """What of these orders must stand nowhere in clear: the buyers' and the recipients' own."""
    return {value for order in orders for value in _personal(order) if len(value) >= SHORTEST}


def _personal(order: Order) -> Iterator[str]:
    buyer: Mapping[str, Any] = order.get("buyer", {})
    address: Mapping[str, Any] = order.get("recipient", {}).get("deliveryAddress", {})
    names = ("name", "addressLine1", "addressLine2", "phone")
    email = str(buyer.get("buyerEmail", ""))
    yield email[email.rfind("@") :]  # one look for all of them: each has an alias of its own
    for value in (buyer.get("buyerName"), *(address.get(name) for name in names)):
        if isinstance(value, str):
            yield value


@asynccontextmanager
async def _client(endpoint: str, spec: AccountSpec) -> AsyncGenerator[SandboxClient]:
    async with httpx.AsyncClient(base_url=endpoint, headers={"user-agent": USER_AGENT}) as http:
        client = SandboxClient(http, spec)
        while not client.headers:
            try:
                await client.log_in()
            except (httpx.HTTPError, ValueError, KeyError):
                await anyio.sleep(PATIENCE)
        yield client


async def _patiently(client: SandboxClient, search: dict[str, str], path: str = ORDERS) -> dict[str, Any]:
    while True:
        try:
            response = await client.get(path, search)
            if response.status_code == 200:
                return response.json()
        except (httpx.HTTPError, ValueError):
            pass
        await anyio.sleep(PATIENCE)
