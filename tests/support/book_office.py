"""What stands behind the socket, without the socket: requests are dispatched, actors only wait."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from channel_protocol.base import Refused, Reply, Request
from channel_protocol.codec import AnyRow
from channeld.account_test.run import AccountTest
from channeld.amazon.budgets import Budgets
from channeld.concerns.kit import Kit
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.sync_board import SyncBoard
from channeld.control.access import Access
from channeld.control.dispatch import Dispatcher
from channeld.control.parts import Parts
from channeld.control.refusal import refusal_of
from channeld.control.topics import make_topics
from channeld.errors import ChanneldError
from channeld.runtime.actor import ActorContext
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.child import ChildSpec
from channeld.runtime.errors import RuntimeRefusal
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from channeld.runtime.topic import Topic
from tests.support.amazon_api import Amazon, Rig
from tests.support.book_shop import Shop, open_shop
from tests.support.fake_clock import FakeClock

__all__ = ["READER", "WRITER", "Office", "idle", "open_office"]

R = TypeVar("R", bound=Reply)

INSTANCE = "the machine of the tests"
WRITER = Access(may_read=True, may_write=True, user="ann")
READER = Access(may_read=True, may_write=False, user="bob")


async def idle(context: ActorContext) -> None:
    """An actor that only waits."""
    while True:
        await context.receive("the next order search")
        context.done()


class Office:
    """A shop with everything that handlers use."""

    def __init__(self, shop: Shop, supervisor: Supervisor, rig: Rig) -> None:
        self.shop = shop
        self.rig = rig
        self.supervisor = supervisor
        self.parts = Parts(
            clock=shop.clock,
            store=shop.store,
            supervisor=supervisor,
            budgets=rig.budgets,
            board=SyncBoard(),
            order_rate=OrderRate(),
            account_test=AccountTest(shop.store, rig.partner, rig.tokens, shop.clock),
            instance=INSTANCE,
            started_at=shop.now,
            version="0.0",
        )
        self.dispatch = Dispatcher(self.parts)

    @property
    def kit(self) -> Kit:
        parts = self.parts
        return Kit(
            clock=CheckedClock(parts.clock),
            store=parts.store,
            partner=self.rig.partner,
            budgets=parts.budgets,
            board=parts.board,
            order_rate=parts.order_rate,
            instance=parts.instance,
            http=self.rig.http,
        )

    @property
    def budgets(self) -> Budgets:
        return self.rig.budgets

    def add_actor(self, id_: str, account: str = "eu", channel: str = "") -> None:
        """An actor under the name of a real one."""
        concern = id_.partition("/")[2]
        spec = ChildSpec(id=id_, group=account, account=account, channel=channel, concern=concern, run=idle)
        self.supervisor.add(spec)

    async def ask(self, request: Request, answer: type[R], access: Access = WRITER) -> R:
        """The answer, which is of that type."""
        reply = await self.dispatch(request, access)
        assert type(reply) is answer
        return msgspec.json.decode(msgspec.json.encode(reply), type=answer)

    async def refused(self, request: Request, access: Access = WRITER) -> Refused:
        """The refusal, as the client is told."""
        try:
            await self.dispatch(request, access)
        except (ChanneldError, RuntimeRefusal) as error:
            return refusal_of(request, error)
        raise AssertionError("it was carried out")

    def topic(self, name: str) -> Topic[AnyRow]:
        topics = make_topics(
            self.shop.store,
            self.supervisor,
            self.budgets,
            self.shop.clock,
            INSTANCE,
            self.parts.listing_counts,
        )
        return next(topic for topic in topics if topic.name == name)

    async def snapshot(self, name: str) -> dict[str, Any]:
        """The rows of a topic by their key."""
        return {row.key: row async for rows in self.topic(name).everything() for row in rows}


@asynccontextmanager
async def open_office(folder: Path, *answers: httpx.Response) -> AsyncGenerator[Office]:
    """The office of the shop in that folder. Amazon gives these answers, one after another."""
    clock = FakeClock()

    def hear(_status: ActorStatus, _notable: bool) -> None:
        """Nobody listens."""

    rig = Rig(clock, Amazon(*(answers or (httpx.Response(500),))))
    async with open_shop(folder, clock) as shop, Supervisor(clock, hear) as supervisor:
        yield Office(shop, supervisor, rig)
    await rig.http.aclose()
