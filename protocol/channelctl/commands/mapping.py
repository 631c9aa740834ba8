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
from channelctl.shared import Caller, Noun, Verb

KINDS = {
    "payment": "Payment methods: Amazon's word to yours.",
    "shipping": "Shipping services: Amazon's to yours.",
}
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


@click.command("list", cls=Verb)
@click.option("--channel", metavar="NAME", help="Only of this channel.")
@limit(1000)
@click.pass_context
def list_(context: click.Context, channel: str | None, limit: int) -> None:
    """List the words that are mapped, and those met on orders."""
    caller, kind = context.ensure_object(Caller), _kind(context)
    rows = caller.ask(ListMappings(kind=kind, channel=channel, limit=limit), MappingList).rows
    print_rows(caller, rows, COLUMNS, EMPTY.format(kind=kind))


@click.command("set", cls=Verb)
@click.argument("channel")
@click.argument("word")
@click.argument("yours")
@command_id
@click.pass_context
def set_(context: click.Context, channel: str, word: str, yours: str, command_id: str) -> None:
    """Map WORD to YOURS. Orders downloaded afterwards follow it; earlier ones stay as they are."""
    caller = context.ensure_object(Caller)
    request = SetMapping(command_id=command_id, kind=_kind(context), channel=channel, tag=word, target=yours)
    row = caller.ask(request, MappingChanged).row
    if caller.json:
        print_json(flat(row))
    else:
        note(f"{row.channel}: {row.tag} is now {row.target}. Orders downloaded from now on follow it.")


@click.command(cls=Verb)
@click.argument("channel")
@click.argument("word")
@command_id
@click.pass_context
def remove(context: click.Context, channel: str, word: str, command_id: str) -> None:
    """Forget the mapping of WORD; orders downloaded afterwards get the default."""
    caller = context.ensure_object(Caller)
    request = RemoveMapping(command_id=command_id, kind=_kind(context), channel=channel, tag=word)
    removed = caller.ask(request, MappingRemoved)
    if caller.json:
        print_json(flat(removed))
    else:
        note(f"{removed.channel}: {removed.tag} is no longer mapped.")


def _kind(context: click.Context) -> str:
    """The noun before the verb: `payment` or `shipping`."""
    parent = context.parent
    return (parent and parent.command.name) or ""


for name, text in KINDS.items():
    command.add_command(Noun(name, help=text, commands=[list_, set_, remove]))
