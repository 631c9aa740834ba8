"""A person who saves prices at the socket, the price actor, and the simulated Amazon behind it."""

from collections.abc import AsyncGenerator, Hashable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec

from channel_protocol.actors import GetStatus, Status
from channel_protocol.channels import ChannelRemoved, RemoveChannel
from channel_protocol.prices import (
    ApprovePrices,
    DropPrices,
    ListPrices,
    PriceAnswer,
    PriceEvent,
    PriceList,
    PriceRow,
    PricesDecided,
    PriceShown,
    PricesSaved,
    PriceToApprove,
    PriceWanted,
    PushPrices,
    SavePrices,
    ShowPrice,
)
from channeld.amazon.transport import make_client
from channeld.book.ledger.holding import take_up
from channeld.commands.accounts import add_account
from channeld.commands.channels import add_channel
from channeld.concerns.price import PriceActor
from channeld.domain.listing.changes import facts_of
from channeld.domain.listing.reported import ReportedListing
from channeld.domain.marketplaces import BY_CODE
from channeld.runtime.child import ChildSpec
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from channeld.sandbox import Market, SandboxOptions
from channeld.sandbox.options import AccountSpec
from channeld.store import listings
from channeld.store.unit import Changes, Unit
from tests.support.amazon_api import Rig
from tests.support.book_office import INSTANCE, Office
from tests.support.book_shop import NEW_ACCOUNT, Shop, open_shop
from tests.support.daemon import new_id
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock
from tests.support.mortal import Life

__all__ = ["MUG", "POT", "SELLER", "PriceDesk", "at_price_desk", "price_market"]

ACTOR = "uk/price"
MUG, POT = "MUG-BLUE", "MUG-RED"
LISTED = 1000
"""What all listings cost at first, in minor units."""
SELLER = NEW_ACCOUNT.seller_id


def price_market(clock: FakeClock, country: str = "GB", **options: Any) -> Market:
    """One seller with two listings at 10.00, one of them with Amazon's own stock."""
    spec = AccountSpec(
        seller_id=SELLER,
        region="FE" if country == "JP" else "EU",
        countries=(country,),
        client_id=NEW_ACCOUNT.client_id,
        client_secret=NEW_ACCOUNT.client_secret,
        refresh_token=NEW_ACCOUNT.refresh_token,
    )
    market = Market(clock, SandboxOptions(accounts=(spec,), listings=10, **options))
    for sku in (MUG, POT):
        market.listings.change(sku, price=LISTED)
    return market


class _MortalWire(Wire):
    """Whoever asks may die before Amazon has heard of it, or before the answer is there."""

    def __init__(self, market: Market, life: Life) -> None:
        super().__init__(market)
        self._life = life
        life.outside = lambda: len(self.requests)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._life.boundary()
        response = await super().handle_async_request(request)
        await self._life.boundary()
        return response


class PriceDesk:
    """Makes a new command id for everything."""

    def __init__(self, office: Office, market: Market, wire: Wire, heard: set[Hashable]) -> None:
        self.office = office
        self.shop = office.shop
        self.market = market
        self.wire = wire
        self.heard = heard
        """Channels of which it was said that prices stand otherwise."""

    async def save(self, sku: str = MUG, price: str = "", **more: Any) -> PriceAnswer:
        (answer,) = await self.save_all(PriceWanted(sku=sku, price=price, **more))
        return answer

    async def save_all(self, *rows: PriceWanted, mode: Any = "set") -> tuple[PriceAnswer, ...]:
        request = SavePrices(command_id=new_id(), channel="uk", rows=rows, mode=mode)
        return (await self.office.ask(request, PricesSaved)).answers

    def saving(self, *rows: PriceWanted) -> SavePrices:
        return SavePrices(command_id=new_id(), channel="uk", rows=rows)

    def pushing(self, *skus: str) -> PushPrices:
        return PushPrices(command_id=new_id(), channel="uk", skus=skus)

    def showing(self, sku: str) -> ShowPrice:
        return ShowPrice(channel="uk", sku=sku)

    async def approve(self, sku: str, price: str) -> str:
        row = PriceToApprove(sku=sku, price=price)
        request = ApprovePrices(command_id=new_id(), channel="uk", rows=(row,))
        return (await self.office.ask(request, PricesDecided)).answers[0].outcome

    async def drop(self, sku: str = MUG) -> str:
        request = DropPrices(command_id=new_id(), channel="uk", skus=(sku,))
        return (await self.office.ask(request, PricesDecided)).answers[0].outcome

    async def push(self, *skus: str) -> list[str]:
        """Outcomes; without SKUs of all that was not sent."""
        decided = await self.office.ask(self.pushing(*skus), PricesDecided)
        return [each.outcome for each in decided.answers]

    async def row(self, sku: str = MUG) -> PriceRow:
        return (await self.office.ask(self.showing(sku), PriceShown)).row

    async def state(self, sku: str = MUG) -> str:
        return (await self.row(sku)).state

    async def rows(self, **wanted: Any) -> list[PriceRow]:
        return list((await self.office.ask(ListPrices(channel="uk", **wanted), PriceList)).rows)

    async def events(self, sku: str = MUG) -> list[str]:
        """The oldest first."""
        return [each.event for each in await self.history(sku)]

    async def history(self, sku: str = MUG) -> list[PriceEvent]:
        """The oldest first."""
        events = (await self.office.ask(self.showing(sku), PriceShown)).events
        return list(reversed(events))

    async def set(self, **settings: str) -> None:
        await self.shop.set(**settings)

    async def remove_channel(self) -> None:
        request = RemoveChannel(command_id=new_id(), channel="uk")
        await self.office.ask(request, ChannelRemoved)

    async def attention(self) -> list[str]:
        """What status says of prices."""
        status = await self.office.ask(GetStatus(), Status)
        return [line for line in status.attention if "price" in line]

    async def pass_time(self, *, seconds: float = 0, minutes: float = 0) -> None:
        await self.shop.clock.advance(seconds + 60 * minutes)

    def told(self, sku: str = MUG) -> list[int | None]:
        """Prices that Amazon has accepted, in their order."""
        return [each.price for each in self.market.truth.told.get((SELLER, sku), [])]

    def price(self, sku: str = MUG) -> int | None:
        """What it truly costs at Amazon."""
        return self.market.listings.get(sku).price

    @property
    def actor(self) -> ActorStatus:
        return self.office.supervisor.status(ACTOR)

    def resume(self) -> None:
        """A person starts it again."""
        self.office.supervisor.resume(ACTOR)

    def requests(self) -> list[str]:
        """Methods of what was asked of listings."""
        return [each.method for each in self.wire.requests if "/listings/" in each.url.path]


