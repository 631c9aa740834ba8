"""Fifty accounts, one of each bad kind: the others are as early as if they were alone."""

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from channel_protocol.accounts import AddAccount, SetAccount
from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channeld.sandbox import AccountSpec, Market, SandboxOptions
from tests.support.crashes import CrashClock, copy_market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock
from tests.support.troubles import TROUBLES, Shop, rewriting

ACCOUNTS = 50
POLL = 900
ROUNDS = 2
"""Of a quarter of an hour each; in each every shop sells something."""
SECONDS = 1_000_000
FIRST_PORT = 9000


def make_shops() -> dict[int, Shop]:
    """The first ones will be in trouble, and are named after it; by port."""
    names = [*TROUBLES, *(f"shop-{number}" for number in range(ACCOUNTS - len(TROUBLES)))]
    return {
        FIRST_PORT + number: Shop(name=name, seller_id=f"A1SELLER{number:04}", port=FIRST_PORT + number)
        for number, name in enumerate(names)
    }


def make_market(clock: FakeClock, shops: Mapping[int, Shop]) -> Market:
    specs = tuple(
        AccountSpec(
            seller_id=shop.seller_id,
            region="EU",
            countries=("GB", "DE") if shop.name == "one-refused" else ("GB",),
            client_id=f"client-{shop.name}",
            client_secret=f"secret-of-{shop.name}",
            refresh_token=f"Atzr|{shop.name}",
        )
        for shop in shops.values()
    )
    return Market(clock, SandboxOptions(accounts=specs, token_seconds=600))


async def open_shop(daemon: Daemon, shop: Shop) -> None:
    account = daemon.market.accounts[shop.seller_id]
    endpoint = f"http://127.0.0.1:{shop.port}"
    add = AddAccount(
        command_id=new_id(),
        account=shop.name,
        region="eu",
        seller_id=shop.seller_id,
        client_id=account.spec.client_id,
        client_secret=account.client_secret,
        refresh_token=account.spec.refresh_token,
        endpoint=endpoint,
        auth_endpoint=f"{endpoint}/auth/o2/token",
    )
    await daemon.client.request(add)
    values = {"order_poll_seconds": str(POLL)}
    await daemon.client.request(SetAccount(command_id=new_id(), account=shop.name, values=values))
    for country in account.spec.countries:
        channel = shop.name if country == "GB" else f"{shop.name}-{country.lower()}"
        add_channel = AddChannel(command_id=new_id(), channel=channel, account=shop.name, marketplace=country)
        await daemon.client.request(add_channel)
        look_back = {"order_look_back_days": "1"}
        await daemon.client.request(SetChannel(command_id=new_id(), channel=channel, values=look_back))
        await daemon.client.request(EnableChannel(command_id=new_id(), channel=channel))


async def sell(daemon: Daemon, shops: Mapping[int, Shop]) -> None:
    for shop in shops.values():
        for country in ("GB", "DE") if shop.name == "one-refused" else ("GB",):
            daemon.market.place_order(shop.seller_id, country=country)
    await daemon.pass_time(seconds=POLL)


def stored_at(folder: Path) -> dict[str, float]:
    """When each order was stored, in seconds since 1970."""
    with sqlite3.connect(folder / "channeld.db") as book:
        rows: list[tuple[str, int]] = book.execute("SELECT order_id, first_stored_at FROM orders").fetchall()
    book.close()
    return {order_id: micros / SECONDS for order_id, micros in rows}


async def open_all(folder: Path, market: Market, clock: FakeClock, shops: Mapping[int, Shop]) -> None:
    """All shops are open and have been searched once."""
    async with running_daemon(folder, market, clock) as daemon:
        for shop in shops.values():
            await open_shop(daemon, shop)
        await daemon.clock.settle()


async def untroubled(folder: Path, market: Market, clock: FakeClock, shops: Mapping[int, Shop]) -> None:
    """What comes when nobody is in trouble."""
    async with running_daemon(folder, market, clock) as daemon:
        for _ in range(ROUNDS):
            await sell(daemon, shops)


@pytest.mark.timeout(300)
async def test_one_of_each_bad_kind_among_fifty(tmp_path: Path) -> None:
    shops, calm_clock = make_shops(), CrashClock()
    calm, quiet = make_market(calm_clock, shops), tmp_path / "quiet"
    quiet.mkdir()
    await open_all(quiet, calm, calm_clock, shops)
    clock = calm_clock.standing()
    market = copy_market(calm, clock)
    shutil.copy(quiet / "channeld.db", tmp_path)
    await untroubled(quiet, calm, calm_clock, shops)
    expected = stored_at(quiet)

    wire = Wire(market)
    wire.rewrite = rewriting(shops)
    healthy = [shop for shop in shops.values() if shop.name not in TROUBLES]
    troubled = [shop for shop in shops.values() if shop.name in TROUBLES]
    async with running_daemon(tmp_path, market, clock, wire) as daemon:
        for shop in troubled:
            TROUBLES[shop.name].begin(market, shop)
        for _ in range(ROUNDS):
            await sell(daemon, shops)
        assert_in_time(market, healthy, expected, stored_at(tmp_path))
        assert_budgets_alike(market, calm, healthy)
        await assert_attention(daemon, healthy)
        await mend(daemon, troubled)
        await daemon.pass_time(minutes=80)
        assert (await daemon.status()).attention == ()
        assert set(await daemon.orders()) == set(market.orders()), "nothing is missing"


def assert_in_time(
    market: Market, healthy: list[Shop], expected: dict[str, float], found: dict[str, float]
) -> None:
    late = {
        order_id: found.get(order_id, float("inf")) - expected[order_id]
        for shop in healthy
        for order_id in market.orders(shop.seller_id)
        if order_id in expected and found.get(order_id, float("inf")) > expected[order_id] + 1
    }
    assert late == {}
    stored = [order_id for shop in healthy for order_id in market.orders(shop.seller_id) if order_id in found]
    assert len(stored) >= (ROUNDS - 1) * len(healthy)


def assert_budgets_alike(market: Market, calm: Market, healthy: list[Shop]) -> None:
    """Nobody pays for another, and nobody in trouble asks for more than his own budget."""
    for shop in healthy:
        key = shop.seller_id, "searchOrders"
        assert market.truth.requests[key] == calm.truth.requests[key]
    assert not market.truth.over_budget


async def assert_attention(daemon: Daemon, healthy: list[Shop]) -> None:
    attention = (await daemon.status()).attention
    for name, trouble in TROUBLES.items():
        said = [text for text in attention if text.startswith((f"{name}/", f"{name} ", f"{name}-de:"))]
        if trouble.says:
            assert len(said) == 1, (name, attention)
            assert trouble.says in said[0]
    others = [text for text in attention if text.startswith(tuple(shop.name for shop in healthy))]
    assert others == [], "nobody else is named"


async def mend(daemon: Daemon, troubled: list[Shop]) -> None:
    daemon.market.faults.clear()
    for shop in troubled:
        trouble = TROUBLES[shop.name]
        shop.rewrite = None
        trouble.gone(daemon.market, shop)
        if trouble.by_hand:
            await trouble.by_hand(daemon, shop)
