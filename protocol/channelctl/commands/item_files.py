"""`channelctl item import|export`: items as CSV or JSON Lines, however many there are."""

import uuid
from collections.abc import Iterator, Sequence

import click

from channel_protocol.items import ItemList, ItemRow, ItemsSaved, ListItems, SaveItems
from channelctl.item_csv.columns import DESCRIBED
from channelctl.link import Link
from channelctl.shared import Caller, Verb
from channelctl.targets import BY_NAME, form_of, form_option, target, told_written

__all__ = ["export", "import_", "item_rows"]

PAGE = 500
LARGEST = 64
"""MiB of a file."""


@click.command("import", cls=Verb, epilog=DESCRIBED)
@click.argument("source", metavar="FILE|-")
@form_option("by what it looks like")
@click.pass_obj
def import_(caller: Caller, source: str, form: str | None) -> None:
    """Add and change items by a file of CSV or JSON Lines; every row is answered.

    A file that is loaded twice changes nothing the second time. Rows may come in any order: components are
    made before the kits that need them.
    """
    from channelctl.bulk import carry_out  # here, as one item needs none of it
    from channelctl.given_file import read_text
    from channelctl.item_csv.reading import ItemRow as Given
    from channelctl.item_csv.reading import fields_of, read_csv, read_lines
    from channelctl.item_csv.results import RESULT_COLUMNS, ItemResult, answered, result

    text = read_text(source, most=LARGEST, what="a file of items")
    is_lines = form == "jsonl" or (form is None and text.lstrip().startswith("{"))

    def ask(link: Link, rows: Sequence[Given]) -> list[ItemResult]:
        request = SaveItems(command_id=uuid.uuid4().hex, mode="import", rows=fields_of(rows))
        answers = link.request(request, ItemsSaved).answers
        return [answered(row.row, answer) for row, answer in zip(rows, answers, strict=True)]

    read = read_lines(text) if is_lines else read_csv(text)
    carry_out(
        caller,
        read.refused,
        read.rows,
        ask,
        lambda row, told: result(row.row, row.fields.sku, told),
        RESULT_COLUMNS,
    )


@click.command(cls=Verb, epilog=DESCRIBED)
@click.argument("file", metavar="FILE|-")
@click.option("--find", metavar="TEXT", default="", help="Part of SKU, title or barcode.")
@form_option(BY_NAME)
@click.pass_obj
def export(caller: Caller, file: str, find: str, form: str | None) -> None:
    """Write items to a file as CSV or JSON Lines, as `item import` reads it.

    A text that a spreadsheet would take for a formula gets an apostrophe in front in the CSV, which import
    takes away again; JSON Lines have every text as it is.
    """
    from channelctl.item_csv.writing import write_csv, write_lines  # here, as one item needs none of it

    write = write_lines if form_of(caller, form, file) == "jsonl" else write_csv
    with caller.connect() as link, target(file) as stream:
        count = write(stream, item_rows(link, find, None))
    told_written(caller, file, count, "items")


def item_rows(link: Link, find: str, most: int | None) -> Iterator[ItemRow]:
    """Items by SKU, at most so many; one page at a time is in memory."""
    after = ""
    left = most
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = link.request(ListItems(find=find, after=after, limit=size), ItemList)
        yield from page.rows
        if not page.more or not page.rows:
            return
        after = page.rows[-1].sku
        left = None if left is None else left - len(page.rows)
