"""One answer of each operation, damaged: it is an answer, or one of Amazon's errors, and nothing else."""

from collections.abc import Callable
from typing import Any

import anyio
import httpx
from hypothesis import HealthCheck, given, seed, settings

from channeld.amazon.errors import AmazonError
from channeld.amazon.operations import GET_PARTICIPATIONS, Call
from channeld.amazon.orders import order_call
from channeld.book.readings import read_all
from tests.fuzz.answers import Damage, damages
from tests.support.amazon_api import FINE, SECRETS, Rig, send
from tests.support.amazon_orders import CANARIES, personal_order
from tests.support.fake_clock import FakeClock

__all__ = ["AS_FAST", "OPERATIONS", "try_operation"]

AS_FAST = settings(
    deadline=None,
    max_examples=80,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
)
PARTICIPATION = {
    "marketplace": {"id": "A1F83G8C2ARO7P", "defaultCurrencyCode": "GBP", "name": "Amazon.co.uk"},
    "participation": {"isParticipating": True, "hasSuspendedListings": False},
    "storeName": "Shop",
}
WHOLE: dict[str, httpx.Response] = {
    "token exchange": httpx.Response(
        200, json={"access_token": SECRETS["access"], "token_type": "bearer", "expires_in": 3600}
    ),
    "getMarketplaceParticipations": httpx.Response(200, json={"payload": [PARTICIPATION]}),
    "getOrder": httpx.Response(200, json={"order": personal_order()}),
    "thing": FINE,
}
"""What is answered when nothing is wrong."""


async def _token(rig: Rig) -> object:
    """Any call begins with it."""
    return await send(rig)


async def _participations(rig: Rig) -> object:
    return await send(rig, Call(operation=GET_PARTICIPATIONS))


async def _order(rig: Rig) -> object:
    raw: bytes = (await send(rig, order_call("203-1111111-2222222"))).value
    readings = read_all([raw])
    for damaged in readings.damaged:
        _tells_nothing(f"{damaged.reason} {damaged.field} {damaged!r}")
    return readings


OPERATIONS: dict[str, Callable[[Rig], Any]] = {
    "token exchange": _token,
    "getMarketplaceParticipations": _participations,
    "getOrder": _order,
}


def try_operation(name: str, how: settings = AS_FAST, number: int = 0) -> None:
    """An operation answered in any damaged way."""

    @seed(number)
    @how
    @given(damages())
    def fuzz(damage: Damage) -> None:
        anyio.run(_try, name, damage)

    fuzz()


async def _try(name: str, damage: Damage) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        is_token = request.url.host == "auth.test"
        asked = "token exchange" if is_token else "thing" if name == "token exchange" else name
        whole = WHOLE[asked]
        fresh = httpx.Response(whole.status_code, content=whole.content)
        return damage(fresh) if asked == name else fresh

    rig = Rig(FakeClock(), answer)
    try:
        await OPERATIONS[name](rig)
    except AmazonError as error:
        assert error.message
        assert error.hint
        _tells_nothing(f"{error} {error.message} {error.hint}")
    await rig.http.aclose()


def _tells_nothing(text: str) -> None:
    assert not any(value in text for value in (*CANARIES.values(), *SECRETS.values()))
