"""The actor that tells Amazon stock by requests, over the simulated Amazon, with values made by hand."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable, Mapping, Set
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec

from channeld.amazon.auth import Tokens
from channeld.amazon.budgets import Budgets
from channeld.amazon.send import SellingPartner
from channeld.amazon.transport import make_client
from channeld.book.ledger.holding import take_up
from channeld.concerns.kit import Kit
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.stock_push import StockPush
from channeld.concerns.sync_board import SyncBoard
from channeld.domain.stock import pushing
from channeld.domain.stock.desired import Standing
from channeld.domain.stock.latency import KEEP, LeadTime
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Value
from channeld.runtime.actor import ActorContext
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.mailbox import Mailbox
from channeld.sandbox import AccountSpec, Market, SandboxOptions
from channeld.store import channels, desired_stock, stale_stock, stock_history
from channeld.store.desired_stock import DesiredRow
from channeld.store.unit import Unit
from tests.support.amazon_api import MemoryBudgets, seeded
from tests.support.book_shop import NEW_ACCOUNT, Shop, open_shop
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import START, FakeClock
from tests.support.mortal import Life

__all__ = [
    "INSTANCE",
    "MUG",
    "PATCH",
    "RED",
    "SELLER",
    "CountingWire",
    "StockLine",
    "caught_up",
    "mug_market",
    "own_skus",
    "stock_line",
    "stock_market",
]

SELLER = NEW_ACCOUNT.seller_id
INSTANCE = "the machine of the tests"
MUG, RED = "MUG-BLUE", "MUG-RED"
"""Listings of every simulated seller."""
PATCH = "patchListingsItem"
SENDING = {"update_inventory": "on", "inventory_locations": "Default"}


def stock_market(clock: FakeClock, listings: int = 300, **options: Any) -> Market:
    """An Amazon that knows the account of `open_shop`."""
    spec = AccountSpec(
        seller_id=SELLER,
        region="EU",
        countries=("GB", "DE"),
        client_id=NEW_ACCOUNT.client_id,
        client_secret=NEW_ACCOUNT.client_secret or "",
        refresh_token=NEW_ACCOUNT.refresh_token or "",
    )
    return Market(clock, SandboxOptions(accounts=(spec,), listings=listings, **options))


def mug_market(clock: FakeClock) -> Market:
    """The same, which shows 8 of the mug with a handling time of 4 days."""
    market = stock_market(clock)
    market.listings.stock(SELLER, MUG, START, quantity=8, lead_time=4)
    return market


def own_skus(market: Market, count: int) -> list[str]:
    """That many listings of the seller's own stock that are on sale."""
    own = [each for each in market.listings.all() if not each.amazon and not each.is_parent]
    return [each.sku for each in own if each.standing == "Active"][:count]


class StockLine:
    """One account with the channels `uk` and `de`, and what Amazon was told."""

    def __init__(
        self, shop: Shop, market: Market, wire: Wire, kit: Kit, mailbox: Mailbox, life: Life
    ) -> None:
        self.shop, self.market, self.wire, self.mailbox = shop, market, wire, mailbox
        self.kit = life.mortal(kit)
        self.life = life
        self.shown: list[str] = []
        """What the actor was waiting for."""
        self.trouble: BaseException | None = None
        self.turns = 0
        self.feed_mailbox = Mailbox("eu/stock_feed")
        """Of the actor that tells stock by feeds, beside this one."""

    async def want(
        self,
        values: Mapping[str, int],
        lead_time: LeadTime = KEEP,
        *,
        owner: int = 1,
        standing: int | None = None,
    ) -> None:
        """From now on Amazon is to be told these quantities. `standing`: what it was told of them before."""
        now, account_id = self.shop.now, self.shop.account_id

        def write(unit: Unit) -> None:
            known = desired_stock.of_skus(unit.connection, account_id, values)
            rows: list[DesiredRow] = []
            for sku, quantity in values.items():
                row = known.get(sku) or DesiredRow(
                    account_id=account_id, sku=sku, owner_id=owner, channels=(1, 2)
                )
                desired = row.desired
                if standing is not None:
                    before = pushing.computed(desired, Value(quantity=standing, lead_time=KEEP), now)
                    begun = pushing.begun(before, Route.PATCH, "before", now)
                    desired = pushing.accepted(begun, "before", now)
                desired = pushing.computed(desired, Value(quantity=quantity, lead_time=lead_time), now)
                rows.append(msgspec.structs.replace(row, desired=desired))
            desired_stock.save(unit, rows, now)

        await self.shop.store.write(write)

    async def row(self, sku: str) -> DesiredRow:
        account_id = self.shop.account_id
        return (await self.shop.store.read(lambda c: desired_stock.of_skus(c, account_id, (sku,))))[sku]

    async def standing(self, sku: str) -> Standing:
        return (await self.row(sku)).desired.stands(self.shop.now)

    async def history(self, sku: str) -> list[stock_history.Happened]:
        """The oldest first."""
        found = await self.shop.store.read(lambda c: stock_history.of_sku(c, self.shop.account_id, sku, 1000))
        return found[::-1]

    async def events(self, sku: str) -> list[str]:
        return [each.event for each in await self.history(sku)]

    def told(self, sku: str) -> list[int | None]:
        """Quantities that Amazon has taken, in their order."""
        return [each.quantity for each in self.market.truth.told.get((SELLER, sku), ())]

    def in_order(self) -> list[str]:
        """SKUs as the requests for them came."""
        paths = [each.url.path for each in self.wire.requests if each.method == "PATCH"]
        return [path.partition(f"/items/{SELLER}/")[2] for path in paths]

    def at_amazon(self, sku: str) -> int | None:
        """The quantity that is really there."""
        return self.market.listings.get(sku).quantity

    async def run(
        self, seconds: float, beside: Callable[[], Coroutine[Any, Any, None]] | None = None
    ) -> None:
        """The actor for a while, or until it ends by itself; `trouble` is what it ended with."""
        self.trouble = None
        context = ActorContext(
            "eu/stock_push", self.shop.clock, self.mailbox, on_wait=self.note_wait, on_done=self.note_done
        )

        async def act() -> None:
            with self.life.scope:
                try:
                    await StockPush(self.kit, self.shop.account_id).run(context)
                except Exception as error:
                    self.trouble = error

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(act)
            if beside is not None:
                tasks.start_soon(beside)
            await self.shop.clock.advance(seconds)
            tasks.cancel_scope.cancel()

    def note_wait(self, what: str, until: object) -> None:
        self.shown += [what] if what else []

    def note_done(self) -> None:
        self.turns += 1


