"""`channelctl mapping`: words for payment and shipping, the channel's and yours (semantics I14, I15)."""

from typing import NamedTuple

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


class Mapping(NamedTuple):
    """One kind of mapping, in words."""

    kind: str
    help: str
    given: str
    """What is mapped: the argument, and the column's heading."""
    to: str
    """What it is mapped to."""
    lists: str
    sets: str
    removes: str
    follows: str
    """Said when a word was mapped."""
    empty: str


LISTS = "List the words that are mapped, and those met on orders."
SETS = "Map WORD to YOURS. Orders downloaded afterwards follow it; earlier ones stay as they are."
REMOVES = "Forget the mapping of WORD; orders downloaded afterwards get the default."
FOLLOWS = "Orders downloaded from now on follow it."
EMPTY = (
    "No {kind} word was met or mapped yet. Words appear with the first orders; "
    "map one beforehand with `channelctl mapping {kind} set CHANNEL WORD YOURS`."
)


def _inbound(kind: str, text: str) -> Mapping:
    return Mapping(
        kind, text, "Channel's word", "Yours", LISTS, SETS, REMOVES, FOLLOWS, EMPTY.format(kind=kind)
    )


MAPPINGS = (
    _inbound("payment", "Payment methods: Amazon's word to yours."),
    _inbound("shipping", "Shipping services: Amazon's to yours."),
    Mapping(
        kind="despatch",
        help="Shipping services in despatch notes: yours to Amazon's carrier and method.",
        given="Your service",
        to="Carrier / method",
        lists="List the services that are mapped to a carrier and method of Amazon's.",
        sets=(
            "Map your SERVICE to a carrier and method of Amazon's. They are written as CARRIER / METHOD, "
            "such as Royal Mail / Tracked 24; the method may be left out, and Other: NAME stands for a "
            "carrier that Amazon does not know. Parcels processed afterwards follow it."
        ),
        removes="Forget the mapping of SERVICE; parcels processed afterwards need a carrier.",
        follows="Parcels processed from now on follow it.",
        empty=(
            "No service is mapped yet: a parcel needs a carrier. "
            'Map one with `channelctl mapping despatch set CHANNEL SERVICE "CARRIER / METHOD"`.'
        ),
    ),
)


@click.group(cls=Noun)
def command() -> None:
    """Mapping of payment methods and shipping services, and of services to Amazon's carriers."""


def _list(mapping: Mapping) -> click.Command:
    columns: Columns[MappingRow] = {
        "Channel": "channel",
        mapping.given: "tag",
        mapping.to: lambda row: row.target or "(not mapped)",
        "Orders": "orders",
        "Stored with the default": lambda row: row.unmapped if mapping.kind != "despatch" else "",
    }

    @click.command("list", cls=Verb, help=mapping.lists)
    @click.option("--channel", metavar="NAME", help="Only of this channel.")
    @limit(1000)
    @click.pass_obj
    def list_(caller: Caller, channel: str | None, limit: int) -> None:
        rows = caller.ask(ListMappings(kind=mapping.kind, channel=channel, limit=limit), MappingList).rows
        print_rows(caller, rows, columns, mapping.empty)

    return list_


def _set(mapping: Mapping) -> click.Command:
    outbound = mapping.kind == "despatch"

    @click.command("set", cls=Verb, help=mapping.sets)
    @click.argument("channel")
    @click.argument("word", metavar="SERVICE" if outbound else "WORD")
    @click.argument("yours", metavar='"CARRIER / METHOD"' if outbound else "YOURS")
    @command_id
    @click.pass_obj
    def set_(caller: Caller, channel: str, word: str, yours: str, command_id: str) -> None:
        request = SetMapping(
            command_id=command_id, kind=mapping.kind, channel=channel, tag=word, target=yours
        )
        changed = caller.ask(request, MappingChanged)
        row = changed.row
        if caller.json:
            print_json(flat(row) | ({"note": changed.note} if outbound else {}))
            return
        note(f"{row.channel}: {row.tag} is now {row.target}. {mapping.follows}")
        if changed.note:
            note(changed.note)

    return set_


def _remove(mapping: Mapping) -> click.Command:
    @click.command("remove", cls=Verb, help=mapping.removes)
    @click.argument("channel")
    @click.argument("word", metavar="SERVICE" if mapping.kind == "despatch" else "WORD")
    @command_id
    @click.pass_obj
    def remove(caller: Caller, channel: str, word: str, command_id: str) -> None:
        request = RemoveMapping(command_id=command_id, kind=mapping.kind, channel=channel, tag=word)
        removed = caller.ask(request, MappingRemoved)
        if caller.json:
            print_json(flat(removed))
        else:
            note(f"{removed.channel}: {removed.tag} is no longer mapped.")

    return remove


for each in MAPPINGS:
    verbs = [make(each) for make in (_list, _set, _remove)]
    command.add_command(Noun(each.kind, help=each.help, commands=verbs))
