"""The shop in which plans are played: one account, one channel that sends everything, and its orders."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from channel_protocol.channels import EnableChannel
from channeld.sandbox import AccountSpec, Line, Market, SandboxOptions
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.money import Convention
from tests.effects.mortal import CutWire, MortalClock
from tests.effects.plan import Placed, Plan
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

__all__ = ["market_of", "new_shop", "open_channel", "opened"]

CHANNEL = "shop"
SETTINGS = {"despatch_notes": "on", "order_cancellations": "on", "order_refunds": "on"}
_books: dict[str, bytes] = {}


def market_of(plan: Plan, clock: FakeClock) -> Market:
    """Amazon with the plan's orders, which are an hour old."""
    convention = Convention(part_cancellation=plan.part_cancellation)
    market = Market(clock, SandboxOptions(accounts=(_seller(plan.country),), convention=convention))
    for order in plan.orders:
        _place(market, order)
    return market


async def new_shop(plan: Plan, home: Path) -> None:
    """Lay a database in the folder in which the shop is set up, and still closed."""
    if plan.country not in _books:
        _books[plan.country] = await _book_of(plan.country)
    (home / "channeld.db").write_bytes(_books[plan.country])


@asynccontextmanager
async def opened(home: Path, market: Market, clock: MortalClock, wire: CutWire) -> AsyncGenerator[Daemon]:
    """A daemon on what lies in the folder."""
    async with running_daemon(home, market, clock, wire) as daemon:
        yield daemon


async def open_channel(daemon: Daemon) -> None:
    """Switch the channel on, which brings the orders in."""
    await daemon.client.request(EnableChannel(command_id=new_id(), channel=CHANNEL))
    await daemon.pass_time(seconds=10)


async def _book_of(country: str) -> bytes:
    clock = FakeClock()
    market = Market(clock, SandboxOptions(accounts=(_seller(country),)))
    with TemporaryDirectory() as folder:
        home = Path(folder)
        async with running_daemon(home, market, clock) as daemon:
            await daemon.add_account(poll_seconds=3600)
            await daemon.add_channel(CHANNEL, country, enable=False, **SETTINGS)
        with sqlite3.connect(home / "channeld.db") as book:
            found = book.serialize()
        book.close()
    return found


def _seller(country: str) -> AccountSpec:
    region = BY_COUNTRY[country].region
    return AccountSpec(
        seller_id=f"A4EFFECTS{region}",
        region=region,
        countries=(country,),
        client_id=f"amzn1.application-oa2-client.effects-{region.lower()}",
        client_secret=f"amzn1.oa2-cs.v1.effects-{region.lower()}",
        refresh_token=f"Atzr|effects-{region.lower()}",
    )


def _place(market: Market, order: Placed) -> None:
    lines = [
        Line(
            sku=goods.sku,
            quantity=goods.quantity,
            unit_price=goods.unit_price,
            shipping=goods.shipping,
            discount=goods.discount,
        )
        for goods in order.lines
    ]
    status = "SHIPPED" if order.shipped else "UNSHIPPED"
    market.place_order(lines=lines, status=status, at=START - timedelta(hours=1))
