"""A price that Amazon took is read back whatever is saved, held or dropped after it (semantics G1)."""

from pathlib import Path

from tests.support.fake_clock import FakeClock
from tests.support.price_desk import MUG, at_price_desk


async def test_one_that_is_held_does_not_hide_the_one_before(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "5.00")
        await desk.pass_time(minutes=1)
        assert (await desk.save(MUG, "16.00")).outcome == "held"
        await desk.pass_time(minutes=30)
        row = await desk.row()
        assert (row.state, row.listed, row.saved, desk.told()) == ("Held", 500, 1600, [500])


async def test_what_was_held_leaves_when_it_is_near_to_the_one_that_was_read(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "14.00")
        await desk.pass_time(minutes=1)
        assert (await desk.save(MUG, "16.00")).outcome == "held"
        await desk.pass_time(minutes=30)
        assert (await desk.state(), desk.told(), desk.price()) == ("Success", [1400, 1600], 1600)


async def test_one_that_is_dropped_leaves_the_one_before_known(tmp_path: Path, clock: FakeClock) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "5.00")
        await desk.pass_time(minutes=1)
        await desk.save(MUG, "12.00")
        await desk.drop()
        await desk.pass_time(minutes=30)
        row = await desk.row()
        assert (row.listed, row.confirmed, desk.told()) == (500, 500, [500])
        assert (await desk.events())[-1] == "confirmed"
        assert (await desk.save(MUG, "5.00")).outcome != "held"


async def test_with_price_change_off_what_was_sent_is_still_read_back(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "5.00")
        await desk.pass_time(minutes=1)
        await desk.save(MUG, "12.00")
        await desk.set(price_change="off")
        await desk.pass_time(minutes=30)
        assert ((await desk.row()).listed, desk.told()) == (500, [500])
