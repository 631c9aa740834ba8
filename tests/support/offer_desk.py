"""A seller's book with items, stock and listings, and what Amazon is to be told of them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from channeld.book.items.linking import link_by_sku, relink
from channeld.book.items.saving import save_items
from channeld.book.offering.computing import recomputing
from channeld.book.offering.computing.compute import Computed, compute
from channeld.book.offering.computing.recomputing import Idle, StalePage
from channeld.book.stock.saving import Wanted, save_levels
from channeld.commands.accounts import add_account
from channeld.commands.channels import add_channel
from channeld.commands.locations import add_location
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.item import Part, Wish
from channeld.domain.listing.changes import facts_of
from channeld.domain.listing.reported import ReportedListing
from channeld.domain.order import Amounts, IncomingLine, IncomingOrder
from channeld.domain.stock.limits import Limits
from channeld.domain.stock.value import Value
from channeld.store import channels, desired_stock, items, listing_limits, listings, locations, stale_stock
from channeld.store.desired_stock import DesiredRow
from channeld.store.listing_limits import ListingLimits
from channeld.store.unit import Changes, Unit
from tests.support.book_shop import NEW_ACCOUNT, Shop, open_shop
from tests.support.domain_orders import NOW, order
from tests.support.fake_clock import FakeClock

__all__ = ["SENDING", "OfferDesk", "at_offer_desk", "sale"]

SENDING = {"update_inventory": "on", "inventory_locations": "Default"}
HERE = "Default"


def sale(
    sku: str = "MUG",
    units: int = 1,
    *,
    number: int = 1,
    shipped: int = 0,
    cancelled: int = 0,
    minutes: float = 0,
    **more: Any,
) -> IncomingOrder:
    """Amazon's view of an order, so many minutes after the desk was opened."""
    line = IncomingLine(
        order_item_id="1",
        sku=sku,
        quantity=units,
        fulfilled=shipped,
        unfulfilled=units - shipped - cancelled,
        amounts=Amounts(item=1000, total=1000),
    )
    facts: dict[str, Any] = {
        "order_id": f"026-1234567-{number:07}",
        "lines": (line,),
        "purchased_at": NOW,
        "updated_at": NOW + timedelta(minutes=minutes),
    }
    return order(**(facts | more))


