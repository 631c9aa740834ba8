"""Who is searched with whom, from where, and what happens to who leaves a search under way (C5)."""

from datetime import timedelta
from pathlib import Path

import anyio
import httpx

from channel_protocol.orders import OrdersRewound, RewindOrders
from channeld.sandbox import Market, SandboxOptions
from tests.support.daemon import new_id, running_daemon
from tests.support.fake_clock import START, FakeClock

UK, DE = "A1F83G8C2ARO7P", "A1PA6795UKMFR9"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def marketplaces(url: httpx.URL) -> set[str]:
    return set(url.params["marketplaceIds"].split(","))


def fill(market: Market, count: int, country: str = "GB", *, ago: timedelta = HOUR) -> set[str]:
    """So many orders of a while ago; a page of a search has 100."""
    return {
        market.place_order(country=country, at=START - ago + timedelta(milliseconds=n)).order_id
        for n in range(count)
    }


async def test_channels_that_are_equally_far_share_one_search(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.add_channel("de", "DE")
        await daemon.pass_time(minutes=30)
        before = len(daemon.wire.searches())
        await daemon.pass_time(minutes=30)
        searches = daemon.wire.searches()[before:]
        assert all(marketplaces(url) == {UK, DE} for url in searches)
        assert len(searches) <= 11, "the budget belongs to the account"
        uk, de = await daemon.channel("uk"), await daemon.channel("de")
        assert uk.order_cursor == de.order_cursor


async def test_a_new_channel_catches_up_in_slices_while_the_live_search_goes_on(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    old = fill(market, 3, "DE", ago=25 * DAY) | fill(market, 3, "DE", ago=2 * DAY)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=30)
        before = len(daemon.wire.searches())
        await daemon.add_channel("de", "DE", order_look_back_days="30")
        await clock.settle()
        placed = market.place_order(country="GB").order_id
        await daemon.pass_time(minutes=6)
        assert placed in await daemon.orders("uk")

        await daemon.pass_time(minutes=60)
        assert set(await daemon.orders("de")) == old
        slices = [url.params for url in daemon.wire.searches()[before:] if "lastUpdatedBefore" in url.params]
        assert len(slices) >= 4, "a month, a week at a time"
        assert all(params["marketplaceIds"] == DE for params in slices)
        assert marketplaces(daemon.wire.searches()[-1]) == {UK, DE}, "it has arrived"
    assert not market.truth.over_budget
    assert not market.truth.invalid


async def test_a_first_download_of_a_month_takes_every_token_that_is_granted(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = Market(clock, SandboxOptions(rates={"searchOrders": 1.0}))
    old = fill(market, 3, ago=29 * DAY) | fill(market, 3)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(order_look_back_days="30")
        await daemon.pass_time(seconds=40)
        assert set(await daemon.orders()) == old
        cursor = (await daemon.channel()).order_cursor
        assert cursor is not None
        assert cursor > START - HOUR, "nothing else was waiting for the tokens"
    assert not market.truth.over_budget


async def test_a_search_of_many_pages_keeps_every_parameter(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    placed = fill(market, 230)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        assert set(await daemon.orders()) == placed
        first, *others = [dict(url.params) for url in daemon.wire.searches()]
        assert len(others) == 2
        assert all({k: v for k, v in each.items() if k != "paginationToken"} == first for each in others)


async def test_a_channel_that_is_switched_off_during_a_search_gets_nothing_and_stays_where_it_was(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.add_channel("de", "DE")
        await daemon.pass_time(minutes=10)
        before = (await daemon.channel("de")).order_cursor
        theirs, ours = market.place_order(country="DE").order_id, market.place_order(country="GB").order_id
        with daemon.wire.holding("/orders") as search:
            async with anyio.create_task_group() as group:
                group.start_soon(daemon.pass_time_for, 240)
                await search.arrived.wait()
                await daemon.switch("de", on=False)
                search.release()
        await daemon.pass_time(minutes=10)
        assert ours in await daemon.orders("uk")
        assert theirs not in await daemon.orders()
        assert (await daemon.channel("de")).order_cursor == before

        await daemon.switch("de", on=True)
        await daemon.pass_time(minutes=20)
        assert theirs in await daemon.orders("de"), "it goes on from its cursor"


async def test_switching_off_and_on_during_a_search_does_not_bring_a_channel_back_into_it(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """The search has a second page, which comes after both switches: it must not move that cursor."""
    placed = fill(market, 120, "GB") | fill(market, 60, "DE")
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        for channel, country in (("uk", "GB"), ("de", "DE")):
            await daemon.add_channel(channel, country, enable=False)
        await daemon.switch("uk", on=True)
        await daemon.switch("de", on=True)
        with daemon.wire.holding("/orders") as search:
            await search.arrived.wait()
            await daemon.switch("de", on=False)
            await daemon.switch("de", on=True)
            search.release()
        await clock.settle()
        await daemon.pass_time(minutes=30)
        assert set(await daemon.orders()) == placed


async def test_a_page_token_that_amazon_refuses_begins_the_search_again(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    placed = fill(market, 230)
    refusals: list[httpx.URL] = []

    def refuse_once(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        if refusals or "paginationToken" not in request.url.params:
            return None
        refusals.append(request.url)
        error = {
            "code": "InvalidInput",
            "message": "The submitted paginationToken is not valid.",
            "details": "",
        }
        return httpx.Response(400, json={"errors": [error]}, request=request)

    async with running_daemon(tmp_path, market, clock) as daemon:
        daemon.wire.rewrite = refuse_once
        await daemon.open_shop()
        await daemon.pass_time(minutes=15)
        assert len(refusals) == 1
        assert set(await daemon.orders()) == placed
        assert (await daemon.actor("eu/order_download")).state == "waiting"
        cursor = (await daemon.channel()).order_cursor
        assert cursor is not None
        assert cursor > START - timedelta(minutes=3)


async def test_a_daemon_that_was_off_for_longer_than_a_token_lives_begins_again_from_the_cursor(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = Market(clock, SandboxOptions())
    placed = fill(market, 230)
    async with running_daemon(tmp_path, market, clock) as daemon:
        daemon.wire.cut_after(searches=1)
        await daemon.open_shop()
        await daemon.pass_time(minutes=10)
        stored = await daemon.orders()
        assert len(stored) == 100, "one page"
    clock.jump(25 * 3600)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=40)
        assert set(await daemon.orders()) == placed
    assert not market.truth.invalid


async def test_a_cursor_that_a_person_sets_back_during_a_search_stays_back(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(order_look_back_days="0")
        missed = market.place_order(at=START - timedelta(hours=5)).order_id
        await daemon.pass_time(minutes=10)
        assert missed not in await daemon.orders()
        with daemon.wire.holding("/orders") as search:
            async with anyio.create_task_group() as group:
                group.start_soon(daemon.pass_time_for, 240)
                await search.arrived.wait()
                back = clock.now() - timedelta(hours=6)
                rewind = RewindOrders(command_id=new_id(), channel="uk", to=back)
                asked = await daemon.ask(rewind, OrdersRewound)
                assert not asked.done
                assert "6.0 hours" in asked.message
                confirmed = RewindOrders(command_id=new_id(), channel="uk", to=back, confirmed=True)
                assert (await daemon.ask(confirmed, OrdersRewound)).done
                assert (await daemon.channel()).order_cursor == back
                search.release()
        await daemon.pass_time(minutes=6)
        assert missed in await daemon.orders()
        assert (await daemon.codes()).count("order.rewound") == 1
