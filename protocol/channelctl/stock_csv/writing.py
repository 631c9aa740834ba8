"""Levels as rows of a CSV that can be read back as it is."""

import csv
from collections.abc import Iterable
from typing import TextIO

from channel_protocol.stock import StockRow
from channelctl.stock_csv.columns import COLUMNS, SHOWN
from channelctl.table_cells import cell

__all__ = ["write_levels"]


def write_levels(stream: TextIO, rows: Iterable[StockRow]) -> int:
    """How many there were. Kits, and what nobody has counted, have no level."""
    table = csv.writer(stream)
    table.writerow([*(column.name for column in COLUMNS), *SHOWN])
    count = 0
    for row in rows:
        if row.physical is not None:
            values = row.sku, row.location, row.physical, row.reserved, row.available
            table.writerow([cell(value) for value in values])
            count += 1
    return count
