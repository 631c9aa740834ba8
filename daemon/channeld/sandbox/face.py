"""The HTTP face: every operation, each admitted, disturbed and counted.

A request is checked in this order: user-agent, access token, budget, parameters. Only requests with a
valid token cost budget; a request with wrong parameters does too.
"""

from functools import partial
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channeld.sandbox.account import Account
from channeld.sandbox.admission import admit
from channeld.sandbox.answers import Connections, answer
from channeld.sandbox.catalog import OPERATIONS
from channeld.sandbox.disturbance import Disturbance
from channeld.sandbox.document_face import DocumentFace
from channeld.sandbox.market import Market
from channeld.sandbox.operations import Call, Operation
from channeld.sandbox.refusal import Refusal
from channeld.sandbox.token_face import TokenFace

__all__ = ["create_app"]

WITH_RATE = (400, 404)
"""Errors that announce the rate, by the official model; 403 and 429 never do."""


def create_app(market: Market, connections: Connections | None = None) -> Starlette:
    """The sandbox as an ASGI application; without `connections` it answers inside the caller's process."""
    disturbance = Disturbance(market, connections)
    face = _Face(market, disturbance)
    routes = [
        Route(operation.path, partial(face.serve, operation), methods=[operation.method])
        for operation in OPERATIONS
    ]
    documents, tokens = DocumentFace(market, disturbance), TokenFace(market, disturbance)
    routes.append(Route("/documents/{token}", documents.serve, methods=["GET", "PUT"]))
    routes.append(Route("/auth/o2/token", tokens.exchange, methods=["POST"]))
    return Starlette(routes=routes, exception_handlers={HTTPException: face.no_such_route})


class _Face:
    def __init__(self, market: Market, disturbance: Disturbance) -> None:
        self._market = market
        self._disturbance = disturbance

    async def serve(self, operation: Operation, request: Request) -> Response:
        """One request to the Selling Partner API."""
        market, token = self._market, request.headers.get("x-amz-access-token", "")
        account = market.lwa.holder(token, market.clock.now())
        where = {"seller_id": account.spec.seller_id if account else "", "operation": operation.name}
        body = await request.body()
        await self._disturbance.be_slow(where)
        market.settle()
        headers: dict[str, str] = {}
        try:
            account = admit(market, operation.name, request, account)
            headers = {"x-amzn-RateLimit-Limit": str(account.buckets[operation.name].rate)}
            if disturbed := await self._disturbance.no_answer(request, where):
                return disturbed
            self._disturbance.break_down(where)
            told = operation.handler(_call(market, account, request, body))
            if operation.method != "GET" and (cut := await self._disturbance.cut_after(request, where)):
                return cut
        except Refusal as refusal:
            rate = headers if refusal.status in WITH_RATE else {}
            return self._disturbance.refuse(where, refusal, rate)
        self._disturbance.count(where, operation.status)
        return answer(market, where, operation.status, told, headers)

    async def no_such_route(self, _request: Request, error: Exception) -> Response:
        """Paths and methods that the sandbox does not know."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = {404: "NotFound", 405: "MethodNotAllowed"}.get(status, "InternalFailure")
        return answer(self._market, {}, status, Refusal(status, code, "No such resource.").body())


def _call(market: Market, account: Account, request: Request, body: bytes) -> Call:
    content_type = request.headers.get("content-type", "")
    query = request.url.query
    return Call(market, account, _path(request), query, body, content_type, _base(request))


def _path(request: Request) -> dict[str, str]:
    """The varying parts; a SKU may have a slash in it, but only an encoded one."""
    path = dict(request.path_params)
    if "sku" in path:
        raw: bytes = request.scope["raw_path"]
        path["sku"] = unquote(raw.decode("latin-1").rsplit("/", 1)[1])
    return path


def _base(request: Request) -> str:
    """By the port that was reached: what clients put into the Host header may be anything."""
    host, port = request.scope["server"]
    return f"http://{host}:{port}" if port else f"http://{host}"
