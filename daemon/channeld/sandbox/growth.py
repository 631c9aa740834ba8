"""Buyers over time: the orders that exist at the start, new ones, and what becomes of them.

Seeded: the same seed gives the same orders at the same instants, whatever a client asks meanwhile.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from channeld.sandbox.account import Account
from channeld.sandbox.buyers import order_by_chance
from channeld.sandbox.changes import ACTIONS
from channeld.sandbox.life import Step, plan
from channeld.sandbox.orders import Order

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["Growth"]

SHIPPED_AT_START, SHIPPED_LATER = 0.8, 0.25


class _Due(NamedTuple):
    at: float
    tie: int
    seller_id: str
    order_id: str
    action: str


class Growth:
    """Places orders into the market's books and moves them along their plans."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._random = market.random("growth")
        self._agenda: list[_Due] = []
        self._tie = count()
        self._began = market.clock.now()

    def populate(self) -> None:
        """The orders that exist at the start, with the life they have had since they were placed."""
        options = self._market.options
        end = self._began - timedelta(seconds=options.quiet_seconds)
        ages = (self._random.uniform(0, options.days * 86_400) for _ in range(options.orders))
        for age in sorted(ages, reverse=True):
            order, steps = self._place(end - timedelta(seconds=age), SHIPPED_AT_START)
            for step in steps:
                at = order.created + timedelta(seconds=step.after)
                if at <= end:
                    order = ACTIONS[step.action](order, self._market.stamp(at, order))
                else:
                    self._schedule(order, (step,), self._market.clock.monotonic(), order.created)
            self._market.record(order, delay=0)

    async def live(self) -> None:
        """New orders at their rate, and each step when it is due."""
        options, clock = self._market.options, self._market.clock
        if not options.orders_per_hour:
            return
        per_second = options.orders_per_hour * options.speed / 3600
        arrival = clock.monotonic() + self._random.expovariate(per_second)
        while True:
            due = min(arrival, self._agenda[0].at) if self._agenda else arrival
            await clock.sleep(due - clock.monotonic())
            if due == arrival:
                self._arrive()
                arrival += self._random.expovariate(per_second)
            else:
                self._step(heapq.heappop(self._agenda))

    def _arrive(self) -> None:
        self._market.settle()
        order, steps = self._place(self._market.clock.now(), SHIPPED_LATER)
        self._market.record(order)
        self._market.listings.sold(order)
        self._schedule(order, steps, self._market.clock.monotonic(), order.created)

    def _step(self, due: _Due) -> None:
        """A step is left out when the order has ended otherwise: someone else shipped or cancelled it."""
        self._market.settle()
        order = self._market.accounts[due.seller_id].book.orders[due.order_id]
        if order.status == "CANCELLED" or (order.status == "SHIPPED" and due.action != "deliver"):
            return
        self._market.act(due.order_id, due.action)

    def _place(self, at: datetime, shipped_share: float) -> tuple[Order, tuple[Step, ...]]:
        account = self._random.choice(tuple(self._market.accounts.values()))
        number = account.next_number()
        random = self._market.random(f"{account.spec.seller_id}/{number}")
        order = self._order(account, number, random, at)
        account.last_order_in[order.country] = order.order_id
        return order, plan(random, order, shipped_share)

    def _order(self, account: Account, number: str, random: Random, at: datetime) -> Order:
        country = random.choice(account.spec.countries)
        earlier = account.last_order_in.get(country)
        order = order_by_chance(
            random,
            seller_id=account.spec.seller_id,
            number=number,
            country=country,
            at=self._market.stamp(at),
            earlier=(earlier,) if earlier else (),
        )
        stamp = self._market.stamp(at, order)
        return replace(order, created=stamp, updated=stamp)

    def _schedule(self, order: Order, steps: Iterable[Step], now: float, created: datetime) -> None:
        """Buyers' time runs `speed` times as fast, from the start of the sandbox on."""
        lived = (self._market.clock.now() - created).total_seconds()
        for step in steps:
            at = now + max(0.0, step.after - lived) / self._market.options.speed
            due = _Due(at, next(self._tie), order.seller_id, order.order_id, step.action)
            heapq.heappush(self._agenda, due)
