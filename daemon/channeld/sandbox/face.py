"""The HTTP face: the three operations and the token endpoint, each admitted, disturbed and counted.

A request is checked in this order: user-agent, access token, budget, parameters. Only requests with a
valid token cost budget; a request with wrong parameters does too.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channeld.sandbox.account import Account
from channeld.sandbox.admission import admit
from channeld.sandbox.answers import Connections, answer, hold, request_id, reset
from channeld.sandbox.market import Market
from channeld.sandbox.refusal import Refusal
from channeld.sandbox.rules import included_data, parameters, parse_search
from channeld.sandbox.search import read_order, search_orders
from channeld.sandbox.tokens import LwaRefusal

__all__ = ["create_app"]

Handler = Callable[[Market, Account, Request], dict[str, Any]]
BROKEN = {"error_500": (500, "InternalFailure"), "error_503": (503, "ServiceUnavailable")}
LWA_BROKEN = {"lwa_server_error": (500, "server_error"), "lwa_unavailable": (503, "temporarily_unavailable")}
"""Faults and what they answer: status and code."""
WITH_RATE = (400, 404)
"""Errors that announce the rate, by the official model; 403 and 429 never do."""
FORM = "application/x-www-form-urlencoded"


class Operation(NamedTuple):
    name: str
    path: str
    handler: Handler


def create_app(market: Market, connections: Connections | None = None) -> Starlette:
    """The sandbox as an ASGI application; without `connections` it answers inside the caller's process."""
    face = _Face(market, connections)
    routes = [
        Route(operation.path, partial(face.serve, operation), methods=["GET"]) for operation in OPERATIONS
    ]
    routes.append(Route("/auth/o2/token", face.exchange_token, methods=["POST"]))
    return Starlette(routes=routes, exception_handlers={HTTPException: face.no_such_route})


def _participations(_market: Market, account: Account, request: Request) -> dict[str, Any]:
    parameters(request.url.query, frozenset())
    return {"payload": account.participations()}


def _search(market: Market, account: Account, request: Request) -> dict[str, Any]:
    search = parse_search(request.url.query, account, market.clock.now())
    return search_orders(market, account, search)


def _get(market: Market, account: Account, request: Request) -> dict[str, Any]:
    given = parameters(request.url.query, frozenset({"includedData"}))
    return read_order(market, account, request.path_params["order_id"], included_data(given))


OPERATIONS = (
    Operation("getMarketplaceParticipations", "/sellers/v1/marketplaceParticipations", _participations),
    Operation("searchOrders", "/orders/2026-01-01/orders", _search),
    Operation("getOrder", "/orders/2026-01-01/orders/{order_id}", _get),
)


class _Face:
    def __init__(self, market: Market, connections: Connections | None) -> None:
        self._market = market
        self._connections = connections

    async def serve(self, operation: Operation, request: Request) -> Response:
        """One request to the Selling Partner API."""
        market, token = self._market, request.headers.get("x-amz-access-token", "")
        account = market.lwa.holder(token, market.clock.now())
        where = {"seller_id": account.spec.seller_id if account else "", "operation": operation.name}
        await self._be_slow(where)
        headers: dict[str, str] = {}
        try:
            account = admit(market, operation.name, request, account)
            headers = {"x-amzn-RateLimit-Limit": str(account.buckets[operation.name].rate)}
            if disturbed := await self._no_answer(request, where):
                return disturbed
            self._break(where)
            body = operation.handler(market, account, request)
        except Refusal as refusal:
            return self._refuse(where, refusal, headers if refusal.status in WITH_RATE else {})
        self._count(where, 200)
        return answer(market, where, 200, body, headers)

    async def exchange_token(self, request: Request) -> Response:
        """One request to Login with Amazon."""
        where = {"seller_id": "", "operation": "token"}
        await self._be_slow(where)
        if disturbed := await self._no_answer(request, where):
            return disturbed
        try:
            account, body = await self._grant(request, where)
        except LwaRefusal as refusal:
            return self._refuse_token(where, refusal)
        where["seller_id"] = account.spec.seller_id
        self._market.truth.tokens_issued[account.spec.seller_id] += 1
        self._count(where, 200)
        return answer(self._market, where, 200, body)

    async def no_such_route(self, _request: Request, error: Exception) -> Response:
        """Paths and methods that the sandbox does not know."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = {404: "NotFound", 405: "MethodNotAllowed"}.get(status, "InternalFailure")
        return answer(self._market, {}, status, Refusal(status, code, "No such resource.").body())

    async def _be_slow(self, where: dict[str, str]) -> None:
        if latency := self._market.faults.latency(**where):
            await self._market.clock.sleep(latency)

    async def _no_answer(self, request: Request, where: dict[str, str]) -> Response | None:
        """The faults in which the client hears nothing."""
        for fault, act in (("timeout", hold), ("reset", reset)):
            if self._market.faults.fires(fault, **where):
                self._count(where, 0)
                return await act(request, self._connections)
        return None

    def _break(self, where: dict[str, str]) -> None:
        for fault, (status, code) in BROKEN.items():
            if self._market.faults.fires(fault, **where):
                raise Refusal(status, code, "We encountered an internal error. Please try again.")

    async def _grant(self, request: Request, where: dict[str, str]) -> tuple[Account, dict[str, Any]]:
        for fault, (status, error) in LWA_BROKEN.items():
            if self._market.faults.fires(fault, **where):
                raise LwaRefusal(status, error, "The authorization server cannot answer at present")
        if not request.headers.get("content-type", "").startswith(FORM):
            raise LwaRefusal(400, "invalid_request", "The request body has to be form-encoded")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return self._market.lwa.exchange(form, self._market.clock.now())

    def _refuse(self, where: dict[str, str], refusal: Refusal, headers: dict[str, str]) -> Response:
        self._count(where, refusal.status)
        if refusal.status < 429:
            self._market.truth.invalid[where["operation"], refusal.message] += 1
        kind = {"x-amzn-ErrorType": refusal.code}
        return answer(self._market, where, refusal.status, refusal.body(), headers | kind)

    def _refuse_token(self, where: dict[str, str], refusal: LwaRefusal) -> Response:
        self._count(where, refusal.status)
        self._market.truth.invalid["token", refusal.error] += 1
        identity = request_id(self._market)
        body = {"error": refusal.error, "error_description": refusal.description, "request_id": identity}
        return answer(self._market, where, refusal.status, body, {"x-amzn-RequestId": identity})

    def _count(self, where: dict[str, str], status: int) -> None:
        now = self._market.clock.now()
        self._market.truth.answered(where["operation"], where["seller_id"], status, now)
