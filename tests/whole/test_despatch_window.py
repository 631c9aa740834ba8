"""Despatch notes from the first failure to the last: ladder, window and texts (semantics C1)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx

from channel_protocol.actors import ResumeActor
from channeld.sandbox import Market
from tests.support.daemon import new_id
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed, unavailable

TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
LADDER = (60, 300, 900, 1800, 3600)


async def test_the_worked_time_line(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    order_id = placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.daemon.pass_time(hours=1)
        unavailable(market, times=1)
        assert clock.now() == TEN
        assert (await shop.process(order_id)).outcome == "queued"
        await shop.daemon.pass_time(seconds=30)
        ((failed_at, reason),) = await shop.failures(order_id)
        assert failed_at - TEN < timedelta(seconds=5)
        assert reason.startswith("attempt 1: ")
        assert (await shop.work(order_id)).window_until == failed_at + DAY

        await shop.daemon.pass_time(seconds=40)
        assert await shop.story(order_id) == ["despatch.failed", "despatch.submitted"]
        await shop.daemon.pass_time(hours=1)
        texts = [
            entry.text for entry in await shop.daemon.audit(order_id) if entry.code.startswith("despatch.")
        ]
        assert texts == ["Order Despatch Failed", "Order Despatch Submitted", "Order Successfully Despatched"]
        first, second = shop.packages()
        assert first == second, "the same package, shipped at the same time"
        assert datetime.fromisoformat(second["shipDate"]) == TEN
        (package,) = market.order(order_id).packages
        assert package.at == TEN


async def test_the_ladder_and_its_end(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    """1, 5, 15, 30, 60 minutes, then hourly until 24 h after the first failure; a person begins anew."""
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(hours=25)
        failures = await shop.failures(order_id)
        times = [at for at, _ in failures]
        pauses = [(b - a).total_seconds() for a, b in pairwise(times)]
        wanted = LADDER + (3600,) * (len(pauses) - len(LADDER))
        for pause, least in list(zip(pauses, wanted, strict=True))[:-1]:
            assert least <= pause <= 1.1 * least + 1
        assert pauses[-1] <= 1.1 * 3600 + 1, "the last is cut to the end of the window"
        assert timedelta() <= times[-1] - (times[0] + DAY) < timedelta(seconds=5)

        *earlier, last = [reason for _, reason in failures]
        assert all(reason.startswith(f"attempt {n}: ") for n, reason in enumerate([*earlier, last], start=1))
        assert not any("no further attempts" in reason for reason in earlier)
        assert "no further attempts" in last
        assert (await shop.work(order_id)).state == "needs_attention"
        assert await shop.attention() == 1
        assert len(shop.packages()) == len(failures)
        assert len({package["shipDate"] for package in shop.packages()}) == 1

        await shop.retry(order_id)
        await shop.daemon.pass_time(seconds=20)
        again = await shop.work(order_id)
        assert (again.state, again.attempts) == ("unknown", 1)
        assert again.window_until is not None
        assert clock.now() + DAY - again.window_until < timedelta(seconds=30)
        market.faults.clear()
        await shop.daemon.pass_time(hours=2)
        assert (await shop.work(order_id)).state == "confirmed"


async def test_an_empty_budget_is_no_failure(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    order_id = placed(market)
    market.faults.plan("throttle_burst", 5, operation="confirmShipment")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(minutes=5)
        assert await shop.story(order_id) == ["despatch.submitted"]
        assert (await shop.work(order_id)).attempts == 0
        assert len(shop.packages()) == 6


async def ran_out(shop: Outbound, order_id: str) -> None:
    """The window ran out while nothing could be tried: nothing was said, and it has not been given up."""
    row = await shop.work(order_id)
    assert row.window_until is not None
    assert row.window_until < shop.daemon.clock.now()
    assert (row.state, len(await shop.failures(order_id))) in (("queued", 1), ("unknown", 1))


async def test_a_halted_channel_tries_once_when_it_goes_on(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(seconds=30)
        denied = httpx.Response(403, json={"errors": [{"code": "Unauthorized", "message": "by the test"}]})
        shop.daemon.wire.rewrite = lambda request, response: (
            denied if request.url.path.endswith("/shipmentConfirmation") else None
        )
        await shop.daemon.pass_time(hours=25)
        assert (await shop.daemon.actor("uk/despatch")).state == "halted"
        await ran_out(shop, order_id)
        sent = len(shop.packages())

        shop.daemon.wire.rewrite = None
        await shop.daemon.client.request(ResumeActor(command_id=new_id(), actor="uk/despatch"))
        await shop.daemon.pass_time(hours=2)
        assert len(shop.packages()) == sent + 1
        (_, (_, last)) = await shop.failures(order_id)
        assert last.startswith("attempt 2: ")
        assert "no further attempts" in last
        assert (await shop.work(order_id)).state == "needs_attention"


async def test_a_disabled_channel_holds_it_and_tries_once_afterwards(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    unavailable(market, times=1)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(seconds=30)
        await shop.daemon.switch("uk", on=False)
        await shop.daemon.pass_time(hours=25)
        await ran_out(shop, order_id)
        assert (await shop.work(order_id)).held == "channel disabled"
        assert len(shop.packages()) == 1

        await shop.daemon.switch("uk", on=True)
        await shop.daemon.pass_time(seconds=30)
        assert await shop.story(order_id) == ["despatch.failed", "despatch.submitted"]


async def test_a_machine_that_was_off_tries_once_when_it_is_on(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(seconds=30)
    await clock.advance(30 * 3600)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.daemon.pass_time(hours=2)
        assert len(shop.packages()) == 1
        (_, (at, last)) = await shop.failures(order_id)
        assert "no further attempts" in last
        assert clock.now() - at > timedelta(hours=1.9), "at once"
        assert (await shop.work(order_id)).state == "needs_attention"


async def test_the_setting_at_processing_decides(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    queued, off = placed(market), placed(market)
    unavailable(market, times=1)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(queued)
        await shop.daemon.pass_time(seconds=30)
        await shop.set(despatch_notes="off")
        assert (await shop.process(off)).outcome == "not required"
        await shop.daemon.pass_time(minutes=2)
        assert await shop.story(queued) == ["despatch.failed", "despatch.submitted"]
        await shop.set(despatch_notes="on")
        await shop.daemon.pass_time(hours=2)
        assert await shop.story(off) == ["despatch.not_required"]
        assert len(shop.packages()) == 2


class LateWire(Wire):
    """The answer to the first despatch note takes 20 seconds."""

    def __init__(self, market: Market, clock: FakeClock) -> None:
        super().__init__(market)
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if sum(each.url.path.endswith("/shipmentConfirmation") for each in self.requests) == 1:
            await self._clock.away(20)
        return response


async def test_an_answer_that_takes_long_holds_up_no_other_note(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    orders = [placed(market) for _ in range(12)]
    async with open_outbound(tmp_path, market, clock, LateWire(market, clock)) as shop:
        for order_id in orders:
            await shop.process(order_id)
        await shop.daemon.pass_time(seconds=10)
        states = [(await shop.work(order_id)).state for order_id in orders]
        assert states.count("submitted") == 11
        await shop.daemon.pass_time(seconds=15)
        assert (await shop.work(orders[0])).state == "submitted"
