"""`channelctl item`: the seller's own stock items."""

from collections.abc import Iterable

import click

from channel_protocol.errors import ClientError
from channel_protocol.items import (
    Component,
    ItemFields,
    ItemRow,
    ItemShown,
    ItemsSaved,
    LinkedListing,
    SaveItems,
    ShowItem,
)
from channelctl.arguments import command_id, limit, settings
from channelctl.commands.item_files import export, import_, item_rows
from channelctl.item_csv.components import component
from channelctl.output import Columns, flat, note, print_facts, print_json, print_rows, print_table
from channelctl.shared import Caller, Noun
from channelctl.words import moment

COLUMNS: Columns[ItemRow] = {
    "SKU": "sku",
    "Title": "title",
    "Barcodes": lambda row: " ".join(row.barcodes),
    "Kit of": lambda row: _listed(row.components),
    "Listings": "listings",
}
LISTINGS: Columns[LinkedListing] = {
    "Channel": "channel",
    "SKU": "sku",
    "ASIN": "asin",
    "Title": "title",
    "Presence": "presence",
}
EMPTY = (
    "There is no such item. Add one with `channelctl item add SKU`, or make them of listings with "
    "`channelctl listing extract CHANNEL`."
)


@click.group(cls=Noun)
def command() -> None:
    """Items: your own stock, which listings are linked to."""


command.add_command(import_)
command.add_command(export)


def _fields(function: click.decorators.FC) -> click.decorators.FC:
    """The options of `add` and `set`."""
    for option in (
        click.option(
            "--component", "parts", metavar="SKU=QUANTITY", multiple=True, help="Of a kit; all of them."
        ),
        click.option(
            "--property", "properties", metavar="NAME=VALUE", multiple=True, help="NAME= removes one."
        ),
        click.option("--barcode", "barcodes", metavar="CODE", multiple=True, help="All of them."),
        click.option("--title", metavar="TEXT", help="At most 500 characters."),
    ):
        function = option(function)
    return function


@command.command()
@click.argument("sku")
@_fields
@command_id
@click.pass_obj
def add(
    caller: Caller,
    sku: str,
    title: str | None,
    barcodes: tuple[str, ...],
    properties: tuple[str, ...],
    parts: tuple[str, ...],
    command_id: str,
) -> None:
    """Add an item; listings of the same SKU are linked to it."""
    fields = ItemFields(
        sku=sku,
        title=title,
        barcodes=barcodes or None,
        properties=settings(properties),
        components=_components(parts) or None,
    )
    _save(caller, SaveItems(command_id=command_id, mode="add", rows=(fields,)))


@command.command("set")
@click.argument("sku")
@_fields
@click.option("--no-barcodes", is_flag=True, help="It has none.")
@click.option("--no-components", is_flag=True, help="It is no kit.")
@command_id
@click.pass_obj
def set_(
    caller: Caller,
    sku: str,
    title: str | None,
    barcodes: tuple[str, ...],
    properties: tuple[str, ...],
    parts: tuple[str, ...],
    no_barcodes: bool,
    no_components: bool,
    command_id: str,
) -> None:
    """Change an item; what is not named stays as it is."""
    if (barcodes and no_barcodes) or (parts and no_components):
        raise click.UsageError("Give the ones that it has, or say that it has none.")
    fields = ItemFields(
        sku=sku,
        title=title,
        barcodes=barcodes if barcodes or no_barcodes else None,
        properties=settings(properties),
        components=_components(parts) if parts or no_components else None,
    )
    if fields == ItemFields(sku=sku):
        raise click.UsageError("Nothing to change: give --title, --barcode, --property or --component.")
    _save(caller, SaveItems(command_id=command_id, mode="set", rows=(fields,)))


@command.command("list")
@click.option("--find", metavar="TEXT", default="", help="Part of SKU, title or barcode.")
@limit(100)
@click.pass_obj
def list_(caller: Caller, find: str, limit: int) -> None:
    """List the items by SKU."""
    with caller.connect() as link:
        rows = list(item_rows(link, find, limit))
    print_rows(caller, rows, COLUMNS, EMPTY)


@command.command()
@click.argument("sku")
@click.pass_obj
def show(caller: Caller, sku: str) -> None:
    """Show an item with its properties, its listings and its history."""
    shown = caller.ask(ShowItem(sku=sku), ItemShown)
    if caller.json:
        print_json({**flat(shown), "row": flat(shown.row), "audit": [flat(each) for each in shown.audit]})
        return
    row = shown.row
    print_facts(
        {
            "SKU": row.sku,
            "Title": row.title,
            "Barcodes": " ".join(row.barcodes),
            "Kit of": _listed(row.components),
            "Part of kits": ", ".join(shown.kits),
            "Created": moment(row.created_at),
            "Changed": moment(row.changed_at),
            **row.properties,
        }
    )
    if shown.listings:
        note("")
        print_table(shown.listings, LISTINGS)
    if shown.audit:
        note("")
        print_table(shown.audit, {"Time": "at", "By": "by", "What happened": "text"})


def _save(caller: Caller, request: SaveItems) -> None:
    """Raises `ClientError` with everything that is wrong."""
    answer = caller.ask(request, ItemsSaved).answers[0]
    if answer.problems:
        raise ClientError("invalid", "The item was not saved.", "Correct what is listed.", answer.problems)
    if caller.json:
        print_json(flat(answer))
        return
    note(f"Item {answer.sku} is {answer.outcome}.")
    if answer.linked:
        note(f"{answer.linked:,} {'listing' if answer.linked == 1 else 'listings'} of that SKU linked to it.")


def _components(parts: Iterable[str]) -> tuple[Component, ...]:
    try:
        return tuple(component(part) for part in parts)
    except ValueError as error:
        raise click.UsageError(f"A component {error}.") from None


def _listed(parts: Iterable[Component]) -> str:
    return ", ".join(f"{part.quantity} × {part.sku}" for part in parts)
