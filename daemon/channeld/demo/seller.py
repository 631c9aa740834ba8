"""The demo's seller: sets everything up over the socket as a person would, and keeps looking for orders."""

import uuid
from pathlib import Path

import anyio.abc

from channel_protocol.accounts import AddAccount
from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channel_protocol.client import Client, connect
from channel_protocol.errors import DaemonLost, RequestRefused
from channel_protocol.mappings import SetMapping
from channel_protocol.orders import SyncOrders
from channeld.demo.packer import CARRIERS
from channeld.runtime.clock import Clock
from channeld.sandbox import AccountSpec

__all__ = ["sell"]

LOOK_EVERY = 2.0
"""Seconds; the demo's Amazon grants one search in a second, the real one one in three minutes."""
SETTINGS = {
    "GB": {"tax_rate": "20"},
    "DE": {"tax_rate": "19"},
    "FR": {"tax_rate": "20", "fba_enabled": "on"},
    "US": {"ignore_facilitator_tax": "on"},
}
OUTBOUND = {"despatch_notes": "on", "order_cancellations": "on", "order_refunds": "on"}
MAPPINGS = {
    "shipping": {
        "STANDARD": "Parcel 48h",
        "EXPEDITED": "Parcel 24h",
        "SECOND_DAY": "Parcel 48h",
        "NEXT_DAY": "Courier",
    },
    "payment": {"CreditCard": "Card"},
    "despatch": CARRIERS,
}
"""What the seller calls the words that buyers' orders come with."""


async def sell(
    socket: Path,
    specs: tuple[AccountSpec, ...],
    endpoint: str,
    clock: Clock,
    *,
    task_status: anyio.abc.TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Add accounts and channels, switch them on, then ask for searches for ever."""
    async with connect(socket) as client:
        for spec in specs:
            await _add(client, spec, endpoint)
        task_status.started()
        while True:
            try:
                await client.request(SyncOrders(command_id=_new_id()))
            except RequestRefused:
                pass  # everything is switched off or halted, which the demo's user may do
            except DaemonLost:
                return
            await clock.sleep(LOOK_EVERY)


async def _add(client: Client, spec: AccountSpec, endpoint: str) -> None:
    account = spec.region.lower()
    await client.request(
        AddAccount(
            command_id=_new_id(),
            account=account,
            region=account,
            seller_id=spec.seller_id,
            client_id=spec.client_id,
            client_secret=spec.client_secret,
            refresh_token=spec.refresh_token,
            endpoint=endpoint,
            auth_endpoint=f"{endpoint}/auth/o2/token",
        )
    )
    for country in spec.countries:
        channel = "uk" if country == "GB" else country.lower()
        settings = {"order_look_back_days": "1", **OUTBOUND, **SETTINGS.get(country, {})}
        await client.request(
            AddChannel(command_id=_new_id(), channel=channel, account=account, marketplace=country)
        )
        await client.request(SetChannel(command_id=_new_id(), channel=channel, values=settings))
        for kind, words in MAPPINGS.items():
            for word, own in words.items():
                await client.request(
                    SetMapping(command_id=_new_id(), kind=kind, channel=channel, tag=word, target=own)
                )
        await client.request(EnableChannel(command_id=_new_id(), channel=channel))


def _new_id() -> str:
    return uuid.uuid4().hex
