"""One account in trouble: it says so once, and the others do not notice (A1, and what must not happen)."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace
from structlog.testing import capture_logs

from channel_protocol.accounts import SetAccount
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

EU, NA = "A1SANDBOXEU", "A2SANDBOXNA"


def sell_in(market: Market, *countries: str) -> None:
    """The European seller's marketplaces; Amazon refuses searches of any other with 403."""
    account = market.accounts[EU]
    account.spec = replace(account.spec, countries=countries)


async def open_two_shops(daemon: Daemon) -> None:
    await daemon.add_account("eu", EU)
    await daemon.add_account("na", NA)
    await daemon.add_channel("uk", "GB", account="eu")
    await daemon.add_channel("de", "DE", account="eu")
    await daemon.add_channel("us", "US", account="na")
    await daemon.clock.settle()


async def assert_on_time(daemon: Daemon, channel: str, seller_id: str, country: str) -> None:
    """A new order of that channel is there within two searches."""
    placed = daemon.market.place_order(seller_id, country=country)
    await daemon.pass_time(minutes=6)
    assert placed.order_id in await daemon.orders(channel)
    assert (await daemon.channel(channel)).order_sync_date == placed.updated


async def test_revoked_credentials_halt_their_account_once_and_no_other(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_two_shops(daemon)
        with capture_logs() as logs:
            market.revoke(EU)
            await daemon.pass_time(minutes=5)
            account = await daemon.account("eu")
            assert (account.state, bool(account.reason), bool(account.hint)) == ("halted", True, True)
            states = {row.state for row in (await daemon.status()).rows if row.account == "eu"}
            assert states == {"halted"}
            alarms = [text for text in (await daemon.status()).attention if account.reason in text]
            assert len(alarms) == 1, "the account has one message, not each of its channels"

            asked = market.truth.requests["", "token"]
            await assert_on_time(daemon, "us", NA, "US")
            await daemon.pass_time(hours=1)
            assert market.truth.requests["", "token"] == asked, "Amazon is not asked again"
        notable = [entry for entry in logs if entry["log_level"] not in ("debug", "info")]
        assert [entry["event"] for entry in notable] == ["actor halted"]


async def test_new_credentials_lift_the_halt(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_two_shops(daemon)
        secret = market.rotate_secret(EU)
        await daemon.pass_time(minutes=65)
        assert (await daemon.account("eu")).state == "halted"
        placed = market.place_order(EU, country="GB")

        await daemon.client.request(SetAccount(command_id=new_id(), account="eu", client_secret=secret))
        await daemon.pass_time(minutes=6)
        assert (await daemon.account("eu")).state == "ok"
        assert placed.order_id in await daemon.orders("uk")


async def test_a_halt_outlives_a_restart(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_two_shops(daemon)
        market.revoke(EU)
        await daemon.pass_time(minutes=5)
        before = await daemon.account("eu")
        asked = market.truth.requests["", "token"]
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=5)
        after = await daemon.account("eu")
        assert (after.state, after.reason, after.hint) == ("halted", before.reason, before.hint)
        assert market.truth.requests["", "token"] == asked
        await assert_on_time(daemon, "us", NA, "US")


async def test_an_account_under_constant_429_waits_and_no_other_does(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_two_shops(daemon)
        market.faults.plan("throttle_burst", None, seller_id=EU)
        with capture_logs() as logs:
            await daemon.pass_time(minutes=30)
            await assert_on_time(daemon, "us", NA, "US")
            rows = [row for row in (await daemon.status()).rows if row.channel == "uk"]
            search = next(row for row in rows if row.concern == "order_download")
            assert search.state == "waiting"
            assert search.waits_for
            assert search.until is not None
        assert [entry for entry in logs if entry["log_level"] not in ("debug", "info")] == []
        refused = market.truth.statuses[EU, "searchOrders", 429]
        assert 1 <= refused <= 20, "and Amazon is not hammered"

        market.faults.clear()
        await daemon.pass_time(minutes=20)
        await assert_on_time(daemon, "uk", EU, "GB")


async def test_an_outage_is_logged_when_it_begins_and_when_it_ends(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_two_shops(daemon)
        with capture_logs() as logs:
            market.faults.plan("error_503", None, seller_id=EU)
            await daemon.pass_time(minutes=40)
            failing = await daemon.actor("eu/order_download")
            assert (failing.state, bool(failing.reason), bool(failing.hint)) == ("failing", True, True)
            assert failing.since < clock.now() - timedelta(minutes=30), "since when"
            await assert_on_time(daemon, "us", NA, "US")
            market.faults.clear()
            await daemon.pass_time(minutes=10)
            assert (await daemon.actor("eu/order_download")).state == "waiting"
        told = [(e["event"], e.get("actor")) for e in logs if e["log_level"] != "debug"]
        assert told == [("actor failing", "eu/order_download"), ("actor recovered", "eu/order_download")]


async def test_one_channel_that_amazon_refuses_does_not_stop_the_others_of_its_account(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        market.grant("searchOrders", 0.1)
        await open_two_shops(daemon)
        sell_in(market, "GB", "FR")
        await daemon.pass_time(minutes=15)
        troubled = await daemon.channel("de")
        assert (bool(troubled.trouble), bool(troubled.trouble_hint)) == (True, True)
        assert troubled.trouble_since is not None
        assert (await daemon.channel("uk")).trouble == ""
        await assert_on_time(daemon, "uk", EU, "GB")
        assert any("de:" in text for text in (await daemon.status()).attention)
        assert (await daemon.account("eu")).state == "ok"

        missed = market.place_order(EU, country="DE")
        sell_in(market, "GB", "FR", "DE")
        await daemon.pass_time(minutes=75)
        assert (await daemon.channel("de")).trouble == ""
        assert missed.order_id in await daemon.orders("de")