@asynccontextmanager
async def at_price_desk(
    folder: Path,
    clock: FakeClock,
    market: Market | None = None,
    life: Life | None = None,
    *,
    code: str = "UK",
    listed: Mapping[str, int | None] | None = None,
    **settings: str,
) -> AsyncGenerator[PriceDesk]:
    """The channel `uk` with Price Change on and its listings as a report shows them.

    Opened again on the same folder with the same market, the daemon was restarted.
    """
    market = market or price_market(clock)
    rig = Rig(clock, lambda request: httpx.Response(500))
    wire = _MortalWire(market, life) if life else Wire(market)
    http = make_client(wire)
    rig.partner._http = rig.tokens._http = http  # pyright: ignore[reportPrivateUsage]

    heard: set[Hashable] = set()

    def standing(_status: ActorStatus, _notable: bool) -> None:
        """Nobody listens."""

    async with Supervisor(clock, standing) as supervisor:

        def committed(changes: Changes) -> None:
            heard.update(changes.get("price_due", ()))
            if "price_due" in changes or "settings" in changes:
                supervisor.wake(ACTOR)

        async with open_shop(folder, clock, committed) as shop:
            office = Office(shop, supervisor, rig)
            if not await shop.store.read(lambda c: c.exec_driver_sql("SELECT id FROM channels").first()):
                await shop.store.write(lambda unit: take_up(unit, INSTANCE))
                await _open_channel(shop, code)
                await shop.set(**({"price_change": "on", "enabled": "on"} | settings))
                shown = {MUG: LISTED, POT: LISTED} if listed is None else listed
                await shop.store.write(lambda unit: _list(unit, shown, clock))
            channel = await shop.channel(1)
            kit = replace(office.kit, http=http)
            kit = life.mortal(kit) if life else kit
            actor = PriceActor(kit, channel.account_id, channel.id, channel.marketplace_id)
            spec = ChildSpec(id=ACTOR, group="eu", account="eu", channel="uk", concern="price", run=actor.run)
            supervisor.add(spec)
            await clock.settle()
            try:
                yield PriceDesk(office, market, wire, heard)
            finally:
                with anyio.CancelScope(shield=True):
                    await http.aclose()
                    await rig.http.aclose()
                await supervisor.stop(10)


async def _open_channel(shop: Shop, code: str) -> None:
    """Named uk wherever it is, of an account of that region."""
    region = BY_CODE[code].region
    if region != NEW_ACCOUNT.region:
        new = msgspec.structs.replace(NEW_ACCOUNT, name=region, region=region)
        await shop.command(lambda unit, asked: add_account(unit, asked, new))
    await shop.command(lambda unit, asked: add_channel(unit, asked, "uk", region, code))


def _list(unit: Unit, shown: Mapping[str, int | None], clock: FakeClock) -> None:
    """As a report has them."""
    lines = [ReportedListing(sku=sku, title=sku, price_minor=price) for sku, price in shown.items()]
    listings.add_new(unit, 1, [(facts_of(line), 1) for line in lines], clock.now())
