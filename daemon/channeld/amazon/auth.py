"""Access tokens: made when needed, shared by all who wait, kept in memory only.

Login with Amazon's refresh-token grant (Amazon's reference, section 3.1).
"""

import re
from collections import defaultdict
from datetime import datetime
from random import Random

import anyio
import httpx
import msgspec
import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from channeld.amazon.access import AccountAccess, Secret
from channeld.amazon.assumptions import DEFAULT_TOKEN_LIFE
from channeld.amazon.errors import AmazonError, AmazonUnavailable, plain_code
from channeld.amazon.exchange import BadBody, ExchangeFailed, Received, exchange, prepared
from channeld.amazon.refusals import TOKEN, error_of_token, unavailable, unreachable, unreadable
from channeld.runtime.clock import Clock

__all__ = ["Tokens"]

_EARLY = 60.0
"""Seconds before its end at which a token is replaced, so that none ends on the way."""
_ATTEMPTS = 3
_SENDABLE = re.compile(r"[\x21-\x7e]{1,8192}")
"""What may stand in a header: servers refuse much longer ones. Amazon's tokens have a few hundred letters."""

_log = structlog.get_logger(__name__)


class _Answer(msgspec.Struct):
    access_token: str
    expires_in: int | None = None

    def __repr__(self) -> str:
        return "_Answer(…)"


_DECODER = msgspec.json.Decoder(_Answer, strict=False)


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    text: Secret
    access: AccountAccess
    made: float
    made_at: datetime
    life: float
    """Seconds after which it is replaced."""


class _Desk:
    """One account's token and the lock that lets one exchange at a time through."""

    def __init__(self) -> None:
        self.lock = anyio.Lock()
        self.token: _Token | None = None
        self.exchanges = 0
        self.failure: AmazonError | None = None


class Tokens:
    """Access tokens of all accounts."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock, rng: Random) -> None:
        self._http = http
        self._clock = clock
        self._rng = rng
        self._desks: defaultdict[int, _Desk] = defaultdict(_Desk)

    async def get(self, access: AccountAccess) -> Secret:
        """A token that is good for a while yet.

        However many wait, one of them makes the exchange, and its outcome is everybody's. If that one is
        cancelled, another takes over. Raises `CredentialsRefused`, `AmazonUnavailable`, `UnreadableAnswer`.
        """
        desk = self._desks[access.account_id]
        seen = desk.exchanges
        if token := self._usable(desk, access):
            return token
        async with desk.lock:
            if token := self._usable(desk, access):
                return token
            if desk.exchanges != seen and desk.failure is not None:
                raise desk.failure.with_traceback(None)
            return await self._renew(desk, access)

    def invalidate(self, account_id: int, refused: Secret | None = None) -> None:
        """Forget a token that Amazon refused; one that replaced it meanwhile stays. None forgets any."""
        desk = self._desks[account_id]
        if desk.token and refused in (None, desk.token.text):
            desk.token = None

    def forget(self, account_id: int) -> None:
        """The account was removed."""
        self._desks.pop(account_id, None)

    def _usable(self, desk: _Desk, access: AccountAccess) -> Secret | None:
        """The token if it was made with these very credentials and lives, by both clocks: one of them stands
        still while the machine sleeps, the other can be set back."""
        token = desk.token
        if token is None or token.access != access:
            return None
        by_wall = (self._clock.now() - token.made_at).total_seconds()
        if self._clock.monotonic() - token.made < token.life and 0 <= by_wall < token.life:
            return token.text
        return None

    async def _renew(self, desk: _Desk, access: AccountAccess) -> Secret:
        desk.token, desk.failure = None, None
        try:
            desk.token = token = await self._persist(access)
        except AmazonError as failure:
            desk.failure = failure
            desk.exchanges += 1
            raise
        desk.exchanges += 1
        return token.text

    async def _persist(self, access: AccountAccess) -> _Token:
        repeated = AsyncRetrying(
            sleep=self._clock.sleep,
            stop=stop_after_attempt(_ATTEMPTS),
            wait=self._pause,
            retry=retry_if_exception_type(AmazonUnavailable),
            reraise=True,
        )
        return await repeated(self._exchange, access)

    def _pause(self, state: RetryCallState) -> float:
        return self._rng.uniform(0.5, 1.5) * 2 ** (state.attempt_number - 1)

    async def _exchange(self, access: AccountAccess) -> _Token:
        made, made_at = self._clock.monotonic(), self._clock.now()
        form = {
            "grant_type": "refresh_token",
            "refresh_token": access.refresh_token.reveal(),
            "client_id": access.client_id,
            "client_secret": access.client_secret.reveal(),
        }
        try:
            request = prepared(self._http, "POST", access.auth_endpoint, form=form)
            received = await exchange(self._http, self._clock, request)
        except ExchangeFailed as failure:
            raise unreachable(TOKEN, failure.outage) from None
        except BadBody as bad:
            raise unreadable(TOKEN, str(bad)) from None
        _log.debug(
            "token exchange",
            account=access.name,
            status=received.status,
            request_id=plain_code(received.headers.get("x-amzn-requestid", "")),
        )
        text, life = _read(received)
        early = min(_EARLY, life / 4)
        return _Token(text=text, access=access, made=made, made_at=made_at, life=life - early)


def _read(received: Received) -> tuple[Secret, float]:
    """Token and seconds it lives. Raises what the answer means."""
    if received.status != 200:
        raise error_of_token(received)
    try:
        answer = _DECODER.decode(received.body)
    except (ValueError, RecursionError):
        raise unavailable(TOKEN, "unreadable answer", received) from None
    life = answer.expires_in or DEFAULT_TOKEN_LIFE
    if not _SENDABLE.fullmatch(answer.access_token) or life <= 0:
        raise unreadable(TOKEN, "no usable token in it", received)
    return Secret(answer.access_token), float(life)
