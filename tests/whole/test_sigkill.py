"""A real process, really killed, at moments of chance: every order once, and a sound book."""

import signal
import sqlite3
from pathlib import Path
from random import Random

import httpx
import pytest

from channel_protocol.accounts import AddAccount
from channel_protocol.channels import AddChannel, ChannelList, EnableChannel, ListChannels
from channel_protocol.client import Client
from channel_protocol.orders import ListOrders, OrderList
from channeld.sandbox import AccountSpec, demo_accounts
from tests.support.daemon import new_id
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached, sandbox_process
from tests.support.sandbox_client import USER_AGENT, SandboxClient

COUNTRIES = {"uk": "GB", "de": "DE", "fr": "FR"}
ORDERS = 900
KILLS = 2


async def set_up(client: Client, spec: AccountSpec, endpoint: str) -> None:
    await client.request(
        AddAccount(
            command_id=new_id(),
            account="eu",
            region="eu",
            seller_id=spec.seller_id,
            client_id=spec.client_id,
            client_secret=spec.client_secret,
            refresh_token=spec.refresh_token,
            endpoint=endpoint,
            auth_endpoint=f"{endpoint}/auth/o2/token",
        )
    )
    for channel, country in COUNTRIES.items():
        await client.request(
            AddChannel(command_id=new_id(), channel=channel, account="eu", marketplace=country)
        )
        await client.request(EnableChannel(command_id=new_id(), channel=channel))


async def stored(client: Client) -> int:
    """Orders that the book has, those of Amazon's own that are only counted among them."""
    rows = (await client.request(ListChannels(), ChannelList)).rows
    return sum(row.orders + row.fba_orders for row in rows)


async def orders_of_amazon(endpoint: str, spec: AccountSpec) -> set[str]:
    """Merchant-fulfilled orders of Amazon's shops, as another client gets them."""
    async with httpx.AsyncClient(base_url=endpoint, headers={"user-agent": USER_AGENT}) as http:
        other = SandboxClient(http, spec)
        await other.log_in()
        found = await other.found(includedData="FULFILLMENT", fulfilledBy="MERCHANT")
    return {order["orderId"] for order in found if order["salesChannel"]["channelName"] == "AMAZON"}


@pytest.mark.timeout(120)
async def test_killed_at_random_moments_of_a_sync(tmp_path: Path) -> None:
    moments = Random("kill").sample(range(1, 350), KILLS)  # noqa: S311 (moments, not secrets)
    spec = demo_accounts()[0]
    options = ("--orders", str(ORDERS), "--orders-per-hour", "0", "--rate", "searchOrders=20")
    async with sandbox_process(tmp_path, *options, "--faults", "latency=0.03") as endpoint:
        for run, moment in enumerate(sorted(moments)):
            daemon = DaemonProcess(tmp_path)
            with ended_afterwards([daemon.process]):
                async with reached(daemon) as client:
                    if run == 0:
                        await set_up(client, spec, endpoint)
                    while await stored(client) < moment:
                        pass
                    daemon.process.kill()
                assert await daemon.wait() == -signal.SIGKILL
        expected = await orders_of_amazon(endpoint, spec)
        daemon = DaemonProcess(tmp_path)
        with ended_afterwards([daemon.process]):
            async with reached(daemon) as client:
                while len(found := (await client.request(ListOrders(limit=10_000), OrderList)).rows) < len(
                    expected
                ):
                    pass
            assert await daemon.end(signal.SIGTERM) == 0
    ids = [row.order_id for row in found]
    assert sorted(ids) == sorted(expected)
    with sqlite3.connect(daemon.database) as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert book.execute("PRAGMA foreign_key_check").fetchall() == []
    book.close()
