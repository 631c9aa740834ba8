"""Amazon, or what stands in its place, misbehaves: a person reads what is wrong, and it goes on by itself."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from channel_protocol.errors import RequestRefused
from channel_protocol.orders import OrderRecovered, RecoverOrder
from channeld.sandbox import Market
from tests.support.daemon import new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

DOWNLOAD = "eu/order_download"


async def test_a_network_that_is_gone_is_said_so_and_got_over(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        daemon.wire.cut = True
        await daemon.pass_time(minutes=5)
        actor = await daemon.actor(DOWNLOAD)
        assert actor.state == "failing"
        assert actor.reason == "Amazon cannot be reached: no connection to 127.0.0.1 port 80."
        assert "network" in actor.hint
        assert any(actor.reason in text for text in (await daemon.status()).attention)
        placed = market.place_order()
        daemon.wire.cut = False
        await daemon.pass_time(minutes=12)
        actor = await daemon.actor(DOWNLOAD)
        assert (actor.state, actor.reason) == ("waiting", "")
        assert placed.order_id in await daemon.orders()


async def test_pages_that_lead_back_to_one_another_end_the_search(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """Not the same token twice in a row, which is the simplest circle of all."""
    circle = {"": "a", "a": "b", "b": "c", "c": "a"}

    def lead_round(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        if not request.url.path.endswith("/orders"):
            return None
        following = circle[request.url.params.get("paginationToken", "")]
        return httpx.Response(200, json={"orders": [], "pagination": {"nextToken": following}})

    async with running_daemon(tmp_path, market, clock) as daemon:
        daemon.wire.rewrite = lead_round
        await daemon.open_shop()
        assert len(daemon.wire.searches()) == 4
        actor = await daemon.actor(DOWNLOAD)
        assert actor.state == "failing"
        assert "token" in actor.reason
        daemon.wire.rewrite = None
        placed = market.place_order()
        await daemon.pass_time(minutes=10)
        assert placed.order_id in await daemon.orders()


async def test_one_order_whose_answer_cannot_be_read_holds_up_no_other(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    bad, good = (market.place_order(at=START - timedelta(minutes=n)).order_id for n in (20, 10))
    market.faults.plan("poison", 1, detail="items_null", order_id=bad)
    market.faults.plan("poison", 1, detail="items_null", order_id=good)
    async with running_daemon(tmp_path, market, clock) as daemon:
        daemon.wire.rewrite = answering(bad, httpx.Response(200, content=b"<html>Sorry</html>"))
        await daemon.open_shop(poll_seconds=3600)
        assert {row.order_id for row in await daemon.quarantine()} == {bad, good}
        await daemon.pass_time(minutes=10)
        assert {row.order_id for row in await daemon.quarantine()} == {bad}
        assert (await daemon.actor("uk/order_intake")).state == "waiting"
        with pytest.raises(RequestRefused) as refused:
            await daemon.patiently(
                RecoverOrder(command_id=new_id(), order_id=bad, channel="uk", wait=60), OrderRecovered
            )
        assert refused.value.code == "order_unreadable"
        assert refused.value.hint
        daemon.wire.rewrite = None
        await daemon.pass_time(hours=1)
        assert await daemon.quarantine() == []


async def test_an_answer_that_leads_elsewhere_is_not_followed(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        elsewhere = httpx.Response(302, headers={"location": "https://elsewhere.invalid/orders"})
        daemon.wire.rewrite = answering("orders", elsewhere)
        await daemon.open_shop()
        actor = await daemon.actor(DOWNLOAD)
        assert (actor.state, "302" in actor.reason) == ("failing", True)
        assert {request.url.host for request in daemon.wire.requests} == {"127.0.0.1"}


def answering(
    ending: str, response: httpx.Response
) -> Callable[[httpx.Request, httpx.Response], httpx.Response | None]:
    """Another answer for what ends so."""

    def rewrite(request: httpx.Request, _: httpx.Response) -> httpx.Response | None:
        if not request.url.path.endswith(f"/{ending}"):
            return None
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)

    return rewrite
