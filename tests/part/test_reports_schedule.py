"""Listings are asked for by themselves: once a day in each enabled channel (semantics I10)."""

from pathlib import Path
from typing import Literal

import msgspec

from channeld.book.reports.moves import given_up
from channeld.domain.report.states import State
from channeld.store import downloads
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit
from tests.support.fake_clock import FakeClock
from tests.support.report_desk import LISTINGS, AtAmazon, Desk, open_desk


async def running(desk: Desk, channel_id: int = 1) -> DownloadRecord | None:
    return await desk.shop.store.read(lambda c: downloads.running(c, channel_id))


async def end(desk: Desk, state: Literal["done", "failed", "abandoned"]) -> None:
    """The download of the first channel ends, and so does its report; its actor is woken as by settings."""
    found = await running(desk)
    assert found is not None
    over = msgspec.structs.replace(found, state=state, ended_at=desk.shop.now)
    report_pk = over.report_pk or 0

    def act(unit: Unit) -> None:
        downloads.save(unit, over)
        given_up(unit, report_pk, desk.shop.now)

    await desk.shop.store.write(act)


async def test_a_channel_that_was_never_downloaded_is_asked_for_at_the_start(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.shop.open_channel("uk", "UK")
        await desk.shop.open_channel("de", "DE", enabled="off")
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=2)
        found = await running(desk)
        assert found is not None
        assert (found.automatic, found.by) == (True, "")
        (report,) = [each for each in await desk.all() if each.purpose == "listings"]
        assert (report.id, report.report_type) == (found.report_pk, LISTINGS)
        assert report.state is State.SUBMITTED
        assert await running(desk, 2) is None


async def test_the_next_comes_a_day_after_a_success_and_some_hours_after_a_failure(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await desk.shop.open_channel("uk", "UK")
        await desk.oversleep(hours=6)
        await end(desk, "done")
        await desk.oversleep(hours=23.8)
        assert await running(desk) is None
        await desk.oversleep(minutes=6)
        await end(desk, "failed")
        await desk.oversleep(hours=3.8)
        assert await running(desk) is None
        await desk.oversleep(minutes=6)
        await end(desk, "abandoned")
        await desk.pass_time()
        assert await running(desk) is not None, "it was of no account, and the success is a day ago"
