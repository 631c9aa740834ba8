"""A seller who sets up a daemon that runs as a process of its own."""

from collections.abc import Mapping

import httpx

from channel_protocol.accounts import AddAccount
from channel_protocol.channels import AddChannel, EnableChannel
from channel_protocol.client import Client
from channeld.sandbox import AccountSpec
from tests.support.daemon import new_id
from tests.support.sandbox_client import USER_AGENT, SandboxClient

__all__ = ["orders_of_amazon", "set_up"]

COUNTRIES = {"uk": "GB", "de": "DE", "fr": "FR"}


async def set_up(
    client: Client, spec: AccountSpec, endpoint: str, countries: Mapping[str, str] = COUNTRIES
) -> None:
    """Connect the account at that endpoint, with these channels switched on."""
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
    for channel, country in countries.items():
        await client.request(
            AddChannel(command_id=new_id(), channel=channel, account="eu", marketplace=country)
        )
        await client.request(EnableChannel(command_id=new_id(), channel=channel))


async def orders_of_amazon(endpoint: str, spec: AccountSpec) -> set[str]:
    """Merchant-fulfilled orders of Amazon's shops, as another client gets them."""
    async with httpx.AsyncClient(base_url=endpoint, headers={"user-agent": USER_AGENT}) as http:
        other = SandboxClient(http, spec)
        await other.log_in()
        found = await other.found(includedData="FULFILLMENT", fulfilledBy="MERCHANT")
    return {order["orderId"] for order in found if order["salesChannel"]["channelName"] == "AMAZON"}
