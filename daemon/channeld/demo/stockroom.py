"""The demo's stockroom: makes items of the first listings, counts them, and takes in deliveries."""

import uuid
from pathlib import Path
from random import Random

import anyio.abc

from channel_protocol.channels import SetChannel
from channel_protocol.client import Client, connect
from channel_protocol.errors import DaemonLost, RequestRefused
from channel_protocol.listings import ExtractListings, ListingList, ListListings
from channel_protocol.offers import ListingSettings, SetListings
from channel_protocol.stock import SaveStock, StockLevel
from channeld.runtime.clock import Clock
from channeld.sandbox import AccountSpec

__all__ = ["keep_stock"]

LOOK_EVERY = 3.0
"""Seconds: until listings are there, and between deliveries."""
PAGE = 500
MOST = 60
"""Units of an item at the first count; some have none."""
DELIVERY = 12
PLACE = "Default"
SETTINGS = {"update_inventory": "on", "inventory_locations": PLACE, "max_listed": "25", "end_when": "2"}
HANDLING = {"uk": {"default_latency": "2"}, "us": {"default_latency": "3"}}
LIMITS = {"de": {"stock_percentage": "50"}}
"""Of a few listings: other channels of the seller do not agree then."""
LIMITED = 3


async def keep_stock(
    socket: Path,
    specs: tuple[AccountSpec, ...],
    clock: Clock,
    seed: int,
    *,
    task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Begin with each channel as soon as it has listings; then a delivery now and then, for ever."""
    random = Random(seed)  # noqa: S311 (a demo that can be repeated; no secret)
    waiting = ["uk" if country == "GB" else country.lower() for spec in specs for country in spec.countries]
    items: list[str] = []
    async with connect(socket) as client:
        task_status.started()
        while True:
            await clock.sleep(LOOK_EVERY)
            try:
                for channel in list(waiting):
                    found = await _begin(client, channel, random, set(items))
                    if found is not None:
                        items += found
                        waiting.remove(channel)
                if items:
                    await _deliver(client, random.choice(items), random.randint(1, DELIVERY))
            except RequestRefused:
                pass  # something was removed or switched off, which the demo's user may do
            except DaemonLost:
                return


async def _begin(client: Client, channel: str, random: Random, known: set[str]) -> list[str] | None:
    """The new items of its listings, counted, and Amazon told of them; None while it has no listings."""
    await client.request(ExtractListings(command_id=_new_id(), channel=channel, limit=PAGE))
    listed = await client.request(ListListings(channel=channel, link="linked", limit=PAGE), ListingList)
    items = sorted({row.item for row in listed.rows if row.item} - known)
    if not listed.rows:
        return None
    levels = [StockLevel(sku=sku, location=PLACE, units=max(0, random.randint(-8, MOST))) for sku in items]
    for start in range(0, len(levels), PAGE):
        page = tuple(levels[start : start + PAGE])
        await client.request(SaveStock(command_id=_new_id(), mode="set", rows=page, reason="counted"))
    await _limit(client, channel, [row.sku for row in listed.rows[:LIMITED]])
    values = {**SETTINGS, **HANDLING.get(channel, {})}
    await client.request(SetChannel(command_id=_new_id(), channel=channel, values=values))
    return items


async def _limit(client: Client, channel: str, skus: list[str]) -> None:
    if channel in LIMITS:
        limits = tuple(ListingSettings(sku=sku, values=LIMITS[channel]) for sku in skus)
        await client.request(SetListings(command_id=_new_id(), channel=channel, listings=limits))


async def _deliver(client: Client, item: str, units: int) -> None:
    level = StockLevel(sku=item, location=PLACE, units=units)
    await client.request(SaveStock(command_id=_new_id(), mode="add", rows=(level,), reason="delivery"))


def _new_id() -> str:
    return uuid.uuid4().hex
