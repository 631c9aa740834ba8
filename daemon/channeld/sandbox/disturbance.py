"""What every face of the sandbox does around an answer: be slow, fail, be cut off, and count."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from channeld.sandbox.answers import Connections, answer, hold, reset
from channeld.sandbox.market import Market
from channeld.sandbox.refusal import Refusal

__all__ = ["Disturbance", "Where"]

Where = dict[str, str]
"""Seller id and operation: whose faults apply, and under what the request is counted."""
BROKEN = {"error_500": (500, "InternalFailure"), "error_503": (503, "ServiceUnavailable")}
"""Faults and what they answer: status and code."""
UNHEARD = "We encountered an internal error. Please try again."


class Disturbance:
    """The faults that do not depend on what is asked."""

    def __init__(self, market: Market, connections: Connections | None) -> None:
        self._market = market
        self._connections = connections

    async def be_slow(self, where: Where) -> None:
        if latency := self._market.faults.latency(**where):
            await self._market.clock.sleep(latency)

    async def no_answer(self, request: Request, where: Where) -> Response | None:
        """The faults in which the client hears nothing."""
        for fault, act in (("timeout", hold), ("reset", reset)):
            if self._market.faults.fires(fault, **where):
                self.count(where, 0)
                return await act(request, self._connections)
        return None

    async def cut_after(self, request: Request, where: Where) -> Response | None:
        """The faults in which a write takes effect and the client does not hear of it."""
        if self._market.faults.fires("reset_after", **where):
            self.count(where, 0)
            return await reset(request, self._connections)
        if self._market.faults.fires("error_500_after", **where):
            raise Refusal(*BROKEN["error_500"], UNHEARD)
        return None

    def break_down(self, where: Where) -> None:
        """The faults in which nothing is done and the answer is an error."""
        for fault, (status, code) in BROKEN.items():
            if self._market.faults.fires(fault, **where):
                raise Refusal(status, code, UNHEARD)

    def refuse(self, where: Where, refusal: Refusal, headers: Mapping[str, str]) -> Response:
        self.count(where, refusal.status)
        if refusal.status < 429 and refusal.rule_broken:
            self._market.truth.invalid[where["operation"], refusal.message] += 1
        kind = {"x-amzn-ErrorType": refusal.code}
        return answer(self._market, where, refusal.status, refusal.body(), {**headers, **kind})

    def count(self, where: Where, status: int) -> None:
        now = self._market.clock.now()
        self._market.truth.answered(where["operation"], where["seller_id"], status, now)
