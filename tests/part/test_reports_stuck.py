"""A report that Amazon does not make: cancelled, asked for once more, told to a person (semantics H4, H6)."""

from datetime import timedelta
from pathlib import Path

import msgspec

from channeld.book.listings.starting import start_download
from channeld.control.rows.report_attention import report_attention
from channeld.domain.report.states import State
from channeld.store import downloads, reports
from channeld.store.names import names
from channeld.store.unit import Unit
from tests.support.report_desk import LISTINGS, Desk, open_desk, refused


async def attention(desk: Desk) -> tuple[str, ...]:
    return await desk.shop.store.read(lambda c: report_attention(c, names(c)))


async def stuck(desk: Desk, status: str) -> int:
    """One that was found to be stuck, and asked for again."""
    number = await desk.want(fresh=True)
    desk.amazon.move((await desk.report(number)).report_id, status)
    await desk.oversleep(hours=2)
    assert (await desk.report(number)).state is State.STUCK
    return number


async def test_it_is_cancelled_and_asked_for_once_more_and_a_person_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want(fresh=True)
        await desk.oversleep(minutes=110)
        assert (await desk.report(number)).state is State.SUBMITTED
        await desk.oversleep(minutes=5)
        first, second = await desk.all()
        assert (first.state, first.amazon_status) == (State.STUCK, "IN_QUEUE")
        assert desk.amazon.made[first.report_id]["processingStatus"] == "CANCELLED"
        assert (second.state, second.repeats) == (State.SUBMITTED, first.id)
        (told,) = await attention(desk)
        assert f"report {first.report_id} IN_QUEUE since" in told
        assert f"asked for again as report {second.id}" in told
        await desk.make(second.id)
        await desk.pass_time(minutes=15)
        assert await attention(desk) == ()
        first, second = await desk.all()
        assert (first.state, first.amazon_status) == (State.STUCK, "CANCELLED")
        assert first.ended_at is not None
        assert second.state is State.PROCESSED


async def test_what_amazon_works_on_is_not_cancelled(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await stuck(desk, "IN_PROGRESS")
        await desk.oversleep(minutes=30)
        assert desk.amazon.count("cancelReport") == 0
        assert desk.amazon.count("createReport") == 2


async def test_a_repeat_that_is_stuck_too_is_not_repeated(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await stuck(desk, "IN_PROGRESS")
        await desk.oversleep(hours=2)
        assert [report.state for report in await desk.all()] == [State.STUCK, State.STUCK]
        assert len(await attention(desk)) == 2
        await desk.oversleep(hours=26)
        await desk.pass_time(minutes=6)
        assert [report.ended_at is None for report in await desk.all()] == [False, False]
        assert await attention(desk) == ()
        assert desk.amazon.count("createReport") == 2


async def test_a_stuck_repeat_that_comes_after_all_serves(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        await stuck(desk, "IN_PROGRESS")
        await desk.oversleep(hours=2)
        _, repeat = await desk.all()
        await desk.make(repeat.id)
        await desk.oversleep(minutes=5)
        assert [report.state for report in await desk.all()] == [State.STUCK, State.PROCESSED]


async def test_one_that_comes_after_all_serves_if_its_repeat_has_not_begun(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await desk.want(fresh=True)
        desk.amazon.move((await desk.report(number)).report_id, "IN_PROGRESS")
        desk.amazon.plan("createReport", *[refused(503)] * 50)
        await desk.oversleep(hours=2)
        _, repeat = await desk.all()
        await desk.shop.store.write(lambda unit: unbegun(unit, repeat.id))
        await desk.make(number)
        await desk.pass_time(minutes=12)
        (found,) = await desk.all()
        assert (found.id, found.state) == (number, State.PROCESSED)
        assert "report.late" in await desk.told(number)


def unbegun(unit: Unit, number: int) -> None:
    """As if its turn had not come yet."""
    report = reports.get(unit.connection, number)
    assert report is not None
    later = report.next_at + timedelta(days=1)
    reports.save(unit, msgspec.structs.replace(report, state=State.WANTED, next_at=later))


async def test_one_that_comes_before_its_repeat_serves_and_the_repeat_is_not_waited_for(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as desk:
        number = await stuck(desk, "IN_PROGRESS")
        await desk.make(number)
        await desk.pass_time(minutes=12)
        late, repeat = await desk.all()
        assert (late.state, repeat.state) == (State.PROCESSED, State.FAILED)
        assert "came after all" in repeat.reason


async def test_a_running_download_goes_on_with_whichever_comes_first(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        channel = await desk.shop.open_channel(enabled="off")
        started = await desk.shop.store.write(
            lambda unit: start_download(unit, channel, automatic=False, by="ann", now=desk.shop.now)
        )
        await desk.pass_time(minutes=2)
        first = (await desk.all())[0].id
        desk.amazon.move((await desk.report(first)).report_id, "IN_PROGRESS")
        await desk.oversleep(hours=2)
        await desk.make(first)
        await desk.pass_time(minutes=12)
        found = await desk.shop.store.read(lambda c: downloads.get(c, started.id))
        assert found is not None
        assert (found.report_pk, (await desk.report(first)).state) == (first, State.AVAILABLE)


async def test_one_that_comes_after_its_repeat_is_only_shown(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await stuck(desk, "IN_PROGRESS")
        _, repeat = await desk.all()
        await desk.make(repeat.id)
        await desk.make(number)
        await desk.pass_time(minutes=12)
        late, repeat = await desk.all()
        assert (late.state, late.amazon_status, repeat.state) == (State.STUCK, "DONE", State.PROCESSED)
        assert "came after all" in late.reason
        assert desk.amazon.count("getReportDocument") == 1


async def test_a_running_download_goes_on_with_the_repeat(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        channel = await desk.shop.open_channel(enabled="off")
        started = await desk.shop.store.write(
            lambda unit: start_download(unit, channel, automatic=False, by="ann", now=desk.shop.now)
        )
        await desk.pass_time(minutes=2)
        await desk.oversleep(hours=2)
        first, second = await desk.all()
        assert (first.report_type, first.state) == (LISTINGS, State.STUCK)
        found = await desk.shop.store.read(lambda c: downloads.get(c, started.id))
        assert found is not None
        assert (started.report_pk, found.report_pk) == (first.id, second.id)


async def test_one_that_was_stuck_does_not_put_off_the_next_that_is(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        number = await stuck(desk, "IN_PROGRESS")
        await desk.make(number)
        await desk.pass_time(minutes=12)
        assert (await desk.report(number)).state is State.PROCESSED
        next_one = await desk.want(fresh=True)
        await desk.oversleep(hours=2)
        assert (await desk.report(next_one)).state is State.STUCK


async def test_it_is_stuck_later_where_such_reports_usually_take_long(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        slow = await desk.want(fresh=True)
        await desk.oversleep(minutes=55)
        await desk.make(slow)
        number = await desk.want(fresh=True)
        await desk.oversleep(hours=2.5)
        assert (await desk.report(number)).state is State.SUBMITTED
        await desk.oversleep(hours=0.6)
        assert (await desk.report(number)).state is State.STUCK
