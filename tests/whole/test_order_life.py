"""What becomes of an order: parked, opened, cancelled in silence, shipped elsewhere, FBA (C0, F1, I18)."""

from datetime import timedelta
from pathlib import Path

from channel_protocol.channels import SetChannel
from channel_protocol.locations import ListLocations, LocationList
from channeld.sandbox import Line, Market
from tests.support.daemon import new_id, running_daemon
from tests.support.fake_clock import START, FakeClock


async def test_a_pending_order_is_parked_until_amazon_confirms_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        order_id = market.place_order(status="PENDING").order_id
        await daemon.pass_time(minutes=6)
        parked = await daemon.order(order_id)
        assert (parked.row.state, parked.row.email_state) == ("parked", "none")
        assert parked.facts["To despatch"] == "no"
        assert (await daemon.channel()).parked_orders == 1

        market.act(order_id, "confirm")
        await daemon.pass_time(minutes=6)
        opened = await daemon.order(order_id)
        assert (opened.row.state, opened.row.total) == ("open", 1000)
        assert opened.facts["To despatch"] == "yes"
        assert await daemon.codes(order_id) == ["order.stored", "order.unparked", "email.disclosed"]


async def test_a_silent_cancellation_is_found_by_reading_the_order_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """Amazon is known not to move lastUpdatedTime then, so that no search ever shows it."""
    async with running_daemon(tmp_path, market, clock) as daemon:
        order_id = market.place_order(status="PENDING", at=START - timedelta(minutes=5)).order_id
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=20)
        market.change(order_id, "CANCELLED", silent=True)
        await daemon.pass_time(minutes=9)
        assert (await daemon.orders())[order_id].state == "parked"
        await daemon.pass_time(minutes=2)
        assert (await daemon.orders())[order_id].state == "cancelled"
        assert "order.cancelled" in await daemon.codes(order_id)
        read = daemon.wire.reads(order_id)
        await daemon.pass_time(hours=7)
        assert daemon.wire.reads(order_id) == read, "nothing is left to be waited for"


async def test_a_pending_order_is_read_again_ever_more_rarely(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """After 30 min, 1 h, 2 h, 4 h, then every 6 h (semantics C0)."""
    async with running_daemon(tmp_path, market, clock) as daemon:
        order_id = market.place_order(status="PENDING", at=START - timedelta(minutes=5)).order_id
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=5)
        seen: list[int] = []
        for minutes in (30, 30, 60, 120, 180, 180):
            await daemon.pass_time(minutes=minutes)
            seen.append(daemon.wire.reads(order_id))
        assert seen == [1, 2, 3, 4, 4, 5]


async def test_an_order_that_was_shipped_before_it_was_seen_is_no_work(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    bought_before = market.place_order(status="SHIPPED", at=START - timedelta(hours=2)).order_id
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        bought_after = market.place_order(status="SHIPPED").order_id
        await daemon.pass_time(minutes=6)
        shown = {order_id: await daemon.order(order_id) for order_id in (bought_before, bought_after)}
        assert {each.row.state for each in shown.values()} == {"shipped elsewhere"}
        assert {each.facts["To despatch"] for each in shown.values()} == {"no"}
        assert shown[bought_before].facts["Reduces stock"] == "no"
        assert shown[bought_after].facts["Reduces stock"] == "yes"


async def test_an_order_that_is_shipped_after_it_was_seen_is_shipped(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        order_id = market.place_order(lines=[Line(sku="MUG", quantity=4)]).order_id
        await daemon.pass_time(minutes=6)
        market.act(order_id, "ship_part")
        await daemon.pass_time(minutes=6)
        partly = await daemon.order(order_id)
        assert (partly.row.state, partly.items[0].fulfilled, partly.items[0].unfulfilled) == ("open", 2, 2)
        market.act(order_id, "ship")
        await daemon.pass_time(minutes=6)
        assert (await daemon.order(order_id)).row.state == "shipped"


async def test_a_buyer_s_wish_to_cancel_is_flagged_and_told_once(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        order_id = market.place_order().order_id
        await daemon.pass_time(minutes=6)
        market.act(order_id, "request_cancel")
        await daemon.pass_time(minutes=6)
        shown = await daemon.order(order_id)
        assert shown.row.state == "open"
        assert "cancel requested" in shown.row.flags
        assert shown.items[0].cancel_requested
        market.edit(order_id, service_level="EXPEDITED")
        await daemon.pass_time(minutes=6)
        assert (await daemon.codes(order_id)).count("order.cancel_requested") == 1


async def test_amazon_s_own_orders_are_only_counted_while_fba_is_off(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        for _ in range(3):
            market.place_order(fulfilled_by="AMAZON")
        await daemon.pass_time(minutes=12)
        assert await daemon.orders() == {}
        channel = await daemon.channel()
        assert (channel.fba_orders, channel.order_sync_date) == (3, None)


async def test_with_fba_on_amazon_s_orders_are_locked_in_a_place_of_their_own_until_fulfilled(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(fba_enabled="on")
        order_id = market.place_order(fulfilled_by="AMAZON").order_id
        await daemon.pass_time(minutes=6)
        locked = await daemon.order(order_id)
        assert (locked.row.state, locked.row.location) == ("locked", "FBA UK")
        assert (locked.facts["To despatch"], locked.facts["Reduces stock"]) == ("no", "no")

        shipped = market.act(order_id, "ship")
        await daemon.pass_time(minutes=6)
        assert (await daemon.order(order_id)).row.state == "fulfilled"
        told = [entry for entry in await daemon.audit(order_id) if entry.code == "order.fulfilled"]
        assert len(told) == 1
        assert f"{shipped.updated:%Y-%m-%d %H:%M:%S}" in told[0].text, "with Amazon's time"


async def test_switching_fba_off_and_on_makes_no_second_location(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(fba_enabled="on")
        for value in ("off", "on"):
            await daemon.client.request(
                SetChannel(command_id=new_id(), channel="uk", values={"fba_enabled": value})
            )
        places = (await daemon.ask(ListLocations(), LocationList)).rows
        assert [place.location for place in places if place.kind == "fba"] == ["FBA UK"]
        assert (await daemon.channel()).fulfilment_location == "FBA UK"


async def test_orders_from_outside_amazon_are_left_alone(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(fba_enabled="on")
        market.place_order(non_amazon=True, fulfilled_by="AMAZON")
        await daemon.pass_time(minutes=6)
        assert await daemon.orders() == {}
        assert await daemon.quarantine() == []


async def test_a_replacement_is_an_order_of_its_own_that_names_the_first(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        first = market.place_order().order_id
        second = market.place_order(replaces=first, lines=[Line(sku="SKU-1", unit_price=0)]).order_id
        await daemon.pass_time(minutes=6)
        assert set(await daemon.orders()) == {first, second}
        replacement = await daemon.order(second)
        assert replacement.facts["Replaces"] == first
        assert "replacement" in replacement.row.flags
        assert replacement.row.total == 0
