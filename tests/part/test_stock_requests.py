"""Levels are set by hand and by files: every row is answered, the log tells of each change, nothing twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from channel_protocol.stock import ListStock, ShowStock, StockList, StockSaved
from channeld.book.retention import forget_old
from channeld.commands.locations import add_location
from channeld.store.unit import Unit
from tests.support.book_office import READER
from tests.support.domain_orders import DAY
from tests.support.item_desk import fields, kit
from tests.support.stock_desk import StockDesk, at_stock_desk, level


async def stocked(desk: StockDesk) -> None:
    """A mug, a pot and a kit of both; a second location."""
    await desk.shop.command(lambda unit, asked: add_location(unit, asked, "Attic"))
    await desk.items(fields("MUG"), fields("POT"), kit("SET", "MUG", "POT"))


async def test_a_level_is_set_and_changed_and_each_change_is_logged(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        first, second = await desk.count(level("MUG", 5), level("MUG", 7, "Attic"), reason="counted")
        assert (first.outcome, first.before, first.after) == ("changed", None, 5)
        assert (second.outcome, second.before, second.after) == ("changed", None, 7)
        (same,) = await desk.count(level("MUG", 5))
        assert (same.outcome, same.before, same.after) == ("unchanged", 5, 5)
        (less,) = await desk.count(level("MUG", -8), mode="add", reason="broken")
        assert (less.before, less.after) == (5, -3)
        assert await desk.log("MUG") == [
            "ann: set counted None → 5",
            "ann: set counted None → 7",
            "ann: adjusted broken 5 → -3",
        ]
        assert await desk.standing("MUG", "Attic") == (7, 0, 7)
        assert not [text for text in await desk.shop.texts() if "counted" in text], "no audit entry each"


@pytest.mark.parametrize(
    ("row", "mode", "reason", "key", "says"),
    [
        (level("MUGG", 1), "set", "", "sku", "is no item"),
        (level("SET", 1), "set", "", "sku", "is a kit: count its components"),
        (level("MUG", 1, "Attik"), "set", "", "location", "is not known"),
        (level("MUG", 1, "FBA UK"), "set", "", "location", "is Amazon's: what lies there is Amazon's count"),
        (level("MUG", -1), "set", "", "units", "must be from 0 to 999,999,999"),
        (level("MUG", 10**9), "add", "", "units", "must be from -999,999,999 to 999,999,999"),
        (level("MUG", 1), "add", "", "units", "cannot be added, as nobody has counted it there"),
        (level("MUG", 1), "set", "x" * 201, "reason", "must be at most 200 characters on one line"),
        (level("MUG", 1), "set", "a\nb", "reason", "must be at most 200 characters on one line"),
    ],
)
async def test_what_cannot_be_is_refused_whole(
    tmp_path: Path, row: Any, mode: Any, reason: str, key: str, says: str
) -> None:
    async with at_stock_desk(tmp_path, fba_enabled="on") as desk:
        await stocked(desk)
        asked = desk.saving(level("POT", 3), row, mode=mode, reason=reason)
        refused = await desk.office.refused(asked)
        assert (key, says) in [(problem.key, problem.message) for problem in refused.problems]
        assert await desk.standing("POT") == (None, 0, None), "nothing of it was done"


async def test_of_an_import_each_row_is_answered_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        rows = [level("MUG", 5), level("MUGG", 5), level("POT", -2, "Atic"), level("POT", 1)]
        answers = await desk.count(*rows, mode="import")
        assert [each.outcome for each in answers] == ["changed", "refused", "refused", "changed"]
        assert [(each.key, each.nearest) for each in answers[1].problems] == [("sku", "MUG")]
        assert [each.key for each in answers[2].problems] == ["location", "units"]
        before = await desk.log("MUG"), await desk.log("POT")
        assert [each.outcome for each in await desk.count(*rows, mode="import")] == [
            "unchanged",
            "refused",
            "refused",
            "unchanged",
        ]
        assert (await desk.log("MUG"), await desk.log("POT")) == before


async def test_a_sum_beyond_the_highest_level_is_refused_whole(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.count(level("MUG", 999_999_990))
        for units in (10, 999_999_999):
            refused = await desk.office.refused(desk.saving(level("MUG", units), mode="add"))
            (problem,) = refused.problems
            assert problem.key == "units" and "a level may reach 999,999,999" in problem.message
        (most,) = await desk.count(level("MUG", 9), mode="add")
        assert most.after == 999_999_999


async def test_a_level_below_zero_is_read_back_as_it_was_exported(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.count(level("MUG", 1))
        await desk.count(level("MUG", -3), mode="add")
        same, other = await desk.count(level("MUG", -2), level("MUG", -1), mode="import")
        assert (same.outcome, other.outcome) == ("unchanged", "refused")


async def test_a_repeated_command_changes_nothing_more(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.count(level("MUG", 5))
        asked = desk.saving(level("MUG", 2), mode="add")
        first = await desk.office.ask(asked, StockSaved)
        assert await desk.office.ask(asked, StockSaved) == first
        assert await desk.standing("MUG") == (7, 0, 7)


async def test_a_list_is_by_sku_and_comes_in_pages(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.count(level("MUG", 5), level("MUG", 2, "Attic"), level("POT", 3))
        rows = await desk.listed()
        assert [(row.sku, row.location, row.physical, row.available) for row in rows] == [
            ("MUG", "Default", 5, 5),
            ("MUG", "Attic", 2, 2),
            ("POT", "Default", 3, 3),
            ("SET", "Default", None, 3),
            ("SET", "Attic", None, None),
        ]
        assert [row.sku for row in await desk.listed(below=3)] == ["MUG"]
        assert [row.sku for row in await desk.listed(location="Attic")] == ["MUG", "SET"]
        assert [row.sku for row in await desk.listed(sku="POT")] == ["POT"]
        seen: list[str] = []
        after, more = "", True
        while more:
            page = await desk.office.ask(ListStock(after=after, limit=1), StockList, READER)
            seen += [row.sku for row in page.rows]
            after, more = page.after, page.more
        assert seen == [row.sku for row in rows]
        unknown = await desk.office.refused(ListStock(location="Atttic"))
        assert (unknown.code, unknown.problems[0].nearest) == ("unknown_location", "Attic")
        assert (await desk.office.refused(ShowStock(sku="MUGG"))).code == "unknown_item"


async def test_the_log_comes_in_pages_and_is_kept_for_ninety_days(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        for units in (1, 2, 3):
            await desk.count(level("MUG", units))
            desk.shop.clock.jump(timedelta(days=40).total_seconds())
        first = await desk.shown("MUG", limit=2)
        assert ([each.after for each in first.changes], first.more) == ([3, 2], True)
        second = await desk.shown("MUG", limit=2, before=first.changes[-1].id)
        assert ([each.after for each in second.changes], second.more) == ([1], False)

        async def kept() -> list[int]:
            await desk.shop.store.write(lambda unit: forget_old(unit, desk.shop.now))
            return [each.after for each in (await desk.shown("MUG")).changes]

        assert await kept() == [3, 2, 1], "90 days are counted from the newest"
        await desk.count(level("MUG", 4))
        assert await kept() == [4, 3, 2]
        assert await desk.standing("MUG") == (4, 0, 4)
        desk.shop.clock.jump((200 * DAY).total_seconds())
        assert await kept() == [4, 3, 2]


@pytest.mark.parametrize("statement", ["UPDATE stock_changes SET after = 9", "DELETE FROM stock_changes"])
async def test_the_log_is_never_changed(tmp_path: Path, statement: str) -> None:
    def tamper(unit: Unit) -> None:
        unit.connection.exec_driver_sql(statement)

    async with at_stock_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.count(level("MUG", 1))
        with pytest.raises(IntegrityError, match="append-only"):
            await desk.shop.store.write(tamper)
        assert await desk.log("MUG") == ["ann: set None → 1"]
