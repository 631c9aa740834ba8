"""The token endpoint of Login with Amazon."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from channeld.sandbox.account import Account
from channeld.sandbox.answers import answer, request_id
from channeld.sandbox.disturbance import Disturbance, Where
from channeld.sandbox.market import Market
from channeld.sandbox.tokens import LwaRefusal

__all__ = ["TokenFace"]

LWA_BROKEN = {"lwa_server_error": (500, "server_error"), "lwa_unavailable": (503, "temporarily_unavailable")}
"""Faults and what they answer: status and code."""
FORM = "application/x-www-form-urlencoded"


class TokenFace:
    def __init__(self, market: Market, disturbance: Disturbance) -> None:
        self._market = market
        self._disturbance = disturbance

    async def exchange(self, request: Request) -> Response:
        """One request for an access token."""
        where = {"seller_id": "", "operation": "token"}
        await self._disturbance.be_slow(where)
        if disturbed := await self._disturbance.no_answer(request, where):
            return disturbed
        try:
            account, body = await self._grant(request, where)
        except LwaRefusal as refusal:
            return self._refuse(where, refusal)
        where["seller_id"] = account.spec.seller_id
        self._market.truth.tokens_issued[account.spec.seller_id] += 1
        self._disturbance.count(where, 200)
        return answer(self._market, where, 200, body)

    async def _grant(self, request: Request, where: Where) -> tuple[Account, dict[str, Any]]:
        for fault, (status, error) in LWA_BROKEN.items():
            if self._market.faults.fires(fault, **where):
                raise LwaRefusal(status, error, "The authorization server cannot answer at present")
        if not request.headers.get("content-type", "").startswith(FORM):
            raise LwaRefusal(400, "invalid_request", "The request body has to be form-encoded")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return self._market.lwa.exchange(form, self._market.clock.now())

    def _refuse(self, where: Where, refusal: LwaRefusal) -> Response:
        self._disturbance.count(where, refusal.status)
        self._market.truth.invalid["token", refusal.error] += 1
        identity = request_id(self._market)
        body = {"error": refusal.error, "error_description": refusal.description, "request_id": identity}
        return answer(self._market, where, refusal.status, body, {"x-amzn-RequestId": identity})
