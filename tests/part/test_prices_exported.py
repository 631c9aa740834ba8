"""A file of saved prices: what it has of each state, and that loading it changes nothing."""

import io
from collections.abc import Sequence
from pathlib import Path

from channel_protocol.prices import PriceAnswer, PriceRow
from channelctl.price_csv.reading import read_prices
from channelctl.price_csv.writing import write_prices
from tests.support.fake_clock import FakeClock
from tests.support.price_desk import MUG, POT, PriceDesk, at_price_desk

HEADING = "sku,price,min_price,max_price,currency,not_sent"
LISTED: dict[str, int | None] = dict.fromkeys((MUG, POT, "=SOON", "BOUNDS", "DROPPED", "GONE", "HELD"), 1000)


def written(rows: Sequence[PriceRow]) -> str:
    stream = io.StringIO()
    write_prices(stream, rows)
    return stream.getvalue()


async def loaded(desk: PriceDesk, text: str) -> tuple[PriceAnswer, ...]:
    lines, refused = read_prices(text)
    assert not refused
    return await desk.save_all(*(line.wanted for line in lines), mode="import")


async def fill(desk: PriceDesk) -> None:
    """A price of each kind."""
    await desk.set(price_change="off")
    await desk.save(POT, "11.00")
    await desk.set(price_change="on")
    await desk.save(MUG, "12.00", min_price="9.5")
    await desk.save("GONE", "12.00")
    await desk.save("DROPPED", "30")
    await desk.drop("DROPPED")
    await desk.pass_time(minutes=10)
    await desk.save("HELD", "30", max_price="20")
    await desk.save("BOUNDS", min_price="5")
    await desk.save("=SOON", "10.50")


async def test_a_file_of_all_prices_changes_nothing_when_it_is_loaded(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock, listed=LISTED) as desk:
        await fill(desk)
        before = await desk.rows()
        states = {row.sku: row.state for row in before}
        assert states == {
            "=SOON": "Pending",
            "BOUNDS": "NoChange",
            "DROPPED": "NoChange",
            "GONE": "Error",
            "HELD": "Held",
            MUG: "Success",
            POT: "NoChange",
        }
        text = written(before)
        assert text.splitlines() == [
            HEADING,
            "'=SOON,10.50,none,none,GBP,",
            "BOUNDS,,5.00,none,GBP,",
            "GONE,,none,none,GBP,12.00",
            "HELD,,none,20.00,GBP,30.00",
            "MUG-BLUE,12.00,9.50,none,GBP,",
            "MUG-RED,,none,none,GBP,11.00",
        ]
        assert {each.outcome for each in await loaded(desk, text)} == {"unchanged"}
        assert await desk.rows() == before


async def test_a_file_of_prices_brings_back_what_was_saved_otherwise_meanwhile(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with at_price_desk(tmp_path, clock) as desk:
        await desk.save(MUG, "12.00", min_price="9.5")
        await desk.save(POT, "11.00")
        await desk.pass_time(minutes=10)
        text = written(await desk.rows())
        await desk.save(MUG, "13.00", min_price="", max_price="15")
        await loaded(desk, text)
        await desk.pass_time(minutes=10)
        assert written(await desk.rows()) == text
        assert desk.price() == 1200
