"""Pages of orders as a simulated Amazon shows them, and an account that they can be booked on."""

import msgspec

from channeld.runtime.clock import Clock
from channeld.sandbox import Market, SandboxOptions
from channeld.store import accounts, channels
from channeld.store.accounts import Account
from channeld.store.channels import Channel
from channeld.store.searches import Search
from channeld.store.unit import Unit
from tests.support.sandbox_client import ALL_DATA, connected

__all__ = ["MARKETPLACES", "add_search", "amazon_pages"]

MARKETPLACES = {"gb": "A1F83G8C2ARO7P", "de": "A1PA6795UKMFR9", "fr": "A13V1IB3VIYZZH"}
PAGE = 100


async def amazon_pages(clock: Clock, count: int) -> list[tuple[bytes, ...]]:
    """That many pages of 100 orders of one European seller, each order as Amazon's JSON."""
    seller = SandboxOptions().accounts[0]
    options = SandboxOptions(accounts=(seller,), orders=count * PAGE, rates={"searchOrders": 1e6})
    market = Market(clock, options)
    async with connected(market) as client:
        found = await client.found(
            marketplaceIds=",".join(MARKETPLACES.values()),
            maxResultsPerPage=str(PAGE),
            includedData=ALL_DATA,
        )
    raws = [msgspec.json.encode(order) for order in found]
    return [tuple(raws[start : start + PAGE]) for start in range(0, len(raws), PAGE)]


def add_search(unit: Unit, clock: Clock) -> Search:
    """A live search of an account with an enabled channel in each marketplace."""
    now = clock.now()
    account = accounts.add(
        unit, Account(name="eu", region="eu", seller_id="A1SANDBOXEU", client_id="client", created_at=now)
    )
    enabled = [
        channels.add(
            unit,
            Channel(
                account_id=account.id,
                name=name,
                marketplace_id=marketplace_id,
                enabled=True,
                first_enabled_at=now,
                order_cursor=now,
                created_at=now,
            ),
        )
        for name, marketplace_id in MARKETPLACES.items()
    ]
    return Search(
        account_id=account.id,
        kind="live",
        channel_ids=tuple(channel.id for channel in enabled),
        query="[]",
        started_at=now,
    )
