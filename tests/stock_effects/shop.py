"""The shop in which plans are played: one seller, two channels, three SKUs of which one is a kit."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from channel_protocol.items import Component, ItemFields, SaveItems
from channel_protocol.stock import SaveStock, StockLevel
from channeld.sandbox import AccountSpec, Market, SandboxOptions
from tests.effects.mortal import MortalClock
from tests.stock_effects.expected import COUNTED, DAYS
from tests.stock_effects.plan import CHANNELS, COMPONENTS, SKUS
from tests.support.crashes import copy_market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

__all__ = ["HERE", "SELLER", "opened"]

SELLER = "A4STOCKEFFECTS"
HERE = "Default"
_SLOW = 0.0005
"""Requests a second, of which hardly any is granted."""
_AT_FIRST = {"quantity": 5, "lead_time": 3}
"""What Amazon has of each SKU before anything is told."""


@dataclass(frozen=True)
class _Opened:
    """What lasts of a shop in which all is told."""

    database: bytes
    market: Market
    passed: float


_shops: dict[bool, _Opened] = {}


async def opened(home: Path, *, slow: bool) -> tuple[Market, MortalClock]:
    """Lay its database in the folder; its Amazon, and the clock at that moment."""
    if slow not in _shops:
        _shops[slow] = await _open(slow=slow)
    shop = _shops[slow]
    clock = MortalClock(shop.passed)
    (home / "channeld.db").write_bytes(shop.database)
    return copy_market(shop.market, clock), clock


async def _open(*, slow: bool) -> _Opened:
    clock = FakeClock()
    rates = {"patchListingsItem": _SLOW} if slow else {}
    market = Market(clock, SandboxOptions(accounts=(_seller(),), rates=rates, listing_cache_seconds=0.0))
    for country in CHANNELS.values():
        for sku in SKUS:
            market.listings.add(sku, SELLER, country, **_AT_FIRST)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        async with running_daemon(home, market, clock, by_itself=True) as daemon:
            await _set_up(daemon)
        with sqlite3.connect(home / "channeld.db") as book:
            found = book.serialize()
        book.close()
    return _Opened(found, market, clock.monotonic())


async def _set_up(daemon: Daemon) -> None:
    await daemon.add_account()
    items = tuple(_item(sku) for sku in sorted(SKUS, key=lambda sku: len(COMPONENTS[sku])))
    await daemon.client.request(SaveItems(command_id=new_id(), mode="add", rows=items))
    levels = tuple(
        StockLevel(sku=sku, location=HERE, units=COUNTED) for sku in SKUS if sku in COMPONENTS[sku]
    )
    await daemon.client.request(SaveStock(command_id=new_id(), mode="set", rows=levels))
    for channel, country in CHANNELS.items():
        await daemon.add_channel(channel, country, update_inventory="on", inventory_locations=HERE)
    await daemon.pass_time(hours=1)


def _item(sku: str) -> ItemFields:
    parts = COMPONENTS[sku]
    components = tuple(Component(sku=part, quantity=units) for part, units in parts.items())
    properties = {"Despatch Time": f"{DAYS[sku]}"} if sku in DAYS else {}
    return ItemFields(
        sku=sku, title=sku, properties=properties, components=None if sku in parts else components
    )


def _seller() -> AccountSpec:
    return AccountSpec(
        seller_id=SELLER,
        region="EU",
        countries=tuple(CHANNELS.values()),
        client_id="amzn1.application-oa2-client.stock-effects",
        client_secret="amzn1.oa2-cs.v1.stock-effects",  # noqa: S106 (of the sandbox)
        refresh_token="Atzr|stock-effects",  # noqa: S106 (of the sandbox)
    )
