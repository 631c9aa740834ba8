"""A person at the socket who keeps items and links listings to them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from channel_protocol.items import (
    Component,
    ItemAnswer,
    ItemFields,
    ItemList,
    ItemRow,
    ItemShown,
    ItemsSaved,
    ListItems,
    SaveItems,
    ShowItem,
)
from channel_protocol.listings import (
    ExtractListings,
    LinkAnswer,
    LinkListings,
    LinkWanted,
    ListingsExtracted,
    ListingsLinked,
)
from channeld.book.items.linking import link_by_sku
from channeld.domain.listing.changes import facts_of
from channeld.domain.listing.reported import ReportedListing
from channeld.store import audit, channels, listings
from channeld.store.unit import Unit
from tests.support.book_office import Office, open_office
from tests.support.daemon import new_id

__all__ = ["ItemDesk", "at_item_desk", "fields", "kit"]


def fields(sku: str, **more: Any) -> ItemFields:
    """What an item is to be; nothing but its SKU unless it is said."""
    return ItemFields(sku=sku, **more)


def kit(sku: str, *parts: str, quantity: int = 1) -> ItemFields:
    """A kit of these."""
    return ItemFields(sku=sku, components=tuple(Component(sku=part, quantity=quantity) for part in parts))


class ItemDesk:
    """Makes a new command id for everything."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.shop = office.shop

    async def save(self, *rows: ItemFields, mode: Any = "import") -> list[ItemAnswer]:
        request = SaveItems(command_id=new_id(), mode=mode, rows=rows)
        return list((await self.office.ask(request, ItemsSaved)).answers)

    async def outcomes(self, *rows: ItemFields, mode: Any = "import") -> list[str]:
        return [answer.outcome for answer in await self.save(*rows, mode=mode)]

    async def items(self, find: str = "") -> dict[str, ItemRow]:
        rows = (await self.office.ask(ListItems(find=find), ItemList)).rows
        return {row.sku: row for row in rows}

    async def item(self, sku: str) -> ItemShown:
        return await self.office.ask(ShowItem(sku=sku), ItemShown)

    async def link(self, sku: str, item: str, channel: str = "uk") -> LinkAnswer:
        (answer,) = await self.link_all((channel, sku, item))
        return answer

    async def link_all(self, *rows: tuple[str, str, str]) -> list[LinkAnswer]:
        """Channel, SKU and item of each."""
        wanted = tuple(LinkWanted(channel=channel, sku=sku, item=item) for channel, sku, item in rows)
        request = LinkListings(command_id=new_id(), rows=wanted)
        return list((await self.office.ask(request, ListingsLinked)).answers)

    async def extract(
        self, *skus: str, after: str = "", limit: int = 500, channel: str = "uk"
    ) -> ListingsExtracted:
        request = ExtractListings(command_id=new_id(), channel=channel, skus=skus, after=after, limit=limit)
        return await self.office.ask(request, ListingsExtracted)

    async def appear(self, *skus: str, channel: str = "uk", **more: Any) -> list[int]:
        """Listings come in as a download brings them, and are linked as it links them. Their ids."""
        shown: dict[str, Any] = {"title": ""} | more
        lines = [ReportedListing(sku=sku, **shown) for sku in skus]

        def book(unit: Unit) -> list[int]:
            found = channels.by_name(unit.connection, channel)
            assert found is not None
            ids = listings.add_new(unit, found.id, [(facts_of(line), 1) for line in lines], self.shop.now)
            link_by_sku(unit, found.account_id, skus, self.shop.now)
            return ids

        return await self.shop.store.write(book)

    async def linked_items(self) -> dict[str, str]:
        """Listing → item, of all items."""
        shown = [await self.item(sku) for sku in await self.items()]
        return {listing.sku: each.row.sku for each in shown for listing in each.listings}

    async def told(self, sku: str) -> list[str]:
        """What the audit trail says of a SKU, the oldest first."""
        found = await self.shop.store.read(lambda c: audit.entries(c, 100, sku=sku))
        return [f"{entry.code} {entry.by}: {entry.text}" for entry in reversed(found)]


@asynccontextmanager
async def at_item_desk(folder: Path) -> AsyncGenerator[ItemDesk]:
    """A shop with the channel `uk`, and nothing in it."""
    async with open_office(folder) as office:
        if await office.shop.store.read(lambda c: channels.by_name(c, "uk")) is None:
            await office.shop.open_channel()
        yield ItemDesk(office)
