"""Our side of Amazon against the sandbox, in one process, on the fake clock."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import httpx

from channeld.amazon.access import AccountAccess, Secret
from channeld.amazon.auth import Tokens
from channeld.amazon.budgets import Budgets, Priority
from channeld.amazon.errors import AmazonError
from channeld.amazon.feeds.calls import (
    create_feed_call,
    create_feed_document_call,
    feed_call,
    feed_document_call,
)
from channeld.amazon.feeds.documents import download, upload
from channeld.amazon.feeds.envelope import CONTENT_TYPE, build
from channeld.amazon.operations import Call
from channeld.amazon.send import SellingPartner
from channeld.amazon.transport import make_client
from channeld.domain.ledger.effects import Effect
from channeld.domain.ledger.kinds import kind_of
from channeld.sandbox import Market, create_app
from tests.support.amazon_api import MemoryBudgets, seeded
from tests.support.amazon_effects import message
from tests.support.fake_clock import FakeClock

__all__ = ["AmazonShop", "amazon_shop"]

T = TypeVar("T")
BASE, GB = "http://127.0.0.1", "A1F83G8C2ARO7P"


class AmazonShop:
    """Sends calls for the sandbox's first account, and lets time pass until they are answered."""

    def __init__(self, http: httpx.AsyncClient, clock: FakeClock, market: Market) -> None:
        spec = market.options.accounts[0]
        self.http, self.clock, self.market = http, clock, market
        self.seller_id = spec.seller_id
        tokens, budgets = Tokens(http, clock, seeded(1)), Budgets(clock, MemoryBudgets(), seeded(2))
        self._partner = SellingPartner(http, clock, tokens, budgets, seeded(3))
        self._access = AccountAccess(
            account_id=1,
            name="eu-main",
            region="eu",
            seller_id=spec.seller_id,
            client_id=spec.client_id,
            endpoint=BASE,
            auth_endpoint=f"{BASE}/auth/o2/token",
            client_secret=Secret(spec.client_secret),
            refresh_token=Secret(spec.refresh_token),
        )

    async def ask(self, call: Call[T]) -> T:
        """The answer. Raises what `send` raises."""
        outcome: list[T | AmazonError] = []

        async def send() -> None:
            try:
                outcome.append((await self._partner.send(self._access, call, priority=Priority.PERSON)).value)
            except AmazonError as error:
                outcome.append(error)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(send)
            await self.clock.advance(0)
            while not outcome:
                await self.clock.advance(1)
        if isinstance(outcome[0], AmazonError):
            raise outcome[0]
        return outcome[0]

    async def submit(self, kind: str, *told: tuple[str, Effect]) -> str:
        """The id of a feed of the UK with one message for each order id; work ids are 7001 and so on."""
        messages = [
            message(effect, number, 7000 + number, order_id)
            for number, (order_id, effect) in enumerate(told, start=1)
        ]
        document = await self.ask(create_feed_document_call(CONTENT_TYPE))
        content = build(self.seller_id, kind, messages)
        await upload(self.http, self.clock, document, content, content_type=CONTENT_TYPE)
        return await self.ask(create_feed_call(kind_of(kind).feed_type, [GB], document.document_id))

    async def report(self, feed_id: str) -> str:
        """The text of the report of a feed that is done."""
        feed = await self.ask(feed_call(feed_id))
        where = await self.ask(feed_document_call(feed.result_document_id))
        return await download(self.http, self.clock, where)


@asynccontextmanager
async def amazon_shop(clock: FakeClock, market: Market) -> AsyncGenerator[AmazonShop]:
    async with make_client(httpx.ASGITransport(create_app(market))) as http:
        yield AmazonShop(http, clock, market)
