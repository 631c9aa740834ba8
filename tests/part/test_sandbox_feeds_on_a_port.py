"""The way of a feed over a real port: addresses on the sandbox's own, and a connection that is really cut."""

from functools import partial

import anyio
import httpx
import pytest

from channeld.runtime.clock import SystemClock
from channeld.sandbox import Market, SandboxOptions, serve
from tests.support.sandbox_client import USER_AGENT, SandboxClient
from tests.support.sandbox_feeds import FEEDS, create_feed, envelope, fulfillment, report, results

SHIP = "POST_ORDER_FULFILLMENT_DATA"


async def test_a_feed_over_a_real_port_also_when_its_creation_is_not_heard() -> None:
    market = Market(SystemClock(), SandboxOptions(feed_seconds=0.0, feed_message_seconds=0.0))
    order = market.place_order(country="GB")
    content = envelope(
        "OrderFulfillment", fulfillment(order.order_id).replace("2026-11-22T09", "2026-01-01T09")
    )
    async with anyio.create_task_group() as group:
        port = await group.start(partial(serve, market))
        base, headers = f"http://127.0.0.1:{port}", {"user-agent": USER_AGENT}
        async with httpx.AsyncClient(base_url=base, headers=headers) as http:
            client = SandboxClient(http, market.options.accounts[0])
            await client.log_in()
            http.headers["host"] = "elsewhere.example"
            market.faults.plan("reset_after", operation="createFeed")
            with pytest.raises(httpx.TransportError):
                await create_feed(client, SHIP, content)
            (feed,) = (await client.get(FEEDS, {"feedTypes": SHIP})).json()["feeds"]
            assert feed["processingStatus"] == "DONE"
            counts, errors = results(await report(client, feed))
            assert counts == (1, 0, 1) and "before the order date" in errors["1"]
        group.cancel_scope.cancel()
    assert not market.truth.effects
