"""Levels as CSV: what is written can be read, and every row that cannot is told why."""

import io

from channel_protocol.stock import StockLevel, StockRow
from channelctl.stock_csv.reading import read_levels
from channelctl.stock_csv.writing import write_levels


def row(sku: str, location: str, physical: int | None, *, kit: bool = False) -> StockRow:
    return StockRow(
        sku=sku, location=location, kit=kit, physical=physical, reserved=1, available=(physical or 0) - 1
    )


def test_what_is_written_is_read_as_it_was() -> None:
    rows = [row("MUG", "Default", 5), row("=A,B", "Höhe; 2", -3), row("00012", "Default", 0)]
    stream = io.StringIO()
    assert write_levels(stream, [*rows, row("SET", "Default", None, kit=True)]) == 3
    levels, refused = read_levels(stream.getvalue())
    assert not refused
    assert [each.level for each in levels] == [
        StockLevel(sku=each.sku, location=each.location, units=each.physical or 0) for each in rows
    ]


def test_each_row_that_is_no_level_is_told_everything_that_is_wrong() -> None:
    text = "sku;location;units\nMUG;Default;5\n;Default;x\nMUG;Default;6\nPOT;;1.5\n1.2E+12;Default;1\nA;B\n"
    levels, refused = read_levels(text)
    assert [(each.row, each.level.units) for each in levels] == [(2, 5)]
    assert [(each.row, each.message) for each in refused] == [
        (3, "sku is missing. units must be a whole number."),
        (4, "Row 2 has the same SKU and location: keep one of them."),
        (5, "location is missing. units must be a whole number."),
        (6, "sku was shortened by a spreadsheet: format the column as text and enter it anew."),
        (7, "It has 2 cells, the first row of the file has 3."),
    ]
