"""Items as rows of a CSV, or as JSON Lines; both can be read back as they are."""

import csv
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import TextIO

import msgspec

from channel_protocol.items import ItemRow
from channelctl.item_csv.columns import COLUMNS, PROPERTY
from channelctl.item_csv.components import written
from channelctl.output import flat
from channelctl.table_cells import cell

__all__ = ["write_csv", "write_lines"]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ItemRow).decode


def write_lines(stream: TextIO, rows: Iterable[ItemRow]) -> int:
    """How many there were."""
    count = 0
    for row in rows:
        stream.write(_encode(flat(row)).decode() + "\n")
        count += 1
    return count


def write_csv(stream: TextIO, rows: Iterable[ItemRow]) -> int:
    """How many there were. Which properties there are is known only after the last one: they wait on disk."""
    with TemporaryFile() as waiting:
        names: dict[str, None] = {}
        count = 0
        for row in rows:
            waiting.write(_encode(row) + b"\n")
            names |= dict.fromkeys(row.properties)
            count += 1
        waiting.seek(0)
        table = csv.writer(stream)
        table.writerow(
            [*(column.name for column in COLUMNS), *(cell(PROPERTY + name) for name in sorted(names))]
        )
        table.writerows(_cells((_decode(line) for line in waiting), sorted(names)))
    return count


def _cells(rows: Iterable[ItemRow], names: list[str]) -> Iterator[list[str]]:
    for row in rows:
        values = row.sku, row.title, " ".join(row.barcodes), written(row.components)
        yield [cell(value) for value in (*values, *(row.properties.get(name, "") for name in names))]
