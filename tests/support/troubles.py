"""Ways in which an account can be in trouble, each with what mends it; for tests of who else notices."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

import httpx
from msgspec.structs import replace

from channel_protocol.accounts import SetAccount
from channel_protocol.actors import ResumeActor
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id

__all__ = ["TROUBLES", "Shop", "Troubled", "rewriting"]

Rewrite = Callable[[httpx.Request, httpx.Response], httpx.Response | None]
HUGE = 65 * 2**20
PIECE = b" " * 2**20


@dataclass
class Shop:
    """One account with one channel, both of that name; two channels where one is to be refused."""

    name: str
    seller_id: str
    port: int
    """Requests of this account go to this port, so that answers can be told apart."""
    rewrite: Rewrite | None = None
    secret: str = ""
    """A client secret that has to be entered."""


@dataclass(frozen=True)
class Troubled:
    """A kind of trouble."""

    begin: Callable[[Market, Shop], None]
    says: str = ""
    """A part of the message under needs attention; empty: no message is asked for."""
    by_hand: Callable[[Daemon, Shop], Awaitable[None]] | None = None
    """What a person has to do when the cause is gone."""
    gone: Callable[[Market, Shop], None] = field(default=lambda market, shop: None)
    """How the cause goes; that answers are not rewritten any more, and planned faults, goes by itself."""


def rewriting(shops: Mapping[int, Shop]) -> Rewrite:
    """For `Wire.rewrite`: each shop's answers by its own trouble."""

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        shop = shops.get(request.url.port or 0)
        return shop.rewrite(request, response) if shop and shop.rewrite else None

    return rewrite


def _answering(make: Callable[[], httpx.Response], path: str = "/orders") -> Callable[[Market, Shop], None]:
    """Searches, or whatever ends so, are answered with this."""

    def begin(market: Market, shop: Shop) -> None:
        shop.rewrite = lambda request, response: make() if request.url.path.endswith(path) else None

    return begin


def _failing(error: type[httpx.TransportError], path: str = "/orders") -> Callable[[Market, Shop], None]:
    def fail() -> httpx.Response:
        raise error("by the test")

    return _answering(fail, path)


def _planned(fault: str, detail: str = "") -> Callable[[Market, Shop], None]:
    return lambda market, shop: market.faults.plan(fault, None, detail=detail, seller_id=shop.seller_id)


def _error(status: int, code: str) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(status, json={"errors": [{"code": code, "message": "by the test"}]})


def _revoke(market: Market, shop: Shop) -> None:
    market.revoke(shop.seller_id)


def _authorize(market: Market, shop: Shop) -> None:
    market.accounts[shop.seller_id].revoked = False
    shop.secret = market.accounts[shop.seller_id].client_secret


def _rotate(market: Market, shop: Shop) -> None:
    shop.secret = market.rotate_secret(shop.seller_id)


async def _enter_secret(daemon: Daemon, shop: Shop) -> None:
    request = SetAccount(command_id=new_id(), account=shop.name, client_secret=shop.secret)
    await daemon.client.request(request)


async def _resume(daemon: Daemon, shop: Shop) -> None:
    actor = f"{shop.name}/order_download"
    await daemon.client.request(ResumeActor(command_id=new_id(), actor=actor))


def _sell_in(*countries: str) -> Callable[[Market, Shop], None]:
    def change(market: Market, shop: Shop) -> None:
        account = market.accounts[shop.seller_id]
        account.spec = replace(account.spec, countries=countries)

    return change


def _endless(market: Market, shop: Shop) -> None:
    numbers = count()
    page: dict[str, object] = {"orders": [], "lastUpdatedBefore": "2026-11-22T08:58:00Z"}

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        if not request.url.path.endswith("/orders"):
            return None
        return httpx.Response(200, json={**page, "pagination": {"nextToken": f"next-{next(numbers)}"}})

    shop.rewrite = rewrite


def _expiring(market: Market, shop: Shop) -> None:
    """Every search has a second page, whose token is never good."""
    numbers = count()

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        if not request.url.path.endswith("/orders"):
            return None
        if "paginationToken" in request.url.params:
            return _error(400, "InvalidInput")()
        return httpx.Response(200, json={"orders": [], "pagination": {"nextToken": f"stale-{next(numbers)}"}})

    shop.rewrite = rewrite


async def _pieces() -> AsyncIterator[bytes]:
    for _ in range(HUGE // len(PIECE)):
        yield PIECE


TROUBLES: Mapping[str, Troubled] = {
    "revoked": Troubled(_revoke, "authorization was revoked", _enter_secret, _authorize),
    "secret-ended": Troubled(_rotate, "client id or client secret", _enter_secret),
    "role-missing": Troubled(_answering(_error(403, "Unauthorized")), "does not allow", _resume),
    "throttled": Troubled(_answering(_error(429, "QuotaExceeded"))),
    "error-500": Troubled(_answering(_error(500, "InternalFailure")), "(status 500)"),
    "error-503": Troubled(_answering(_error(503, "ServiceUnavailable")), "(status 503)"),
    "never-answers": Troubled(_failing(httpx.ReadTimeout), "cannot be reached"),
    "resets": Troubled(_failing(httpx.ReadError), "cannot be reached"),
    "truncated": Troubled(
        _answering(lambda: httpx.Response(200, content=b'{"orders": [{"ord')), "cannot be read"
    ),
    "html": Troubled(_answering(lambda: httpx.Response(200, html="<html>proxy</html>")), "cannot be read"),
    "huge-pages": Troubled(_answering(lambda: httpx.Response(200, content=_pieces())), "too large"),
    "poison": Troubled(_planned("poison", "items_null"), "cannot be read"),
    "one-refused": Troubled(_sell_in("GB"), "does not allow", None, _sell_in("GB", "DE")),
    "skewed": Troubled(_planned("clock_skew")),
    "token-down": Troubled(_failing(httpx.ConnectError, "/token"), "cannot be reached"),
    "endless": Troubled(_endless),
    "token-stale": Troubled(_expiring),
}
