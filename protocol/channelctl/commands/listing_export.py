"""`channelctl listing export`: listings, or their limits, as CSV or JSON Lines, however many there are."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

import click
import msgspec

from channel_protocol.listings import ListingList, ListingRow, ListListings
from channelctl.commands.listing_limits import limits_rows
from channelctl.item_csv.links import EXPORTED
from channelctl.link import Link
from channelctl.output import flat
from channelctl.shared import Caller, Verb
from channelctl.table_cells import cell
from channelctl.targets import BY_NAME, form_of, form_option, target, told_written
from channelctl.words import amount

__all__ = ["export"]

PAGE = 500


COLUMNS = {
    "channel": "your channel",
    "sku": "the listing's SKU",
    "item": "SKU of the item it is linked to",
    **EXPORTED,
}
"""Fields of a row, and what they mean."""
_described = "\n".join(f"  {name:<13} {meaning}" for name, meaning in COLUMNS.items())
EPILOG = f"""\b
Columns of the CSV:
{_described}

`listing link --from` takes the file once you have filled in the column item; rows that you have not decided
about may stay as they are. A text that a spreadsheet would take for a formula gets an
apostrophe in front in the CSV; JSON Lines have every text as it is.

With --limits the columns are those of `listing import`, which takes the CSV as it is.
"""


@click.command(cls=Verb, epilog=EPILOG)
@click.argument("channel")
@click.argument("file", metavar="FILE|-")
@click.option(
    "--link",
    "standing",
    type=click.Choice(("linked", "unlinked", "suggested")),
    help="Only those that stand so.",
)
@click.option("--limits", "is_limits", is_flag=True, help="What is set for single listings, instead.")
@form_option(BY_NAME)
@click.pass_obj
def export(
    caller: Caller, channel: str, file: str, standing: str | None, is_limits: bool, form: str | None
) -> None:
    """Write a channel's listings to a file as CSV or JSON Lines.

    With --limits: only those that have limits or Ignore Sync of their own, as `listing import` takes them.
    """
    if is_limits and standing:
        raise click.UsageError("Give --link or --limits, not both.")
    as_lines = form_of(caller, form, file) == "jsonl"
    write = _limits if is_limits else _listings
    with caller.connect() as link, target(file) as stream:
        count = write(stream, link, channel, standing, as_lines=as_lines)
    told_written(caller, file, count, "listings")


def _limits(stream: TextIO, link: Link, channel: str, _: str | None, *, as_lines: bool) -> int:
    from channelctl.limits_csv.writing import write_limits  # here, as listings need none of it

    rows = limits_rows(link, channel)
    return _lines(stream, map(flat, rows)) if as_lines else write_limits(stream, rows)


def _listings(stream: TextIO, link: Link, channel: str, standing: str | None, *, as_lines: bool) -> int:
    rows = _rows(link, channel, standing)
    return _lines(stream, map(_document, rows)) if as_lines else _csv(stream, rows)


def _rows(link: Link, channel: str, standing: str | None) -> Iterator[ListingRow]:
    """One page at a time is in memory."""
    after = ""
    while True:
        request = ListListings(channel=channel, link=standing, after=after, limit=PAGE)
        page = link.request(request, ListingList)
        yield from page.rows
        if not page.more or not page.rows:
            return
        after = page.rows[-1].key


def _csv(stream: TextIO, rows: Iterator[ListingRow]) -> int:
    table = csv.writer(stream)
    table.writerow(COLUMNS)
    count = 0
    for row in rows:
        table.writerow([_price(row) if name == "price" else cell(getattr(row, name)) for name in COLUMNS])
        count += 1
    return count


def _document(row: ListingRow) -> dict[str, Any]:
    return flat(row) | {"price": _price(row) or None}


def _lines(stream: TextIO, documents: Iterable[dict[str, Any]]) -> int:
    encode = msgspec.json.Encoder().encode
    count = 0
    for document in documents:
        stream.write(encode(document).decode() + "\n")
        count += 1
    return count


def _price(row: ListingRow) -> str:
    """A decimal; empty when there is none."""
    return amount(row.price, row.currency)
