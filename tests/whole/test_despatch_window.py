"""Despatch notes from the first failure to the last: ladder, window and texts (semantics C1)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from channel_protocol.actors import ResumeActor
from channel_protocol.errors import ClientError
from channeld.sandbox import Line, Market
from channeld.sandbox.despatch import confirm_package
from channeld.sandbox.orders import Package
from tests.support.daemon import new_id
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed

TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
LADDER = (60, 300, 900, 1800, 3600)
OURS = "AB123456785GB"


def unavailable(market: Market, times: int | None = None) -> None:
    """Amazon answers 503 to despatch notes."""
    market.faults.plan("error_503", times, operation="confirmShipment")


def shipped_elsewhere(market: Market, order_id: str, tracking: str) -> None:
    """Another program tells Amazon of the whole order."""
    order = market.order(order_id)
    package = Package(
        reference="1",
        status="IN_TRANSIT",
        carrier="Royal Mail",
        service="Tracked 24",
        tracking=tracking,
        at=market.clock.now(),
        contents=tuple((line.order_item_id, line.quantity) for line in order.lines),
    )
    now = market.clock.now()
    market.record(confirm_package(order, package, market.stamp(None, order), now))


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


def _other_item(market: Market, order_id: str) -> None:
    lines = tuple(replace(line, order_item_id="9" * 14) for line in market.order(order_id).lines)
    market.record(replace(market.order(order_id), lines=lines), delay=1e9)


REFUSALS: dict[str, Callable[[Market, str], object]] = {
    "carrier": lambda market, order_id: market.faults.plan("unknown_carrier"),
    "item": _other_item,
    "cancelled": lambda market, order_id: market.change(order_id, "CANCELLED", silent=True),
}


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_what_a_repeat_cannot_help_is_said_once_and_waits(
    tmp_path: Path, clock: FakeClock, market: Market, refusal: str
) -> None:
    order_id = placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        REFUSALS[refusal](market, order_id)
        await shop.process(order_id)
        await shop.daemon.pass_time(hours=3)
        ((at, reason),) = await shop.failures(order_id)
        assert "it waits for a change" in reason
        row = await shop.work(order_id)
        assert (row.state, row.window_until, row.next_at) == ("needs_attention", at + DAY, None)
        assert row.hint
        assert len(shop.packages()) == 1


async def test_what_amazon_took_and_does_not_show_is_a_failed_try(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    market.faults.plan("no_effect", operation="confirmShipment")
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id)
        await shop.daemon.pass_time(hours=1, minutes=55)
        assert await shop.story(order_id) == ["despatch.submitted"]
        assert shop.daemon.wire.reads(order_id) == 0
        await shop.daemon.pass_time(minutes=7)
        assert shop.daemon.wire.reads(order_id) == 1
        await shop.daemon.pass_time(hours=2)
        assert await shop.story(order_id) == [
            "despatch.submitted", "despatch.failed", "despatch.submitted", "despatch.confirmed",
        ]  # fmt: skip
        ((_, reason),) = await shop.failures(order_id)
        assert "does not show it 2 h later" in reason
        assert len(market.order(order_id).packages) == 1


@pytest.mark.parametrize("tracking", [OURS, "ab 1234 5678 5gb"])
async def test_the_same_parcel_entered_elsewhere_is_ours(
    tmp_path: Path, clock: FakeClock, market: Market, tracking: str
) -> None:
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=30)
        shipped_elsewhere(market, order_id, tracking)
        await shop.daemon.pass_time(hours=2)
        assert (await shop.story(order_id))[-1] == "despatch.confirmed"
        assert [package.reference for package in market.order(order_id).packages] == ["1"]


async def test_another_parcel_entered_elsewhere_is_not_overwritten(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market)
    unavailable(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=30)
        shipped_elsewhere(market, order_id, "OTHER")
        await shop.daemon.pass_time(hours=1)
        market.faults.clear()
        sent = len(shop.packages())
        await shop.daemon.pass_time(hours=2)
        assert "already shipped on Amazon" in (await shop.failures(order_id))[-1][1]
        assert (await shop.work(order_id)).state == "needs_attention"
        assert len(shop.packages()) == sent

        await shop.retry(order_id)
        await shop.daemon.pass_time(minutes=1)
        assert len(shop.packages()) == sent, "trying again is not forcing it"
        await shop.retry(order_id, force=True)
        await shop.daemon.pass_time(minutes=1)
        assert len(shop.packages()) == sent + 1


async def test_parcels_of_an_order_never_hold_more_than_was_ordered(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    order_id = placed(market, Line(sku="SKU-1", quantity=3))
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.process(order_id, "ONE", {"SKU-1": 2})
        with pytest.raises(ClientError) as refused:
            await shop.process(order_id, "TWO", {"SKU-1": 2})
        assert "has 1 left to send" in str(refused.value.problems)
        await shop.process(order_id, "TWO", {"SKU-1": 1})
        with pytest.raises(ClientError):
            await shop.process(order_id, "THREE")
        await shop.daemon.pass_time(hours=2)
        packages = market.order(order_id).packages
        assert [(p.tracking, [units for _, units in p.contents]) for p in packages] == [
            ("ONE", [2]),
            ("TWO", [1]),
        ]
        assert len({p.reference for p in packages}) == 2
        assert await shop.story(order_id) == ["despatch.submitted"] * 2 + ["despatch.confirmed"] * 2


async def test_orders_that_amazon_fulfils_get_no_note(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.set(fba_enabled="on")
        order_id = market.place_order(fulfilled_by="AMAZON").order_id
        await shop.daemon.pass_time(hours=2)
        with pytest.raises(ClientError):
            await shop.process(order_id)
        assert shop.packages() == []


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


@pytest.mark.parametrize(
    ("tracking", "ends", "said"),
    [(OURS, "confirmed", ""), ("OTHER", "needs_attention", "already shipped on Amazon")],
)
async def test_a_parcel_that_amazon_knew_before_the_daemon_did(
    tmp_path: Path, clock: FakeClock, market: Market, tracking: str, ends: str, said: str
) -> None:
    """Amazon refuses the note; the order, read at once, says whose parcel it is."""
    order_id = placed(market)
    async with open_outbound(tmp_path, market, clock) as shop:
        shipped_elsewhere(market, order_id, tracking)
        await shop.daemon.pass_time(seconds=10)
        await shop.process(order_id, OURS)
        await shop.daemon.pass_time(seconds=10)
        row = await shop.work(order_id)
        assert row.state == ends
        assert said in row.reason
        assert len(shop.packages()) == 1
        assert [package.reference for package in market.order(order_id).packages] == ["1"]
