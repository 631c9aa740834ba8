"""`channelctl stock import|export`: levels as CSV, however many there are."""

import uuid
from collections.abc import Iterator, Sequence

import click

from channel_protocol.stock import ListStock, SaveStock, StockList, StockRow, StockSaved
from channelctl.link import Link
from channelctl.shared import Caller, Verb
from channelctl.stock_csv.columns import DESCRIBED
from channelctl.targets import target, told_written

__all__ = ["export", "import_", "stock_rows"]

PAGE = 500
LARGEST = 64
"""MiB of a file."""


@click.command("import", cls=Verb, epilog=DESCRIBED)
@click.argument("source", metavar="FILE|-")
@click.option("--reason", metavar="TEXT", default="", help="Shown in the log of every level that changes.")
@click.pass_obj
def import_(caller: Caller, source: str, reason: str) -> None:
    """Set levels by a file of CSV; every row is answered."""
    from channelctl.bulk import carry_out  # here, as one level needs none of it
    from channelctl.given_file import read_text
    from channelctl.stock_csv.reading import LevelRow, read_levels
    from channelctl.stock_csv.results import RESULT_COLUMNS, StockResult, answered, result

    def ask(link: Link, rows: Sequence[LevelRow]) -> list[StockResult]:
        levels = tuple(row.level for row in rows)
        request = SaveStock(command_id=uuid.uuid4().hex, mode="import", rows=levels, reason=reason)
        answers = link.request(request, StockSaved).answers
        return [
            answered(row.row, row.level.sku, row.level.location, answer)
            for row, answer in zip(rows, answers, strict=True)
        ]

    wishes, refused = read_levels(read_text(source, most=LARGEST, what="a file of levels"))
    carry_out(
        caller,
        refused,
        wishes,
        ask,
        lambda row, told: result(row.row, row.level.sku, row.level.location, told),
        RESULT_COLUMNS,
    )


@click.command(cls=Verb, epilog=DESCRIBED)
@click.argument("file", metavar="FILE|-")
@click.option("--location", metavar="NAME", default="", help="Only there.")
@click.pass_obj
def export(caller: Caller, file: str, location: str) -> None:
    """Write the levels to a file as CSV, as `stock import` reads it."""
    from channelctl.stock_csv.writing import write_levels  # here, as one level needs none of it

    with caller.connect() as link, target(file) as stream:
        count = write_levels(stream, stock_rows(link, ListStock(location=location)))
    told_written(caller, file, count, "levels")


def stock_rows(link: Link, asked: ListStock) -> Iterator[StockRow]:
    """All rows by SKU; one page at a time is in memory."""
    after = ""
    while True:
        wish = ListStock(sku=asked.sku, location=asked.location, below=asked.below, after=after, limit=PAGE)
        page = link.request(wish, StockList)
        yield from page.rows
        if not page.more:
            return
        after = page.after
