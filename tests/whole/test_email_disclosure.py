"""The buyer's e-mail address: looked for at 5, 20 and 60 minutes, then something stands in (semantics C4)."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from channel_protocol.orders import OrderPersonal, RevealOrder
from channeld.sandbox import Market, Order
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

ADDRESS = "late-address@marketplace.amazon.co.uk"


def place_without_address(market: Market) -> Order:
    order = market.place_order(at=START - timedelta(minutes=5))
    return market.record(replace(order, buyer=replace(order.buyer, email="")), delay=0)


def disclose(market: Market, order: Order) -> None:
    """Amazon shows the address without counting that as an update."""
    market.record(replace(order, buyer=replace(order.buyer, email=ADDRESS)), delay=0)


async def email_of(daemon: Daemon, order_id: str) -> str:
    return (await daemon.orders())[order_id].email_state


async def revealed(daemon: Daemon, order_id: str) -> dict[str, str]:
    return (await daemon.ask(RevealOrder(command_id=new_id(), order_id=order_id), OrderPersonal)).fields


async def test_an_address_that_comes_with_the_order_is_disclosed(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order = market.place_order(at=START - timedelta(minutes=5))
        await daemon.open_shop(poll_seconds=3600)
        assert await email_of(daemon, order.order_id) == "disclosed"
        assert order.buyer.email in (await revealed(daemon, order.order_id)).values()
        await daemon.pass_time(hours=2)
        assert daemon.wire.reads(order.order_id) == 0


async def test_an_address_that_comes_within_the_hour_is_found(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order = place_without_address(market)
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=4)
        assert await email_of(daemon, order.order_id) == "pending"
        assert (await daemon.orders())[order.order_id].state == "open", "the order itself waits for nothing"
        await daemon.pass_time(minutes=10)
        disclose(market, order)
        await daemon.pass_time(minutes=8)
        assert await email_of(daemon, order.order_id) == "disclosed"
        assert ADDRESS in (await revealed(daemon, order.order_id)).values()
        assert "email.disclosed" in await daemon.codes(order.order_id)
        await daemon.pass_time(hours=2)
        assert daemon.wire.reads(order.order_id) == 2


async def test_it_is_looked_for_at_5_20_and_60_minutes_and_never_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order = place_without_address(market)
        await daemon.open_shop(poll_seconds=3600)
        reads: list[int] = []
        for minutes in (4, 2, 13, 2, 38, 2, 180):
            await daemon.pass_time(minutes=minutes)
            reads.append(daemon.wire.reads(order.order_id))
        assert reads == [0, 1, 1, 2, 2, 3, 3]


async def test_after_an_hour_the_literal_stands_in_and_a_late_address_replaces_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order = place_without_address(market)
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=59)
        assert await email_of(daemon, order.order_id) == "pending"
        await daemon.pass_time(minutes=4)
        assert await email_of(daemon, order.order_id) == "not disclosed"

        market.edit(order.order_id, buyer=replace(order.buyer, email=ADDRESS))
        await daemon.pass_time(minutes=62)
        assert await email_of(daemon, order.order_id) == "disclosed"
        entries = [entry for entry in await daemon.audit(order.order_id) if entry.code.startswith("email.")]
        assert [entry.code for entry in entries] == ["email.not_disclosed", "email.disclosed"]
        assert "after all" in entries[-1].text


async def test_the_channel_s_alternate_stands_in_where_there_is_one(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order = place_without_address(market)
        await daemon.open_shop(poll_seconds=3600, not_disclosed_email="orders@example.com")
        await daemon.pass_time(minutes=70)
        assert await email_of(daemon, order.order_id) == "alternate"


async def test_the_deadline_does_not_wait_for_amazon(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        order = place_without_address(market)
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=4)
        market.faults.plan("error_503", None)
        await daemon.pass_time(minutes=70)
        assert await email_of(daemon, order.order_id) == "not disclosed"


async def test_orders_of_amazon_s_own_are_not_waited_for(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(fba_enabled="on")
        order = market.place_order(fulfilled_by="AMAZON")
        market.record(replace(order, buyer=replace(order.buyer, email="")), delay=0)
        await daemon.pass_time(minutes=6)
        assert await email_of(daemon, order.order_id) == "not disclosed"
        assert daemon.wire.reads(order.order_id) == 0
