"""Orders come in once, with their lines and money, and the two dates of a channel move as C5 says."""

from datetime import timedelta
from pathlib import Path

from channel_protocol.channels import EnableChannel
from channel_protocol.mappings import SetMapping
from channeld.sandbox import Line, Market
from tests.support.daemon import new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

TWO_MINUTES = timedelta(minutes=2)


async def test_a_fresh_channel_gets_its_orders_once_with_lines_money_and_audit(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    placed = market.place_order(
        lines=[Line(sku="MUG", quantity=2, unit_price=1250), Line(sku="CUP", unit_price=499, shipping=399)],
        at=START - timedelta(hours=3),
    )
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(tax_rate="20")
        await daemon.pass_time(minutes=30)

        assert list(await daemon.orders("uk")) == [placed.order_id]
        shown = await daemon.order(placed.order_id)
        assert shown.row.state == "open"
        assert (shown.row.currency, shown.row.total, shown.row.units, shown.row.lines) == ("GBP", 3398, 3, 2)
        assert [(line.sku, line.quantity, line.gross) for line in shown.items] == [
            ("MUG", 2, 2500),
            ("CUP", 1, 898),
        ]
        assert all(line.net is not None and line.net + (line.tax or 0) == line.gross for line in shown.items)
        assert await daemon.codes(placed.order_id) == ["order.stored"]
    assert not market.truth.over_budget
    assert not market.truth.invalid


async def test_a_new_order_turns_up_by_itself(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=7)
        placed = market.place_order()
        await daemon.pass_time(minutes=7)
        assert list(await daemon.orders()) == [placed.order_id]
        assert (await daemon.channel()).open_orders == 1


async def test_the_order_sync_date_is_that_of_the_newest_order_that_was_applied(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert (await daemon.channel()).order_sync_date is None, "never, before the first order"

        placed = market.place_order()
        await daemon.pass_time(minutes=6)
        assert (await daemon.channel()).order_sync_date == placed.updated

        searched = len(daemon.wire.searches())
        await daemon.pass_time(minutes=9)
        assert len(daemon.wire.searches()) > searched, "the overlap was read again meanwhile"
        assert (await daemon.channel()).order_sync_date == placed.updated

        edited = market.edit(placed.order_id, service_level="EXPEDITED")
        await daemon.pass_time(minutes=6)
        assert (await daemon.channel()).order_sync_date == edited.updated


async def test_the_cursor_is_amazon_s_bound_and_not_the_local_clock(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert (await daemon.channel()).order_cursor == START - TWO_MINUTES
        await daemon.pass_time(minutes=7)
        assert (await daemon.channel()).order_cursor == START + timedelta(minutes=6) - TWO_MINUTES
        after = [url.params["lastUpdatedAfter"] for url in daemon.wire.searches()]
        assert after[-1] == "2026-11-22T08:51:00.000Z", "ten minutes before the cursor"


async def test_without_amazon_s_bound_the_cursor_stays_and_the_same_is_read_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        before = (await daemon.channel()).order_cursor
        market.faults.plan("missing_bound")
        placed = market.place_order()
        await daemon.pass_time(minutes=4)
        assert (await daemon.channel()).order_cursor == before
        await daemon.pass_time(minutes=6)
        assert list(await daemon.orders()) == [placed.order_id]


async def test_a_machine_whose_clock_is_wrong_moves_no_cursor_past_what_amazon_has_shown(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """The daemon runs two hours ahead of Amazon."""
    ahead = FakeClock(START + timedelta(hours=2))
    async with running_daemon(tmp_path, market, ahead) as daemon:
        await daemon.open_shop()
        cursor = (await daemon.channel()).order_cursor
        assert cursor == START - TWO_MINUTES


async def test_the_first_download_looks_back_as_far_as_it_was_told(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    recent = market.place_order(at=START - timedelta(days=2, hours=20))
    market.place_order(at=START - timedelta(days=3, hours=4))
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(order_look_back_days="3")
        await daemon.pass_time(minutes=30)
        assert list(await daemon.orders()) == [recent.order_id]
        cursor = (await daemon.channel()).order_cursor
        assert cursor is not None
        assert clock.now() - cursor < timedelta(minutes=10)


async def test_nothing_is_asked_of_amazon_before_a_channel_is_switched_on(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        await daemon.add_channel(enable=False)
        await daemon.pass_time(hours=1)
        assert daemon.wire.requests == []
        await daemon.client.request(EnableChannel(command_id=new_id(), channel="uk"))
        await clock.settle()
        assert len(daemon.wire.searches()) == 1


async def test_payment_and_shipping_words_are_mapped_for_orders_that_come_afterwards(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        early = market.place_order(payment_method="CreditCard", service_level="NEXT_DAY")
        await daemon.pass_time(minutes=6)
        unmapped = await daemon.channel()
        assert (unmapped.unmapped_payment, unmapped.unmapped_shipping) == (1, 1)
        for kind, tag, target in (("payment", " creditcard ", "Card"), ("shipping", "next_day", "Courier")):
            await daemon.client.request(
                SetMapping(command_id=new_id(), kind=kind, channel="uk", tag=tag, target=target)
            )
        late = market.place_order(payment_method="CreditCard", service_level="NEXT_DAY")
        market.edit(early.order_id, service_level="NEXT_DAY")
        await daemon.pass_time(minutes=6)
        orders = await daemon.orders()
        words = {key: (row.payment_method, row.shipping_service) for key, row in orders.items()}
        assert words == {early.order_id: ("Default", "Default"), late.order_id: ("Card", "Courier")}
