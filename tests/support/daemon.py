"""The whole daemon beside a simulated Amazon, with a real client at a real socket, in one process."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

import anyio
import anyio.lowlevel
from sqlalchemy import create_engine

from channel_protocol.accounts import AccountList, AccountRow, AddAccount, ListAccounts, SetAccount
from channel_protocol.actors import ActorList, ActorRow, GetStatus, ListActors, Status
from channel_protocol.audit import AuditList, AuditRow, ListAudit
from channel_protocol.base import Reply, Request
from channel_protocol.channels import (
    AddChannel,
    ChannelList,
    ChannelRow,
    ChannelShown,
    DisableChannel,
    EnableChannel,
    ListChannels,
    SetChannel,
    ShowChannel,
)
from channel_protocol.client import Client, connect
from channel_protocol.errors import ClientError
from channel_protocol.orders import (
    ListOrders,
    ListQuarantine,
    OrderList,
    OrderRow,
    OrderShown,
    QuarantineList,
    QuarantineRow,
    ShowOrder,
)
from channeld.app import Setup, running
from channeld.book.reports.schedule import SCHEDULERS
from channeld.control.parts import Parts
from channeld.runtime.clock import Clock
from channeld.sandbox import Market
from channeld.store.migrate import migrate
from tests.support.daemon_wire import ENDPOINT, Wire
from tests.support.fake_clock import FakeClock

__all__ = ["KEY", "Daemon", "new_id", "running_daemon"]

KEY = b"0123456789abcdef0123456789abcdef"
INSTANCE = "the machine of the tests"

R = TypeVar("R", bound=Reply)


def new_id() -> str:
    """A command id."""
    return uuid.uuid4().hex


@dataclass
class Daemon:
    """A daemon that runs, and what a person does with it over its socket."""

    folder: Path
    clock: FakeClock
    market: Market
    wire: Wire
    client: Client
    parts: Parts
    """Its inside, for benchmarks; tests ask at the socket."""

    async def ask(self, request: Request, answer: type[R]) -> R:
        return await self.client.request(request, answer)

    async def patiently(self, request: Request, answer: type[R], *, within: float = 120.0) -> R:
        """Ask for something that takes time; it passes until the answer is there, at most so many seconds."""
        outcome: list[R | Exception] = []

        async def ask() -> None:
            try:
                outcome.append(await self.client.request(request, answer))
            except ClientError as error:
                outcome.append(error)

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            end = self.clock.monotonic() + within
            await self.clock.settle()
            while not outcome and self.clock.monotonic() < end:
                await self.clock.advance(0.5)
            group.cancel_scope.cancel()
        (result,) = outcome
        if isinstance(result, Exception):
            raise result
        return result

    async def pass_time(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let everything happen that happens meanwhile."""
        await self.clock.advance(seconds + 60 * minutes + 3600 * hours)

    async def doze(self, *, hours: float) -> None:
        """The same, quickly: everybody sleeps through most of it."""
        await self.clock.doze(3600 * hours)

    async def pass_time_for(self, seconds: float) -> None:
        """The same, to be started beside something else."""
        await self.clock.advance(seconds)

    async def add_account(
        self, account: str = "eu", seller_id: str | None = None, *, poll_seconds: int = 180
    ) -> None:
        """Connect one of the market's sellers (the first one if None)."""
        spec = self.market.accounts[seller_id or next(iter(self.market.accounts))].spec
        await self.client.request(
            AddAccount(
                command_id=new_id(),
                account=account,
                region=spec.region.lower(),
                seller_id=spec.seller_id,
                client_id=spec.client_id,
                client_secret=spec.client_secret,
                refresh_token=spec.refresh_token,
                endpoint=ENDPOINT,
                auth_endpoint=f"{ENDPOINT}/auth/o2/token",
            )
        )
        values = {"order_poll_seconds": str(poll_seconds)}
        await self.client.request(SetAccount(command_id=new_id(), account=account, values=values))

    async def add_channel(
        self,
        channel: str = "uk",
        country: str = "GB",
        *,
        account: str = "eu",
        enable: bool = True,
        **settings: str,
    ) -> None:
        """Add a channel that looks back one day, and switch it on."""
        await self.client.request(
            AddChannel(command_id=new_id(), channel=channel, account=account, marketplace=country)
        )
        values = {"order_look_back_days": "1", **settings}
        await self.client.request(SetChannel(command_id=new_id(), channel=channel, values=values))
        if enable:
            await self.client.request(EnableChannel(command_id=new_id(), channel=channel))

    async def open_shop(self, *, poll_seconds: int = 180, **settings: str) -> None:
        """The market's first seller with the channel `uk`, searched once.

        Tests in which many hours pass ask more rarely, so that they take less of ours.
        """
        await self.add_account(poll_seconds=poll_seconds)
        await self.add_channel("uk", "GB", account="eu", enable=True, **settings)
        await self.clock.settle()

    async def switch(self, channel: str, *, on: bool) -> None:
        """Enable or disable a channel."""
        kind = EnableChannel if on else DisableChannel
        await self.client.request(kind(command_id=new_id(), channel=channel))

    async def channel(self, name: str = "uk") -> ChannelRow:
        rows = (await self.ask(ListChannels(), ChannelList)).rows
        return next(row for row in rows if row.channel == name)

    async def settings(self, channel: str = "uk") -> dict[str, str]:
        shown = await self.ask(ShowChannel(channel=channel), ChannelShown)
        return {row.key: row.value for row in shown.settings}

    async def account(self, name: str = "eu") -> AccountRow:
        rows = (await self.ask(ListAccounts(), AccountList)).rows
        return next(row for row in rows if row.account == name)

    async def actor(self, name: str) -> ActorRow:
        rows = (await self.ask(ListActors(), ActorList)).rows
        return next(row for row in rows if row.actor == name)

    async def status(self) -> Status:
        return await self.ask(GetStatus(), Status)

    async def orders(self, channel: str | None = None) -> dict[str, OrderRow]:
        """By id; fails when an order is there twice."""
        rows = (await self.ask(ListOrders(channel=channel, limit=10_000), OrderList)).rows
        found = {row.order_id: row for row in rows}
        assert len(found) == len(rows), "an order is in the book twice"
        return found

    async def order(self, order_id: str) -> OrderShown:
        return await self.ask(ShowOrder(order_id=order_id), OrderShown)

    async def audit(self, order_id: str | None = None) -> list[AuditRow]:
        """Oldest first."""
        rows = (await self.ask(ListAudit(order_id=order_id, limit=10_000), AuditList)).rows
        return list(reversed(rows))

    async def codes(self, order_id: str | None = None) -> list[str]:
        """The codes of the audit trail, oldest first."""
        return [entry.code for entry in await self.audit(order_id)]

    async def quarantine(self) -> list[QuarantineRow]:
        return list((await self.ask(ListQuarantine(), QuarantineList)).rows)


