"""Listings come in: the button, what it brings, and what a person sees meanwhile (semantics H1 to H5)."""

from datetime import timedelta
from pathlib import Path

import pytest

from channel_protocol.actors import ActorList, ListActors
from channel_protocol.channels import RemoveChannel
from channel_protocol.errors import ClientError
from channel_protocol.listings import (
    DownloadListings,
    ListingList,
    ListingsDownloaded,
    ListingShown,
    ListListings,
    ShowListing,
)
from tests.support.daemon import new_id, running_daemon
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import (
    LISTINGS,
    download,
    finished,
    listed,
    market_with,
    pressed,
    row_of,
    spooled,
)


async def test_the_button_brings_all_listings_and_says_how_far_it_is(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, report_seconds=180.0)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await finished(daemon)
        truth = {each.sku: each for each in market.listings.all(country="GB")}
        before = clock.now()

        begun = await pressed(daemon)
        assert begun.row.in_progress and not begun.attached and begun.row.phase == "waiting"
        assert begun.row.started_at == before
        await daemon.pass_time(seconds=90)
        half = await row_of(daemon)
        assert half.estimated_completion and half.estimated_completion > clock.now()
        assert half.progress and 0.3 < half.progress < 0.7, "it is known how long the last one took"
        done = await finished(daemon)

        assert (done.outcome, done.phase, done.estimated_completion, done.progress) == (
            "done",
            "",
            None,
            None,
        )
        assert done.last_completion and done.last_completion > before
        assert done.listings == LISTINGS == done.unlinked
        rows = await listed(daemon)
        assert {sku: (row.asin, row.price, row.presence) for sku, row in rows.items()} == {
            sku: (each.asin, each.price, "listed") for sku, each in truth.items()
        }
        assert spooled(tmp_path) == []
        assert "listing.downloaded" in await daemon.codes()


async def test_two_channels_come_in_side_by_side_and_by_themselves(tmp_path: Path, clock: FakeClock) -> None:
    market = market_with(clock, report_seconds=5.0)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account(poll_seconds=3600)
        for name, country in (("uk", "GB"), ("de", "DE")):
            await daemon.add_channel(name, country, download_full_listings="on")
        await daemon.pass_time(minutes=2)
        for name in ("uk", "de"):
            done = await finished(daemon, name)
            assert (done.outcome, done.automatic, done.added) == ("done", True, LISTINGS)
            assert done.last_automatic and done.last_completion is None
            assert done.next_automatic == done.last_automatic + timedelta(hours=24)
        sku = next(iter(await listed(daemon)))
        shown = await daemon.ask(ShowListing(channel="uk", sku=sku), ListingShown)
        assert {"product type", "details read", "first seen"} <= set(shown.facts)
        assert shown.row.link == "unlinked"


async def test_pressing_attaches_waits_and_is_refused_right_after_a_success(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with running_daemon(tmp_path, market_with(clock, report_seconds=20.0), clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        waiting = DownloadListings(command_id=new_id(), channel="uk", wait=300)
        done = await daemon.patiently(waiting, ListingsDownloaded, within=300)
        assert done.attached and done.complete and done.row.outcome == "done"
        assert done.row.last_completion, "it was begun by itself, and then asked for"
        with pytest.raises(ClientError) as refused:
            await pressed(daemon, again=False)
        assert refused.value.code == "asked_recently" and refused.value.hint
        begun = await pressed(daemon)
        assert not begun.attached
        impatient = DownloadListings(command_id=new_id(), channel="uk", wait=2)
        with pytest.raises(ClientError) as late:
            await daemon.patiently(impatient, ListingsDownloaded)
        assert late.value.code == "still_waiting"
        assert (await finished(daemon)).outcome == "done"


@pytest.mark.parametrize("way", ["disabled", "removed"])
async def test_it_is_abandoned_with_its_channel(tmp_path: Path, clock: FakeClock, way: str) -> None:
    async with running_daemon(tmp_path, market_with(clock, report_seconds=600.0), clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=1)
        assert (await row_of(daemon)).in_progress
        if way == "disabled":
            await daemon.switch("uk", on=False)
            row = await row_of(daemon)
            assert (row.in_progress, row.outcome, row.last_automatic) == (False, "abandoned", None)
            assert "was disabled" in row.reason
            with pytest.raises(ClientError) as refused:
                await pressed(daemon)
            assert refused.value.code == "channel_disabled"
        else:
            await daemon.client.request(RemoveChannel(command_id=new_id(), channel="uk"))
        assert "listing.download_abandoned" in await daemon.codes()
        await daemon.clock.settle()
        assert [
            row.actor for row in (await daemon.ask(ListActors(), ActorList)).rows if "uk" in row.actor
        ] == []


async def test_a_report_that_amazon_cancels_is_a_failure_that_is_seen(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, report_seconds=5.0)
    market.faults.plan("report_cancelled")
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        failed = await finished(daemon)
        assert (failed.outcome, failed.last_automatic) == ("failed", None)
        assert "cancelled" in failed.reason and failed.hint
        assert any("uk: Amazon cancelled it" in line for line in (await daemon.status()).attention)
        assert (await download(daemon)).outcome == "done"
        assert not any("uk: " in line for line in (await daemon.status()).attention)


async def test_a_restart_goes_on_with_what_was_begun(tmp_path: Path, clock: FakeClock) -> None:
    market = market_with(clock, report_seconds=180.0)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await daemon.pass_time(minutes=2)
        before = await row_of(daemon)
        assert before.in_progress
    (tmp_path / "spool").mkdir(exist_ok=True)
    (tmp_path / "spool" / "99.rows").write_text("left by somebody")
    async with running_daemon(tmp_path, market, clock) as daemon:
        assert spooled(tmp_path) == []
        assert (await row_of(daemon)).started_at == before.started_at
        done = await finished(daemon)
        assert (done.outcome, done.listings) == ("done", LISTINGS)


async def test_listings_are_found_by_what_people_remember(tmp_path: Path, clock: FakeClock) -> None:
    async with running_daemon(tmp_path, market_with(clock, report_seconds=5.0), clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await finished(daemon)
        rows = await listed(daemon)
        (sku, row), *_ = sorted(rows.items())
        assert sku in await listed(daemon, find=row.asin.lower())
        assert await listed(daemon, presence="gone") == {}
        assert set(await listed(daemon, link="unlinked")) == set(rows)
        assert await listed(daemon, link="linked") == await listed(daemon, link="suggested") == {}
        first = await daemon.ask(ListListings(limit=1), ListingList)
        assert first.more and [each.sku for each in first.rows] == [sku]
        rest = await daemon.ask(ListListings(limit=1000, after=first.rows[0].key), ListingList)
        assert not rest.more and len(rest.rows) == LISTINGS - 1
        with pytest.raises(ClientError) as unknown:
            await daemon.ask(ShowListing(channel="uk", sku="nobody's"), ListingShown)
        assert unknown.value.code == "unknown_listing"