class OfferDesk:
    """One account, and whatever is done in it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.changes: dict[str, set[Any]] = {}
        """What commits have told of, all together."""

    async def item(
        self, sku: str, parts: Mapping[str, int] | None = None, *, properties: Mapping[str, str] | None = None
    ) -> None:
        """An item, or a kit of these parts. An empty property is removed."""
        wish = Wish(
            sku=sku,
            properties=properties or {},
            components=tuple(Part(sku=each, quantity=units) for each, units in (parts or {}).items()),
        )
        await self.wish(wish)

    async def wish(self, wish: Wish) -> None:
        now = self.shop.now
        answers = await self.shop.store.write(lambda unit: save_items(unit, [wish], "import", now, "ann"))
        assert not answers[0].problems

    async def count(self, sku: str, units: int, location: str = HERE) -> None:
        rows, now = [Wanted(sku=sku, location=location, units=units)], self.shop.now
        answers = await self.shop.store.write(lambda unit: save_levels(unit, rows, "set", "", now, "ann"))
        assert not answers[0].problems

    async def place(self, name: str) -> None:
        await self.shop.command(lambda unit, asked: add_location(unit, asked, name))

    async def location_id(self, name: str = HERE) -> int:
        found = await self.shop.store.read(lambda c: locations.by_name(c, name))
        assert found is not None
        return found.id

    async def list(self, sku: str, *on: str, fba: bool = False, **more: Any) -> None:
        """A listing on these channels, linked if there is an item of its SKU."""
        shown: dict[str, Any] = {"title": "", "fulfillment_channel": "AMAZON_EU" if fba else "DEFAULT"} | more
        line, now = ReportedListing(sku=sku, **shown), self.shop.now

        def book(unit: Unit) -> None:
            for name in on or ("uk",):
                channel = channels.by_name(unit.connection, name)
                assert channel is not None
                listings.add_new(unit, channel.id, [(facts_of(line), 1)], now)
                link_by_sku(unit, channel.account_id, [sku], now)

        await self.shop.store.write(book)

    async def sell(self, sku: str, units: int, channel: str = "uk", **limits: Any) -> None:
        """An item that is counted and listed."""
        await self.item(sku)
        await self.count(sku, units)
        await self.list(sku, channel)
        if limits:
            await self.limit(sku, channel, **limits)

    async def link(self, sku: str, item: str | None) -> None:
        account_id, now = self.shop.account_id, self.shop.now

        def book(unit: Unit) -> None:
            item_id = items.ids(unit.connection, [item])[item] if item else None
            relink(unit, account_id, {sku: item_id}, now, "ann")

        await self.shop.store.write(book)

    async def limit(
        self, sku: str, channel: str = "uk", *, ignore_sync: bool | None = None, **limits: Any
    ) -> None:
        """What is set for one listing."""
        account_id, now = self.shop.account_id, self.shop.now

        def book(unit: Unit) -> None:
            found = channels.by_name(unit.connection, channel)
            assert found is not None
            row = ListingLimits(
                channel_id=found.id, sku=sku, limits=Limits(**limits), ignore_sync=ignore_sync
            )
            listing_limits.put(unit, [row], now)
            stale_stock.mark_skus(unit, account_id, [sku], now)

        await self.shop.store.write(book)

    async def computed(
        self,
        *skus: str,
        settings: Mapping[int, ChannelSettings] | None = None,
        limits: Mapping[tuple[int, str], ListingLimits] | None = None,
    ) -> dict[str, Computed]:
        account_id = self.shop.account_id
        return await self.shop.store.read(
            lambda c: compute(c, account_id, skus, settings=settings or {}, limits=limits or {})
        )

    async def one(self, sku: str = "MUG") -> Computed:
        return (await self.computed(sku))[sku]

    async def quantity(self, sku: str = "MUG") -> int | None:
        """What Amazon is to be told, computed from scratch."""
        value = (await self.one(sku)).value
        return value.quantity if value else None

    async def settle(self, pages: int = 1000) -> int:
        """Compute what is stale, and say how many pages there were."""
        store, account_id, now = self.shop.store, self.shop.account_id, self.shop.now
        for done in range(pages):
            page = await store.read(lambda c: recomputing.next_page(c, account_id))
            if isinstance(page, Idle):
                if ended := page.ended:
                    await store.write(lambda unit, ended=ended: recomputing.end(unit, ended))
                return done
            if isinstance(page, StalePage):
                await store.write(lambda unit, page=page: recomputing.book_stale(unit, account_id, page, now))
            else:
                await store.write(lambda unit, page=page: recomputing.book_sweep(unit, page, now))
        return pages

    async def rows(self, *skus: str) -> dict[str, DesiredRow]:
        account_id = self.shop.account_id
        return await self.shop.store.read(lambda c: desired_stock.of_skus(c, account_id, skus))

    async def row(self, sku: str = "MUG") -> DesiredRow:
        return (await self.rows(sku))[sku]

    async def told(self, sku: str = "MUG") -> int | None:
        """The quantity that Amazon is to be told, as it is stored once all that is stale is computed."""
        await self.settle()
        row = (await self.rows(sku)).get(sku)
        return row.desired.computed.quantity if row and row.desired.computed else None

    async def value(self, sku: str = "MUG") -> Value | None:
        await self.settle()
        return (await self.row(sku)).desired.computed

    async def another_account(self) -> "OfferDesk":
        """Of another seller of ours in the same book, with the channel `fr`, which sends stock."""
        other = replace(NEW_ACCOUNT, name="other", seller_id="A2SELLERTEST")
        added = await self.shop.command(lambda unit, asked: add_account(unit, asked, other))
        await self.shop.command(lambda unit, asked: add_channel(unit, asked, "fr", "other", "FR"))
        await self.shop.set("fr", enabled="on", **SENDING)
        shop = Shop(self.shop.store, self.shop.clock)
        shop.account_id = added.id
        return OfferDesk(shop)

    async def stale(self) -> dict[str, datetime | None]:
        """SKUs that are noted, with when Amazon changed its own number."""
        account_id = self.shop.account_id
        found = await self.shop.store.read(lambda c: stale_stock.stale(c, account_id, 1000))
        return {each.sku: each.order_at for each in found}


@asynccontextmanager
async def at_offer_desk(
    folder: Path, clock: FakeClock | None = None, **settings: str
) -> AsyncGenerator[OfferDesk]:
    """With the channel `uk`, which sends stock from `Default` unless the settings say otherwise."""
    desks: list[OfferDesk] = []

    def committed(changes: Changes) -> None:
        for desk in desks:
            for topic, keys in changes.items():
                desk.changes.setdefault(topic, set()).update(keys)

    async with open_shop(folder, clock, committed) as shop:
        desks.append(OfferDesk(shop))
        if await shop.store.read(lambda c: channels.by_name(c, "uk")) is None:
            await shop.open_channel(**(SENDING | settings))
        yield desks[0]
