"""`channelctl mapping`: a channel's words for payment and shipping, and yours (semantics I14, I15)."""

import click

from channel_protocol.mappings import (
    ListMappings,
    MappingChanged,
    MappingList,
    MappingRemoved,
    MappingRow,
    RemoveMapping,
    SetMapping,
)
from channelctl.arguments import command_id, limit
from channelctl.output import Columns, flat, note, print_json, print_rows
from channelctl.shared import Caller, Noun

KINDS = {"payment": "Payment methods: Amazon's word to yours.", "shipping": "Shipping services: Amazon's to yours."}
COLUMNS: Columns[MappingRow] = {
    "Channel": "channel",
    "Channel's word": "tag",
    "Yours": lambda row: row.target or "(not mapped)",
    "Orders": "orders",
    "Stored with the default": "unmapped",
}
EMPTY = (
    "No {kind} word was met or mapped yet. Words appear with the first orders; "
    "map one beforehand with `channelctl mapping {kind} set CHANNEL WORD YOURS`."
)


@click.group(cls=Noun)
def command() -> None:
    """Mapping of payment methods and shipping services."""


def _group(kind: str, help_text: str) -> click.Group:
    group = Noun(kind, help=help_text)

    @group.command("list")
    @click.option("--channel", metavar="NAME", help="Only of this channel.")
    @limit(1000)
    @click.pass_obj
    def list_(caller: Caller, channel: str | None, limit: int) -> None:  # pyright: ignore[reportUnusedFunction] (click keeps it)
        """List the words that are mapped, and those met on orders."""
        rows = caller.ask(ListMappings(kind=kind, channel=channel, limit=limit), MappingList).rows
        print_rows(caller, rows, COLUMNS, EMPTY.format(kind=kind))
