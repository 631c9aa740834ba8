"""The one place that sends to Amazon: token, budget, request, retry, what an answer means, decode."""

import re
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, Generic, TypeVar

import httpx
import msgspec
import structlog
from tenacity import AsyncRetrying

from channeld.amazon.access import AccountAccess, Secret
from channeld.amazon.auth import Tokens
from channeld.amazon.budgets import Budgets, Grant, Priority, Waits, is_sane_rate, no_waits
from channeld.amazon.effort import Effort
from channeld.amazon.errors import AccessDenied
from channeld.amazon.exchange import BadBody, ExchangeFailed, Received, exchange, prepared
from channeld.amazon.operations import Call
from channeld.amazon.refusals import error_of_call, request_id_of, unreachable, unreadable
from channeld.amazon.user_agent import user_agent
from channeld.runtime.clock import Clock

__all__ = ["Answer", "SellingPartner"]

T = TypeVar("T")
_RATE = re.compile(r"\d{1,6}(\.\d{1,12})?")
_log = structlog.get_logger(__name__)


class Answer(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A success."""

    value: T
    request_id: str
    rate: float | None
    """Tokens a second that Amazon grants for the operation, if it said so."""
    server_date: datetime | None
    """Amazon's clock, UTC."""
    attempts: int

    def __repr__(self) -> str:
        return f"Answer(request_id={self.request_id!r}, …)"


class SellingPartner:
    """Speaks with Amazon for any account."""

    def __init__(
        self, http: httpx.AsyncClient, clock: Clock, tokens: Tokens, budgets: Budgets, rng: Random
    ) -> None:
        self._http = http
        self._clock = clock
        self._tokens = tokens
        self._budgets = budgets
        self._rng = rng
        self._user_agent = user_agent()

    async def log_in(self, access: AccountAccess) -> None:
        """See that there is an access token. Raises as `send` does for refused credentials and outages."""
        await self._tokens.get(access)

    async def send(
        self,
        access: AccountAccess,
        call: Call[T],
        *,
        priority: Priority,
        deadline: datetime | None = None,
        due: datetime | None = None,
        waits: Waits = no_waits,
        leaves: Callable[[], None] = lambda: None,
    ) -> Answer[T]:
        """One call, answered or refused for good. `due`: of what waits for a token, the sooner goes first.
        `leaves` is told each time that it has its token.

        Repeats in place: a 429 for as long as `deadline` allows (without one for ever); 5xx, a broken
        connection and a damaged body of a read, three times in all; a refused token once, with a new one.
        Raises the errors of `amazon.errors`; all but `Throttled` mean that Amazon or the network was asked.
        """
        effort = Effort(self._clock, self._rng, repeat_safe=call.operation.repeat_safe, deadline=deadline)
        repeated = AsyncRetrying(
            sleep=self._clock.sleep, wait=effort.pause, retry=effort.wants_another, reraise=True
        )

        async def once() -> Answer[T]:
            effort.attempts += 1
            await self._tokens.get(access)
            grant = await self._budgets.acquire(
                access.account_id,
                call.operation,
                priority=priority,
                deadline=deadline,
                due=due,
                waits=waits,
            )
            leaves()
            token = await self._present_token(access, grant)
            received = await self._exchange(access, call, token, grant)
            await self._account_for(received, grant)
            return self._judge(access, call, token, received, effort)

        return await repeated(once)

    async def _present_token(self, access: AccountAccess, grant: Grant) -> Secret:
        """The token as it is after the wait for the budget, which can outlast one.

        It was asked for before as well, so that refused credentials cost nothing of the budget.
        """
        try:
            return await self._tokens.get(access)
        except BaseException:
            self._budgets.unused(grant)
            raise

    async def _exchange(
        self, access: AccountAccess, call: Call[Any], token: Secret, grant: Grant
    ) -> Received:
        operation = call.operation
        headers = {
            "accept": "application/json",
            "user-agent": self._user_agent,
            "x-amz-access-token": token.reveal(),
            "x-amz-date": self._clock.now().strftime("%Y%m%dT%H%M%SZ"),
        }
        if call.body:
            headers["content-type"] = "application/json"
        url = access.endpoint.rstrip("/") + call.target
        try:
            request = prepared(self._http, operation.method, url, headers=headers, body=call.body)
            received = await exchange(self._http, self._clock, request)
        except ExchangeFailed as failure:
            if not failure.outage.sent:
                self._budgets.unused(grant)
            _log.debug("no answer", operation=operation.name, account=access.name, reason=failure.outage.what)
            raise unreachable(operation.name, failure.outage) from None
        except BadBody as bad:
            raise unreadable(operation.name, str(bad)) from None
        _log.debug(
            "answered",
            operation=operation.name,
            account=access.name,
            status=received.status,
            request_id=request_id_of(received),
        )
        return received

    async def _account_for(self, received: Received, grant: Grant) -> None:
        if received.status == 429:
            await self._budgets.throttled(grant)
        else:
            self._budgets.answered(grant, _rate_of(received))

    def _judge(
        self, access: AccountAccess, call: Call[T], token: Secret, received: Received, effort: Effort
    ) -> Answer[T]:
        """The answer, or what its failure means. Raises."""
        operation = call.operation
        if 200 <= received.status < 300:
            return Answer(
                value=_decoded(call, received),
                request_id=request_id_of(received),
                rate=_rate_of(received),
                server_date=received.date,
                attempts=effort.attempts,
            )
        error = error_of_call(
            operation.name,
            received,
            sent_page_token=call.sends_page_token,
            keeps_text=operation.keeps_text,
        )
        if isinstance(error, AccessDenied) and not effort.refreshed:
            self._tokens.invalidate(access.account_id, token)
        raise error


def _decoded(call: Call[T], received: Received) -> T:
    try:
        return call.operation.read(received.body)
    except (ValueError, RecursionError):
        raise unreadable(call.operation.name, "its body cannot be read", received) from None


def _rate_of(received: Received) -> float | None:
    text = received.headers.get("x-amzn-ratelimit-limit", "").strip()
    rate = float(text) if _RATE.fullmatch(text) else 0.0
    return rate if is_sane_rate(rate) else None
