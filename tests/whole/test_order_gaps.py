"""Orders that Amazon's searches leave out are found by its report, and read by their ids."""

from datetime import timedelta
from pathlib import Path

from channel_protocol.reports import ReportRequested, RequestReport
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

HOUR = timedelta(hours=1)
ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"


def fill(market: Market, clock: FakeClock, count: int = 6) -> list[str]:
    """Orders of the last hours."""
    at = clock.now() - 3 * HOUR
    return [market.place_order(country="GB", at=at + timedelta(minutes=n)).order_id for n in range(count)]


async def compare(daemon: Daemon) -> None:
    """A person asks; a quarter of an hour later it is done."""
    request = RequestReport(command_id=new_id(), channel="uk", report_type="orders")
    await daemon.patiently(request, ReportRequested)
    await daemon.pass_time(minutes=15)


def about(codes: list[str]) -> list[str]:
    """What is said of comparisons and backfills."""
    words = ("gaps", "nothing", "compared", "recovered", "backfill")
    return [code for code in codes if code.startswith("order.") and any(word in code for word in words)]


async def test_an_order_that_no_search_shows_is_found_once_a_day(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    ids = fill(market, clock)
    market.faults.plan("missing_orders", None, order_id=ids[2])
    async with running_daemon(tmp_path, market, clock, by_itself=True) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(hours=12)
        assert set(await daemon.orders()) == {*ids} - {ids[2]}

        await daemon.pass_time(hours=13)
        assert set(await daemon.orders()) == {*ids}
        assert about(await daemon.codes()) == [
            "order.gaps_found",
            "order.recovered_by_report",
            "order.gaps_recovered",
        ]
        (found,) = [each for each in await daemon.audit() if each.code == "order.gaps_recovered"]
        assert ids[2] in found.text
        assert market.truth.counted("getOrder") == 1

        market.place_order(country="GB")
        await daemon.pass_time(hours=25)
        assert about(await daemon.codes())[3:] == ["order.nothing_missing"], "it is there now"


async def test_a_person_hears_that_nothing_is_missing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    fill(market, clock)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(hours=1)
        await compare(daemon)
        (said,) = [each for each in await daemon.audit() if each.code == "order.nothing_missing"]
        assert said.text == "6 orders compared with Amazon's report: nothing missing"
        assert market.truth.counted("getOrder") == 0


async def test_without_orders_there_is_nothing_to_compare(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(hours=1)
        await compare(daemon)
        assert about(await daemon.codes()) == ["order.nothing_to_compare"]
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=5)
        assert about(await daemon.codes()) == ["order.nothing_to_compare"], "it is said once"


async def test_a_report_that_is_cut_is_compared_as_far_as_it_goes(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    ids = fill(market, clock, 40)
    market.faults.plan("missing_orders", None, order_id=ids[0])
    market.faults.plan("report_truncated", 1, operation=ORDERS)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(hours=1)
        await compare(daemon)
        codes = about(await daemon.codes())
        assert "order.compared_in_part" in codes and "order.nothing_missing" not in codes
        assert ids[0] in await daemon.orders(), "it stood in what there is of the report"


async def test_an_order_that_amazon_does_not_give_is_said_to_be_missing_still(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    ids = fill(market, clock)
    market.faults.plan("missing_orders", None, order_id=ids[0])
    market.faults.plan("truncated", None, operation="getOrder")
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(hours=1)
        await compare(daemon)
        assert about(await daemon.codes()) == ["order.gaps_found"]
        market.faults.clear()
        await daemon.pass_time(hours=3)
        assert ids[0] in await daemon.orders()
        assert "order.gaps_recovered" in await daemon.codes()
