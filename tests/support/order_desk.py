"""Orders that come by reports and by their ids: the actors that it takes, over a pretended Amazon."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
import httpx

from channeld.amazon.transport import make_client
from channeld.book.reports.schedule import Scheduler
from channeld.concerns.kit import Kit
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.sync_board import SyncBoard
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from channeld.store import audit, order_comparisons
from channeld.store.unit import Changes
from channeld.tree import plan_branches
from channeld.tree_branches import read_branches
from channeld.tree_children import Planned
from tests.support import amazon_orders, report_desk
from tests.support.amazon_api import Rig
from tests.support.book_shop import Shop, open_shop
from tests.support.fake_clock import FakeClock

__all__ = ["AtAmazon", "Desk", "open_desk"]

CONCERNS = ("reports", "order_reconciliation", "order_intake")
NAMES = ("amazon-order-id", "last-updated-date", "sales-channel", "order-status", "fulfillment-channel")
ORDER = "/orders/2026-01-01/orders/"


class AtAmazon(report_desk.AtAmazon):
    """Its reports are there at once, and show all of these orders."""

    def __init__(self, clock: FakeClock, orders: dict[str, datetime]) -> None:
        super().__init__(clock)
        self.is_quick = True
        self.acts = 0
        """Requests that it has acted on."""
        self._orders = orders
        lines = [
            (order_id, at.isoformat(), "Amazon.co.uk", "Unshipped", "Merchant")
            for order_id, at in orders.items()
        ]
        self.table = "".join("\t".join(line) + "\r\n" for line in (NAMES, *lines)).encode()

    def _route(self, request: httpx.Request) -> tuple[str, Callable[[], httpx.Response]]:
        order_id = request.url.path.rpartition("/")[2]
        if request.url.path.startswith(ORDER):
            name, act = "getOrder", lambda: self._order(order_id)
        else:
            name, act = super()._route(request)
        return name, lambda: self._acted(act)

    def _acted(self, act: Callable[[], httpx.Response]) -> httpx.Response:
        self.acts += 1
        return act()

    def _order(self, order_id: str) -> httpx.Response:
        changed = self._orders[order_id].isoformat().replace("+00:00", "Z")
        buyer = {"buyerEmail": "somebody@marketplace.example"}
        order = amazon_orders.order(orderId=order_id, lastUpdatedTime=changed, buyer=buyer)
        return httpx.Response(200, json={"order": order})


class Desk:
    """A shop with these actors running."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    async def pass_time(self, *, minutes: float) -> None:
        await self.shop.clock.advance(60 * minutes)

    async def outcome(self) -> dict[str, Any]:
        """What must be the same whoever died."""
        shop = self.shop
        told = await shop.store.read(lambda c: audit.entries(c, 1_000))
        return {
            "orders": Counter((each.order_id, each.updated_at) for each in await shop.orders()),
            "told": Counter((e.code, e.order_id, e.text) for e in told if e.code.startswith("order.")),
            "reports": await self._rows("SELECT purpose, state, rows, bad_rows, data_to FROM reports"),
            "gaps": await self._rows("SELECT order_id, kind, outcome FROM order_gaps"),
            "compared to": await shop.store.read(lambda c: order_comparisons.compared_to(c, [1])),
            "cursor": (await shop.channel()).order_cursor,
            "left of a backfill": await self._rows("SELECT report_pk FROM backfills"),
            "to be read": await self._rows("SELECT order_id FROM rereads WHERE done_at IS NULL"),
        }

    async def _rows(self, query: str) -> list[tuple[Any, ...]]:
        rows = await self.shop.store.read(lambda c: c.exec_driver_sql(query).all())
        return sorted(tuple(row) for row in rows)


@asynccontextmanager
async def open_desk(
    folder: Path,
    amazon: AtAmazon,
    clock: FakeClock,
    schedulers: Sequence[Scheduler],
    kit: Callable[[Kit], Kit] = lambda kit: kit,
) -> AsyncGenerator[Desk]:
    """Opened again in the same folder with the same Amazon and clock, the daemon was restarted."""
    rig = Rig(clock, lambda request: httpx.Response(500))
    http = make_client(httpx.MockTransport(amazon))
    rig.partner._http = rig.tokens._http = http  # pyright: ignore[reportPrivateUsage]
    planned: list[Planned] = []

    def heard(_status: ActorStatus, _notable: bool) -> None:
        """Nobody listens."""

    async with Supervisor(clock, heard) as supervisor:

        def committed(changes: Changes) -> None:
            for each in planned:
                if any(key in changes.get(topic, ()) for topic, key in each.hears):
                    supervisor.wake(each.spec.id)

        async with open_shop(folder, clock, committed) as shop:
            tools = kit(
                Kit(
                    clock=CheckedClock(clock),
                    store=shop.store,
                    partner=rig.partner,
                    budgets=rig.budgets,
                    board=SyncBoard(),
                    order_rate=OrderRate(),
                    http=http,
                    instance="the machine of the tests",
                    schedulers=schedulers,
                )
            )
            branches = await shop.store.read(read_branches)
            planned += [each for each in plan_branches(branches, tools) if each.spec.concern in CONCERNS]
            for each in planned:
                supervisor.add(each.spec)
            try:
                yield Desk(shop)
            finally:
                with anyio.CancelScope(shield=True):
                    await http.aclose()
                    await rig.http.aclose()
                await supervisor.stop(10)
