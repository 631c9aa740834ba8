"""Amazon has no listing report for a channel, or one that says too little (semantics H5, H6)."""

from datetime import timedelta
from pathlib import Path

import msgspec

from channeld.book.reports.automatic import next_downloads
from channeld.domain.report.states import State
from channeld.store import reports
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit
from tests.support.listing_desk import Desk, open_desk, report_of, row

HOUR = timedelta(hours=1)


async def without_data(desk: Desk) -> DownloadRecord:
    """Amazon cancels its report."""
    begun = await desk.begin(automatic=True)

    def cancel(unit: Unit) -> None:
        report = reports.get(unit.connection, begun.report_pk or 0)
        assert report is not None
        reports.save(unit, msgspec.structs.replace(report, state=State.NO_DATA, reason="Nothing there."))

    await desk.shop.store.write(cancel)
    await desk.run(minutes=5)
    return await desk.found(begun.id)


async def pause(desk: Desk, since: DownloadRecord) -> timedelta:
    """From its beginning to the next one that comes by itself."""
    channel, now = await desk.channel(), desk.shop.now
    due = await desk.shop.store.read(lambda c: next_downloads(c, [channel], now))
    return due[channel.id] - since.started_at


async def test_no_data_twice_is_an_empty_catalogue_where_no_listings_are_known(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        first = await without_data(desk)
        assert (first.state, first.reason) == ("failed", "Nothing there.")
        assert await pause(desk, first) == 4 * HOUR
        second = await without_data(desk)
        assert (second.state, second.rows_done, second.complete) == ("done", 0, True)
        assert await pause(desk, second) >= 24 * HOUR


async def test_no_data_is_a_failure_each_time_where_listings_are_known(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(row("A")))
        assert [(await without_data(desk)).state for _ in range(2)] == ["failed", "failed"]


async def test_what_said_too_little_is_asked_for_again_within_hours(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.download(report_of(row("A")))
        empty = await desk.download(report_of(), automatic=True)
        assert (empty.state, empty.doubt) == ("done", "empty")
        assert await pause(desk, empty) == 4 * HOUR
