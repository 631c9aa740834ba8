"""`channelctl stock`: what lies where, what orders reserve of it, and what Amazon is told."""

import re
from collections.abc import Iterable
from itertools import islice

import click

from channel_protocol.stock import (
    ListStock,
    SaveStock,
    ShowStock,
    StockChangeRow,
    StockLevel,
    StockReservation,
    StockRow,
    StockSaved,
    StockShown,
)
from channelctl.arguments import command_id, limit
from channelctl.commands.stock_files import export, import_, stock_rows
from channelctl.commands.stock_offers import explain, offers, push
from channelctl.output import Columns, flat, note, print_json, print_rows, print_table
from channelctl.shared import Caller, Noun

UNITS = re.compile(r"[+-]?[0-9]{1,9}")
COLUMNS: Columns[StockRow] = {
    "SKU": "sku",
    "Location": "location",
    "Physical": lambda row: "kit" if row.kit else row.physical,
    "Reserved": "reserved",
    "Available": "available",
}
LOG: Columns[StockChangeRow] = {
    "Time": "at",
    "By": "by",
    "Location": "location",
    "Before": "before",
    "After": "after",
    "Cause": "cause",
    "Reference": "reference",
}
ORDERS: Columns[StockReservation] = {
    "Order": "order_id",
    "Channel": "channel",
    "Location": "location",
    "State": "state",
    "Units": "units",
}
EMPTY = "Nothing is counted that fits. Say what you have with `channelctl stock set SKU LOCATION=UNITS`."


@click.group(cls=Noun)
def command() -> None:
    """Stock: how much of each item lies where, and what Amazon is told of it."""


for verb in (import_, export, offers, explain, push):
    command.add_command(verb)


@command.command("set")
@click.argument("sku")
@click.argument("levels", metavar="LOCATION=UNITS...", nargs=-1, required=True)
@click.option("--by", "is_relative", is_flag=True, help="So many more or fewer: LOCATION=+5, LOCATION=-3.")
@click.option("--reason", metavar="TEXT", default="", help="Shown in the log.")
@command_id
@click.pass_obj
def set_(
    caller: Caller, sku: str, levels: tuple[str, ...], is_relative: bool, reason: str, command_id: str
) -> None:
    """Say how many units of an item lie at a location, or at several.

    Units that have left with orders are taken off by themselves: give what lies there now.
    """
    rows = _levels(sku, levels, is_relative=is_relative)
    mode = "add" if is_relative else "set"
    request = SaveStock(command_id=command_id, mode=mode, rows=rows, reason=reason)
    answers = caller.ask(request, StockSaved).answers
    if caller.json:
        print_json(
            [{"location": row.location, **flat(each)} for row, each in zip(rows, answers, strict=True)]
        )
        return
    for row, answer in zip(rows, answers, strict=True):
        before = "not counted" if answer.before is None else f"{answer.before:,}"
        change = f"{before} → {answer.after:,}" if answer.outcome == "changed" else f"{before}, as it was"
        note(f"{sku} at {row.location}: {change}.")


@command.command("list")
@click.option("--sku", metavar="SKU", default="", help="Only that item.")
@click.option("--location", metavar="NAME", default="", help="Only there.")
@click.option("--below", metavar="N", type=int, help="Only where less than that is available.")
@limit(100)
@click.pass_obj
def list_(caller: Caller, sku: str, location: str, below: int | None, limit: int) -> None:
    """List what lies where, what orders reserve of it, and what is available.

    Of a kit it is how many can be built of its components.
    """
    with caller.connect() as link:
        wish = ListStock(sku=sku, location=location, below=below)
        rows = list(islice(stock_rows(link, wish), limit))
    print_rows(caller, rows, COLUMNS, EMPTY)


@command.command()
@click.argument("sku")
@click.option("--before", metavar="ID", type=int, help="Only older entries of the log (ids: --json).")
@limit(100)
@click.pass_obj
def show(caller: Caller, sku: str, before: int | None, limit: int) -> None:
    """Show the stock of an item, the orders that reserve it, and the log of its changes."""
    shown = caller.ask(ShowStock(sku=sku, before=before, limit=limit), StockShown)
    if caller.json:
        lists = {name: [flat(each) for each in getattr(shown, name)] for name in ("rows", "reservations")}
        print_json({**flat(shown), **lists, "changes": [flat(each) for each in shown.changes]})
        return
    if shown.rows:
        print_table(shown.rows, COLUMNS)
    else:
        note(EMPTY)
    if shown.reservations:
        note("")
        print_table(shown.reservations, ORDERS)
        if (others := shown.orders - len(shown.reservations)) > 0:
            note(f"{others:,} more reserve it; --limit shows more.")
    if shown.changes:
        note("")
        print_table(shown.changes, LOG)
        if shown.more:
            note(f"The log has older ones: --before {shown.changes[-1].id}.")


def _levels(sku: str, words: Iterable[str], *, is_relative: bool) -> tuple[StockLevel, ...]:
    """Raises `click.UsageError`."""
    found: dict[str, StockLevel] = {}
    for position, text in enumerate(words, 1):
        location, separator, units = text.rpartition("=")
        if not (separator and location and UNITS.fullmatch(units)):
            raise click.UsageError(f"Level number {position} is not of the form LOCATION=UNITS.")
        if not is_relative and units[0] in "+-":
            raise click.UsageError(f"Level number {position} has a sign: more or fewer are said with --by.")
        if location in found:
            raise click.UsageError(f"{location} is given twice.")
        found[location] = StockLevel(sku=sku, location=location, units=int(units))
    return tuple(found.values())