async def caught_up(shop: Shop) -> None:
    """No orders are to come, and all is computed, as values are made by hand."""

    def book(unit: Unit) -> None:
        channels.move_cursor(unit, (1, 2), datetime(2100, 1, 1, tzinfo=UTC))
        sweep = stale_stock.sweep(unit.connection, shop.account_id)
        assert sweep is not None
        stale_stock.sweep_on(unit, sweep, None)

    await shop.store.write(book)


class CountingWire(Wire):
    """Requests take time; those under way for one SKU are counted; around each somebody may die."""

    def __init__(
        self, market: Market, clock: FakeClock, life: Life | None = None, latency: float = 0.3
    ) -> None:
        super().__init__(market)
        self._clock, self._life, self._latency = clock, life, latency
        self._under_way: Counter[str] = Counter()
        self.most_together = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method != "PATCH":
            return await super().handle_async_request(request)
        self._under_way[request.url.path] += 1
        self.most_together = max(self.most_together, *self._under_way.values())
        try:
            await self._boundary()
            await self._clock.away(self._latency / 2)
            response = await super().handle_async_request(request)
            await self._boundary()
            await self._clock.away(self._latency / 2)
            return response
        finally:
            self._under_way[request.url.path] -= 1

    async def _boundary(self) -> None:
        if self._life is not None:
            await self._life.boundary()


@asynccontextmanager
async def stock_line(
    folder: Path, clock: FakeClock, market: Market, wire: Wire | None = None, life: Life | None = None
) -> AsyncGenerator[StockLine]:
    """Opened again in the same folder, the daemon was restarted; `life`: it ends at some moment."""
    mailbox = Mailbox("eu/stock_push")
    feed_mailbox = Mailbox("eu/stock_feed")

    def committed(changes: Mapping[str, Set[Hashable]]) -> None:
        if {"stock_due", "adopted"} & set(changes):
            mailbox.wake()
        if {"stock_due", "lane_free", "adopted"} & set(changes):
            feed_mailbox.wake()

    wire = wire or Wire(market)
    async with open_shop(folder, clock, committed) as shop, make_client(wire) as http:
        if await shop.store.read(lambda c: c.exec_driver_sql("SELECT id FROM channels").first()) is None:
            await shop.store.write(lambda unit: take_up(unit, INSTANCE))
            await shop.open_channel("uk", "UK", **SENDING)
            await shop.open_channel("de", "DE", **SENDING)
            await caught_up(shop)
        tokens, budgets = Tokens(http, clock, seeded(1)), Budgets(clock, MemoryBudgets(), seeded(2))
        kit = Kit(
            clock=CheckedClock(clock),
            store=shop.store,
            partner=SellingPartner(http, clock, tokens, budgets, seeded(3)),
            budgets=budgets,
            board=SyncBoard(),
            order_rate=OrderRate(),
            http=http,
            instance=INSTANCE,
        )
        line = StockLine(shop, market, wire, kit, mailbox, life or Life())
        line.feed_mailbox = feed_mailbox
        yield line
