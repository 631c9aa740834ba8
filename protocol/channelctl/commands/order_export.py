"""`channelctl order export`: the book as CSV or JSON Lines, page by page, however large it is."""

import csv
import sys
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click
import msgspec

from channel_protocol.order_export import (
    ExportedOrder,
    ExportOrders,
    ExportPersonalOrders,
    OrderChoice,
    OrderPage,
)
from channelctl.arguments import instant, output
from channelctl.exported import COLUMNS, OTHER, PERSONAL, document, headings, rows
from channelctl.link import Link
from channelctl.output import note, print_json
from channelctl.shared import Caller, Verb
from channelctl.states import STATES
from channelctl.written import written

__all__ = ["export"]

TIME = "%Y-%m-%dT%H:%M:%SZ"
Write = Callable[[ExportedOrder], object]

_described = "\n".join(f"  {column.name:<17} {column.meaning}" for column in COLUMNS)
_personal = "\n".join(f"  {name}" for name in (*PERSONAL, OTHER))
EPILOG = f"""\b
Columns of the CSV, a row for each line of an order:
{_described}
With --with-personal-data also:
{_personal}

A text that a spreadsheet would take for a formula gets an apostrophe in front in the CSV; JSON Lines have
every text as it is, and one order a line with its lines as `items`.
"""


def _instant(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    return instant(value) if value else None


@click.command(cls=Verb, epilog=EPILOG)
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@click.option("--since", metavar="DATE", callback=_instant, help="Only orders bought then or later.")
@click.option("--until", metavar="DATE", callback=_instant, help="Only orders bought before then.")
@click.option("--state", type=click.Choice(STATES), help="Only in this state.")
@click.option(
    "--format", "form", type=click.Choice(("csv", "jsonl")), help="[default: csv; jsonl with --json]"
)
@output("Write FILE, which is there only when it is complete.")
@click.option(
    "--with-personal-data", is_flag=True, help="Also the buyers' data. Audited; FILE is yours alone."
)
@click.pass_obj
def export(
    caller: Caller,
    channel: str | None,
    since: datetime | None,
    until: datetime | None,
    state: str | None,
    form: str | None,
    output: str | None,
    with_personal_data: bool,
) -> None:
    """Write the orders of the book as CSV or JSON Lines.

    Every order that is in the book at the start is there exactly once, as they came in. Amounts are decimals,
    times are ISO 8601 in UTC. Nothing personal is in it unless you ask for it.
    """
    if since and until and since > until:
        raise click.UsageError(f"--since ({since:{TIME}}) is later than --until ({until:{TIME}}).")
    choice = OrderChoice(channel=channel, state=state, since=since, until=until)
    form = form or ("jsonl" if caller.json else "csv")
    with caller.connect() as link, _target(output, private=with_personal_data) as stream:
        write: Write | None = None
        count = 0
        for page in _pages(link, choice, personal=with_personal_data):
            write = write or _writer(
                stream, form, personal=with_personal_data
            )  # nothing before it is granted
            for order in page.orders:
                write(order)
            count += len(page.orders)
    if output and caller.json:
        print_json({"orders": count, "output": output})
    elif output:
        note(f"{count:,} {'order is' if count == 1 else 'orders are'} written to {output}.")


def _pages(link: Link, choice: OrderChoice, *, personal: bool) -> Iterator[OrderPage]:
    """One at a time is in memory."""
    after: str | None = None
    while True:
        request = (
            ExportPersonalOrders(command_id=uuid.uuid4().hex, choice=choice, after=after)
            if personal
            else ExportOrders(choice=choice, after=after)
        )
        page = link.request(request, OrderPage)
        yield page
        after = page.next
        if after is None:
            return


@contextmanager
def _target(output: str | None, *, private: bool) -> Generator[TextIO]:
    if output:
        with written(Path(output), private=private) as stream:
            yield stream
    else:
        yield sys.stdout
        sys.stdout.flush()


def _writer(stream: TextIO, form: str, *, personal: bool) -> Write:
    if form == "jsonl":
        encode = msgspec.json.Encoder().encode
        return lambda order: stream.write(encode(document(order)).decode() + "\n")
    table = csv.writer(stream)
    table.writerow(headings(personal=personal))
    return lambda order: table.writerows(rows(order))
