"""Limits of listings as rows of a CSV that can be read back as it is."""

import csv
from collections.abc import Iterable
from typing import TextIO

from channel_protocol.limits import ListingLimitsRow
from channelctl.limits_csv.columns import COLUMNS, ZERO
from channelctl.table_cells import cell

__all__ = ["write_limits"]


def write_limits(stream: TextIO, rows: Iterable[ListingLimitsRow]) -> int:
    """How many there were."""
    table = csv.writer(stream)
    table.writerow(column.name for column in COLUMNS)
    count = 0
    for row in rows:
        end_when = ZERO if row.end_when == "0" else row.end_when
        values = row.sku, end_when, row.stock_percentage, row.max_listed, row.ignore_sync
        table.writerow([cell(value) for value in values])
        count += 1
    return count