@asynccontextmanager
async def running_daemon(
    folder: Path,
    market: Market,
    clock: FakeClock,
    wire: Wire | None = None,
    machine: Clock | None = None,
    *,
    by_itself: bool | None = None,
) -> AsyncGenerator[Daemon]:
    """Run the daemon on the book in that folder; run again on it, it is the same daemon restarted.

    `machine`: what the daemon's own machine believes the time to be, if not the same as everybody else.
    `by_itself`: whether it asks for listings without being asked; else only where the market has any, so that
    tests of orders are spared that.
    """
    database, socket = folder / "channeld.db", folder / "s"
    if not database.exists():
        database.write_bytes(_new_book())
    wire = wire or Wire(market)
    rng = Random(7)  # noqa: S311 (not secret)
    setup = Setup(
        database=database,
        socket=socket,
        key=KEY,
        instance=INSTANCE,
        clock=machine or clock,
        transport=wire,
        rng=rng,
        schedulers=SCHEDULERS if by_itself or (by_itself is None and market.options.listings) else (),
    )
    async with running(setup) as parts:
        try:
            async with connect(socket) as client:
                try:
                    yield Daemon(
                        folder=folder, clock=clock, market=market, wire=wire, client=client, parts=parts
                    )
                finally:
                    await _a_moment()
        finally:
            await _a_moment()


async def _a_moment() -> None:
    """Let what is on the socket arrive: anyio's sockets do not like data and cancellation in one turn."""
    for _ in range(10):
        await anyio.lowlevel.checkpoint()


@cache
def _new_book() -> bytes:
    """An empty database, migrated once for all tests."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/book.db")
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        return Path(folder, "book.db").read_bytes()
