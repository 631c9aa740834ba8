"""A plain HTTP client of the sandbox, in one process, for tests of the sandbox itself."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from channeld.sandbox import AccountSpec, Market, create_app

__all__ = ["ALL_DATA", "ORDERS", "PARTICIPATIONS", "SandboxClient", "connected", "credentials"]

ORDERS = "/orders/2026-01-01/orders"
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"
ALL_DATA = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"
LONG_AGO = "2026-01-01T00:00:00Z"
USER_AGENT = "Tests/1.0 (Language=Python/3.11)"


def credentials(spec: AccountSpec) -> dict[str, str]:
    """The form of a token exchange."""
    return {
        "grant_type": "refresh_token",
        "refresh_token": spec.refresh_token,
        "client_id": spec.client_id,
        "client_secret": spec.client_secret,
    }


class SandboxClient:
    """Speaks for one account; `http` is there for requests out of line."""

    def __init__(self, http: httpx.AsyncClient, spec: AccountSpec) -> None:
        self.http = http
        self.spec = spec
        self.headers: dict[str, str] = {}

    async def exchange(self, **changed: str) -> httpx.Response:
        return await self.http.post("/auth/o2/token", data=credentials(self.spec) | changed)

    async def log_in(self) -> None:
        self.headers["x-amz-access-token"] = (await self.exchange()).json()["access_token"]

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> httpx.Response:
        return await self.http.get(path, params=params, headers=self.headers)

    async def post(self, path: str, body: object) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers)

    async def search(self, **params: str) -> httpx.Response:
        """searchOrders by last update since long ago, if nothing else is said."""
        if not params.keys() & {"lastUpdatedAfter", "createdAfter"}:
            params = {"lastUpdatedAfter": LONG_AGO, **params}
        return await self.get(ORDERS, params)

    async def found(self, **params: str) -> list[dict[str, Any]]:
        """The orders of all pages."""
        orders: list[dict[str, Any]] = []
        page: dict[str, Any] = (await self.search(**params)).json()
        orders += page["orders"]
        while "pagination" in page:
            token: str = page["pagination"]["nextToken"]
            page = (await self.search(**params, paginationToken=token)).json()
            orders += page["orders"]
        return orders


@asynccontextmanager
async def connected(market: Market, seller_id: str | None = None) -> AsyncGenerator[SandboxClient]:
    """A client that holds an access token of that account (the first one if None)."""
    account = market.accounts[seller_id or next(iter(market.accounts))]
    transport = httpx.ASGITransport(create_app(market))
    headers = {"user-agent": USER_AGENT}
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox", headers=headers) as http:
        client = SandboxClient(http, account.spec)
        await client.log_in()
        yield client
