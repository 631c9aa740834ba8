"""A shop whose buyers and credentials are canaries, and everything that goes wrong going wrong."""

from collections.abc import Sequence

import httpx
from msgspec.structs import replace

from channeld.sandbox import Line, Market
from channeld.sandbox.orders import Order
from tests.support.canaries import Canaries
from tests.support.daemon import KEY, Daemon
from tests.support.daemon_wire import Wire

__all__ = ["GIFT", "buyers_of", "canaries_of", "live_through_faults", "place_orders"]

BUYER = {
    "name": "Canaria Vögel",
    "email": "canary-4711@marketplace.amazon.co.uk",
    "phone": "+44 7700 900471",
    "line1": '17 "Canary" Wharf Lane',
    "line2": "Canary flat 4711",
    "postal_code": "CN4711 7RY",
    "company": "Canary Fittings & Söhne",
    "po_number": "CANARY-PO-4711",
}
GIFT = "Happy birthday, dear canary 🐦"
POISONS = ("amount_garbage", "items_null", "time_garbage", "channel_text", "quantity_text", "id_missing")


def place_orders(market: Market, count: int) -> list[Order]:
    """Business orders with a gift message, all from the canary."""
    line = Line(sku="MUG", gift_message=GIFT, gift=True)
    placed = [market.place_order(lines=[line]) for _ in range(count)]
    return [market.record(replace(order, buyer=replace(order.buyer, **BUYER)), delay=0) for order in placed]


def buyers_of(orders: Sequence[Order]) -> set[str]:
    """What must not be known of them; the tax number as the sandbox makes it."""
    return {*BUYER.values(), GIFT, *(f"{order.country}{order.order_id[-7:]}00" for order in orders)}


def canaries_of(market: Market, wire: Wire, orders: Sequence[Order]) -> Canaries:
    """All that must be nowhere: buyers, credentials, tokens that were handed out, the key."""
    tokens = {request.headers.get("x-amz-access-token", "") for request in wire.requests} - {""}
    assert tokens
    secrets = {
        secret for spec in market.options.accounts for secret in (spec.client_secret, spec.refresh_token)
    }
    return Canaries({*buyers_of(orders), *tokens, *secrets, KEY.decode(), KEY.hex()})


async def live_through_faults(daemon: Daemon, orders: Sequence[Order]) -> None:
    """Poisoned orders, damaged and truncated answers, refusals whose texts repeat what they were sent."""
    market = daemon.market
    for kind, order in zip(POISONS, orders, strict=False):
        market.faults.plan("poison", None, detail=kind, order_id=order.order_id)
    await daemon.pass_time(minutes=12)
    for fault in ("truncated", "error_500", "reset", "lwa_server_error"):
        market.faults.plan(fault, 4)
        market.act(orders[-1].order_id, "request_cancel")
        await daemon.pass_time(minutes=8)
    for status in (400, 403, 404, 429, 500, 200):
        daemon.wire.rewrite = _repeating(status, times=3)
        await daemon.pass_time(minutes=8)
    daemon.wire.rewrite = None
    await daemon.pass_time(minutes=12)


class _repeating:  # noqa: N801 (used as a function)
    """An answer that says back what it should not, so many times."""

    def __init__(self, status: int, times: int) -> None:
        self._status = status
        self._left = times

    def __call__(self, request: httpx.Request, _response: httpx.Response) -> httpx.Response | None:
        if self._left <= 0:
            return None
        self._left -= 1
        told = " ".join([*BUYER.values(), GIFT, *request.headers.values()])
        body = {"errors": [{"code": told, "message": told, "details": told}], "orders": told, "error": told}
        headers = [(name, told.encode()) for name in (b"x-amzn-requestid", b"x-amzn-ratelimit-limit")]
        return httpx.Response(self._status, json=body, headers=headers)
