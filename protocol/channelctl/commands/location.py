"""`channelctl location`: where orders are sent from, and from where channels offer stock."""

import csv
from collections.abc import Sequence
from io import StringIO

import click

from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList, LocationRow
from channelctl.arguments import command_id, limit, yes
from channelctl.changing import change_settings, preview_settings
from channelctl.output import Columns, flat, note, print_json, print_rows
from channelctl.shared import Caller, Noun

COLUMNS: Columns[LocationRow] = {
    "Location": "location",
    "Kind": "kind",
    "Orders of": "channels",
    "Offered by": "offered_by",
    "Orders": "orders",
    "Open": "open_orders",
}
EMPTY = "There is no location. Add one with `channelctl location add NAME`."


@click.group(cls=Noun)
def command() -> None:
    """Locations: where orders are sent from."""


@command.command("list")
@limit(1000)
@click.pass_obj
def list_(caller: Caller, limit: int) -> None:
    """List the locations."""
    print_rows(caller, caller.ask(ListLocations(limit=limit), LocationList).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("location", metavar="NAME")
@command_id
@click.pass_obj
def add(caller: Caller, location: str, command_id: str) -> None:
    """Add a location of your own."""
    row = caller.ask(AddLocation(command_id=command_id, location=location), LocationAdded).row
    if caller.json:
        print_json(flat(row))
    else:
        note(f"Location {row.location} is added. Next: `channelctl channel set NAME order_location=…`.")


@command.command("map")
@click.argument("channel")
@click.argument("locations", metavar="[LOCATION]...", nargs=-1)
@click.option("--none", "is_none", is_flag=True, help="From no location: no stock level is sent.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and change nothing.")
@yes
@command_id
@click.pass_obj
def map_(
    caller: Caller,
    channel: str,
    locations: tuple[str, ...],
    is_none: bool,
    dry_run: bool,
    yes: bool,
    command_id: str,
) -> None:
    """Choose the locations whose stock a channel offers.

    These and no others: what can be sold from them is added up. It is the setting inventory_locations; where
    orders are saved is another one, order_location.
    """
    if bool(locations) == is_none:
        raise click.UsageError("Name the locations, or say --none.")
    values = {"inventory_locations": _written(locations)}
    if dry_run:
        preview_settings(caller, channel, values)
    else:
        change_settings(caller, channel, values, yes=yes, command_id=command_id)


def _written(names: Sequence[str]) -> str:
    """Names with commas between, those with a comma of their own in quotes."""
    written = StringIO()
    csv.writer(written, lineterminator="").writerow(names)
    return written.getvalue()
