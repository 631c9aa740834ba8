"""A seller's book in a temporary folder: an account, channels as a person makes them, orders by hand."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from channeld.book.apply import Outcome, apply_orders
from channeld.book.careful import apply_readings
from channeld.book.desk import Desk, open_desk
from channeld.book.quarantining import Damaged
from channeld.book.readings import Readings
from channeld.commands.accounts import NewAccount, add_account
from channeld.commands.asking import Asked
from channeld.commands.channels import ChannelChange, add_channel, change_channel
from channeld.domain.order import IncomingOrder
from channeld.errors import InvalidRequest
from channeld.store import accounts, audit, channels, order_queries, personal, quarantine, rereads
from channeld.store.channels import Channel
from channeld.store.order_records import OrderRecord
from channeld.store.quarantine import Quarantined
from channeld.store.rereads import Reread
from channeld.store.store import Store
from channeld.store.unit import OnCommit, Unit
from tests.support.domain_orders import order
from tests.support.fake_clock import FakeClock
from tests.support.store_samples import open_store

__all__ = ["NEW_ACCOUNT", "ORDER", "Shop", "as_sent", "damaged", "open_shop"]

T = TypeVar("T")

ORDER = order().order_id
NEW_ACCOUNT = NewAccount(
    name="eu",
    region="eu",
    seller_id="A1SELLERTEST",
    client_id="amzn1.application-oa2-client.test",
    client_secret="CANARY-CLIENT-SECRET",  # noqa: S106 (to be looked for, not to be kept)
    refresh_token="Atzr|CANARY-REFRESH",  # noqa: S106 (the same)
    endpoint="https://api.test",
    auth_endpoint="https://auth.test/auth/o2/token",
)


class Shop:
    """One account named `eu`, and what a person sees of its book."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.account_id = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def asked(self) -> Asked:
        return Asked(by="ann", now=self.now, cipher=self.store.cipher)

    async def command(self, act: Callable[[Unit, Asked], T]) -> T:
        """A person's command."""
        asked = self.asked
        return await self.store.write(lambda unit: act(unit, asked))

    async def refused(self, act: Callable[[Unit, Asked], object]) -> InvalidRequest:
        """The refusal of a command that must not be carried out; the audit trail stays as it was."""
        before = await self.texts()
        try:
            await self.command(act)
        except InvalidRequest as refusal:
            assert await self.texts() == before
            return refusal
        raise AssertionError("it was carried out")

    async def open_channel(self, name: str = "uk", code: str = "UK", **settings: str) -> Channel:
        """A channel that is switched on, unless the settings say otherwise."""
        await self.command(lambda unit, asked: add_channel(unit, asked, name, "eu", code))
        return (await self.set(name, **({"enabled": "on"} | settings))).channel

    async def set(self, name: str = "uk", **settings: str) -> ChannelChange:
        return await self.command(lambda unit, asked: change_channel(unit, asked, name, settings))

    async def channel(self, channel_id: int = 1) -> Channel:
        found = await self.store.read(lambda c: channels.get(c, channel_id))
        assert found is not None
        return found

    def desk(self, connection: Connection, *, recovering: bool = False) -> Desk:
        enabled = [c for c in channels.of_account(connection, self.account_id) if c.enabled]
        cipher = self.store.cipher
        return open_desk(connection, cipher, self.account_id, enabled, self.now, recovering=recovering)

    async def apply(self, *incoming: IncomingOrder, recovering: bool = False) -> list[str]:
        """Book a page; what became of each order."""

        views = [as_sent(each) for each in incoming]

        def book(unit: Unit) -> list[Outcome]:
            return apply_orders(unit, self.desk(unit.connection, recovering=recovering), views)

        return [outcome.what for outcome in await self.store.write(book)]

    async def apply_carefully(
        self, *incoming: IncomingOrder, damaged: Sequence[Damaged] = ()
    ) -> list[Outcome]:
        """Book what Amazon sent, some of it damaged."""
        readings = Readings(orders=tuple(map(as_sent, incoming)), damaged=tuple(damaged))
        return await self.store.write(lambda unit: apply_readings(unit, self.desk(unit.connection), readings))

    async def orders(self) -> list[OrderRecord]:
        return await self.store.read(lambda c: order_queries.latest(c, 1000))

    async def order(self, order_id: str = ORDER) -> OrderRecord:
        """The only order of that id."""
        (found,) = await self.store.read(lambda c: order_queries.one(c, order_id))
        return found

    async def personal(self, order_id: str = ORDER) -> dict[str, str]:
        record = await self.order(order_id)
        found = await self.store.read(lambda c: personal.get(c, self.store.cipher, record.id))
        return found.fields if found else {}

    async def codes(self, order_id: str | None = ORDER) -> list[str]:
        """Codes of the audit trail, the oldest first."""
        found = await self.store.read(lambda c: audit.entries(c, 1000, order_id))
        return [entry.code for entry in reversed(found)]

    async def texts(self) -> list[str]:
        """The audit trail as `who: text`, the oldest first."""
        found = await self.store.read(lambda c: audit.entries(c, 1000))
        return [f"{entry.by}: {entry.text}" for entry in reversed(found)]

    async def rereads(self, order_id: str = ORDER) -> list[Reread]:
        """Those that are still to be made."""
        found = await self.store.read(lambda c: rereads.of_order(c, self.account_id, order_id))
        return [each for each in found if each.done_at is None]

    async def quarantined(self) -> list[Quarantined]:
        return await self.store.read(lambda c: quarantine.entries(c, 100))


@asynccontextmanager
async def open_shop(
    folder: Path, clock: FakeClock | None = None, on_commit: OnCommit | None = None
) -> AsyncGenerator[Shop]:
    """The shop in that folder, with its account; opened again it is the same one."""
    clock = clock or FakeClock()
    async with open_store(folder, clock, on_commit) as store:
        shop = Shop(store, clock)
        account = await store.read(lambda c: accounts.by_name(c, NEW_ACCOUNT.name))
        if account is None:
            account = await shop.command(lambda unit, asked: add_account(unit, asked, NEW_ACCOUNT))
        shop.account_id = account.id
        yield shop


def as_sent(incoming: IncomingOrder) -> IncomingOrder:
    """With a payload that differs when anything else does, as Amazon's JSON would."""
    plain = msgspec.structs.replace(incoming, payload=b"", personal={})
    return msgspec.structs.replace(incoming, payload=msgspec.json.encode(plain))


def damaged(order_id: str = ORDER, reason: str = "is missing", **more: object) -> Damaged:
    """An order of the UK that could not be read."""
    whole = Damaged(
        order_id=order_id,
        marketplace_id=order().marketplace_id,
        reason=reason,
        field="orderItems[0].quantityOrdered",
        updated_at=order().updated_at - timedelta(minutes=1),
        personal={"buyer.buyerName": "CANARY-NAME"},
        payload=b'{"orderItems":[{}]}',
    )
    return msgspec.structs.replace(whole, **more)
