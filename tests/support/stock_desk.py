"""A person at the socket who counts stock, while orders of it come in and leave."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from channel_protocol.channels import ChannelRemoved, RemoveChannel
from channel_protocol.items import ItemFields, ItemsSaved, SaveItems
from channel_protocol.listings import LinkListings, LinkWanted, ListingsLinked
from channel_protocol.stock import (
    ListStock,
    SaveStock,
    ShowStock,
    StockAnswer,
    StockLevel,
    StockList,
    StockRow,
    StockSaved,
    StockShown,
)
from channeld.book.ledger.holding import take_up
from channeld.store import channels
from tests.support.answering import ALL_ON, Desk
from tests.support.book_office import INSTANCE, open_office

__all__ = ["StockDesk", "at_stock_desk", "level"]

HERE = "Default"


def level(sku: str, units: int, location: str = HERE) -> StockLevel:
    return StockLevel(sku=sku, location=location, units=units)


class StockDesk(Desk):
    """Answers orders, too."""

    async def items(self, *rows: ItemFields) -> None:
        request = SaveItems(command_id=self.new_id(), mode="import", rows=rows)
        answers = (await self.office.ask(request, ItemsSaved)).answers
        assert not [answer for answer in answers if answer.problems]

    async def link(self, sku: str, item: str) -> None:
        wanted = LinkWanted(channel="uk", sku=sku, item=item)
        request = LinkListings(command_id=self.new_id(), rows=(wanted,))
        (answer,) = (await self.office.ask(request, ListingsLinked)).answers
        assert answer.outcome in ("linked", "unlinked")

    def saving(self, *rows: StockLevel, mode: Any = "set", reason: str = "") -> SaveStock:
        return SaveStock(command_id=self.new_id(), mode=mode, rows=rows, reason=reason)

    async def count(self, *rows: StockLevel, mode: Any = "set", reason: str = "") -> list[StockAnswer]:
        request = self.saving(*rows, mode=mode, reason=reason)
        return list((await self.office.ask(request, StockSaved)).answers)

    async def shown(self, sku: str, **more: Any) -> StockShown:
        return await self.office.ask(ShowStock(sku=sku, **more), StockShown)

    async def listed(self, **wanted: Any) -> list[StockRow]:
        return list((await self.office.ask(ListStock(**wanted), StockList)).rows)

    async def standing(self, sku: str, location: str = HERE) -> tuple[int | None, int, int | None]:
        """Physical, reserved and available there."""
        for row in (await self.shown(sku)).rows:
            if row.location == location:
                return row.physical, row.reserved, row.available
        return None, 0, None

    async def remove_channel(self) -> None:
        request = RemoveChannel(command_id=self.new_id(), channel="uk")
        await self.office.ask(request, ChannelRemoved)

    async def log(self, sku: str) -> list[str]:
        """The oldest first."""
        changes = (await self.shown(sku)).changes
        return [
            f"{each.by}: {each.cause} {each.reference} {each.before} → {each.after}".replace("  ", " ")
            for each in reversed(changes)
        ]


@asynccontextmanager
async def at_stock_desk(folder: Path, **settings: str) -> AsyncGenerator[StockDesk]:
    """A shop with the channel `uk` that tells Amazon of everything, and nothing in it yet."""
    async with open_office(folder) as office:
        if await office.shop.store.read(lambda c: channels.by_name(c, "uk")) is None:
            await office.shop.store.write(lambda unit: take_up(unit, INSTANCE))
            await office.shop.open_channel(**(ALL_ON | settings))
        yield StockDesk(office)
