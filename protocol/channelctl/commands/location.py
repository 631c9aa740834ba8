"""`channelctl location`: where orders are sent from."""

import click

from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList, LocationRow
from channelctl.arguments import command_id, limit
from channelctl.output import Columns, flat, note, print_json, print_rows
from channelctl.shared import Caller, Noun

COLUMNS: Columns[LocationRow] = {
    "Location": "location",
    "Kind": "kind",
    "Orders of": "channels",
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
