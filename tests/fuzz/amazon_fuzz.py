"""Damaged answers through the whole daemon: nothing is lost, nothing crashes, and it recovers by itself."""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, given, seed, settings

from channeld.sandbox import Market
from tests.fuzz.answers import Damage, damages
from tests.support.daemon import Daemon, running_daemon
from tests.support.fake_clock import FakeClock

__all__ = ["AS_FAST", "Seller", "seller", "try_searches"]

AS_FAST = settings(
    deadline=None,
    max_examples=15,
    database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example),
)
A_CRASH = re.compile(r"\w+ at [\w/]+\.py:\d+")
ACTORS = ("eu/order_download", "uk/order_intake")
POLL = 190.0
"""Seconds in which a search comes."""
LONGEST_BACK_OFF = 320.0


class Seller:
    """A daemon with one channel, and the Amazon whose answers are damaged."""

    def __init__(self, portal: BlockingPortal, daemon: Daemon, market: Market) -> None:
        self._portal = portal
        self._daemon = daemon
        self._market = market
        self.personal: set[str] = set()
        """Names and addresses that Amazon has shown."""

    def try_search(self, damage: Damage) -> None:
        """Two orders come in, Amazon's next searches are answered damaged, then it is well again."""
        placed = {self._portal.call(self._market.place_order).order_id for _ in range(2)}
        self._pass(150)  # until a search may show them
        shown: list[bytes] = []

        def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
            if not request.url.path.endswith("/orders") or response.status_code != 200:
                return None
            self.personal |= _personal(response)
            damaged = damage(response)
            shown.append(damaged.read() if damaged.status_code == 200 else b"")
            return damaged

        self._daemon.wire.rewrite = rewrite
        self._pass(POLL)
        self._check_reasons()
        if not self._is_asking_again():
            assert _ids(shown) <= self._kept(), "an order was passed over"
        self._daemon.wire.rewrite = None
        self._pass(LONGEST_BACK_OFF + POLL)
        self._check_reasons()
        assert {self._portal.call(self._daemon.actor, id_).state for id_ in ACTORS} <= {"waiting", "running"}
        assert placed <= self._kept(), "the cursor went past an order"
        self._check_audit()

    def _is_asking_again(self) -> bool:
        """The answer was refused as a whole: the search is tried again now, or after a while."""
        actor = self._portal.call(self._daemon.actor, ACTORS[0])
        return actor.state in ("failing", "running") or "searchOrders" in actor.waits_for

    def _pass(self, seconds: float) -> None:
        self._portal.call(partial(self._daemon.pass_time, seconds=seconds))

    def _check_reasons(self) -> None:
        """What a person is told has words and a hint, and is no crash."""
        for id_ in ACTORS:
            actor = self._portal.call(self._daemon.actor, id_)
            assert not A_CRASH.search(actor.reason), actor
            assert actor.state != "halted", actor
            assert bool(actor.reason) == bool(actor.hint), actor

    def _check_audit(self) -> None:
        told = repr(self._portal.call(self._daemon.audit)) + repr(self._portal.call(self._daemon.quarantine))
        assert not any(value in told for value in self.personal)

    def _kept(self) -> set[str]:
        quarantined = self._portal.call(self._daemon.quarantine)
        assert all(row.reason for row in quarantined)
        return set(self._portal.call(self._daemon.orders)) | {row.order_id for row in quarantined}


@contextmanager
def seller(folder: Path) -> Generator[Seller]:
    clock = FakeClock()
    market = Market(clock)
    with (
        start_blocking_portal("asyncio") as portal,
        portal.wrap_async_context_manager(running_daemon(folder, market, clock)) as daemon,
    ):
        portal.call(daemon.open_shop)
        yield Seller(portal, daemon, market)


def try_searches(shop: Seller, how: settings = AS_FAST, number: int = 0) -> None:
    """Searches answered in any damaged way."""

    @seed(number)
    @how
    @given(damages())
    def fuzz(damage: Damage) -> None:
        shop.try_search(damage)

    fuzz()


def _personal(response: httpx.Response) -> set[str]:
    orders = response.json()["orders"]
    return {order["buyer"]["buyerName"] for order in orders if order.get("buyer", {}).get("buyerName")}


def _ids(bodies: list[bytes]) -> set[str]:
    """Of orders that were shown and that are the daemon's business."""
    found: set[str] = set()
    for body in bodies:
        try:
            orders = json.loads(body)["orders"]
            found.update(order["orderId"] for order in orders if _is_ours(order))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return found


def _is_ours(order: Any) -> bool:
    """Those of other sales channels, and Amazon's own, are counted and left alone."""
    try:
        if (
            order["salesChannel"]["channelName"] == "NON_AMAZON"
            or order["fulfillment"]["fulfilledBy"] == "AMAZON"
        ):
            return False
    except (TypeError, KeyError):
        pass
    id_ = order.get("orderId") if isinstance(order, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return isinstance(id_, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", id_) is not None
