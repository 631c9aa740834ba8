"""Requests about channels as a file."""

import msgspec
from sqlalchemy import Connection

from channel_protocol import channel_files as wire
from channel_protocol.channel_files import ApplyChannels, ChannelsApplied, ChannelsExported, ExportChannels
from channel_protocol.channels import Consequence
from channeld.commands.asking import Asked, find_channel
from channeld.commands.channel_files import Applied, ChannelFile, OnlyLooked, Outcome, apply_file
from channeld.control.context import Context
from channeld.control.handlers.channels import with_stock
from channeld.control.rows.channels import setting_rows
from channeld.domain.marketplaces import BY_ID
from channeld.store import channels, locations, mappings
from channeld.store.channels import Channel
from channeld.store.names import Names, names
from channeld.store.refusals import changed_meanwhile
from channeld.store.unit import Unit

__all__ = ["apply", "export"]


async def export(request: ExportChannels, context: Context) -> ChannelsExported:
    def query(connection: Connection) -> ChannelsExported:
        known = names(connection)
        wanted = {name: find_channel(connection, name) for name in sorted(request.channels)}
        found = wanted.values() or channels.all_channels(connection)
        own = [place.name for place in locations.all_locations(connection) if place.kind == "own"]
        rows = tuple(_file_channel(connection, channel, known) for channel in found)
        return ChannelsExported(file=wire.ChannelFile(locations=tuple(own), channels=rows))

    return await context.read(query)


async def apply(request: ApplyChannels, context: Context) -> ChannelsApplied:
    file = msgspec.convert(request.file, ChannelFile, from_attributes=True)
    if not request.confirmed:
        return await _look(file, context)

    def act(unit: Unit, asked: Asked) -> ChannelsApplied:
        applied = apply_file(unit, asked, file)
        if request.mark not in (None, applied.mark):
            raise changed_meanwhile("What the file is about")
        return _applied(applied, done=True)

    return await context.change(request, ChannelsApplied, act)


async def _look(file: ChannelFile, context: Context) -> ChannelsApplied:
    """Carry it out and store nothing of it: what was shown is then what is done."""
    asked = context.asked()

    def look(unit: Unit) -> Applied:
        raise OnlyLooked(apply_file(unit, asked, file))

    try:
        applied = await context.parts.store.write(look)
    except OnlyLooked as looked:
        applied = looked.applied
    outcomes = [await _counted(each, context) for each in applied.channels]
    return _applied(msgspec.structs.replace(applied, channels=tuple(outcomes)), done=False)


async def _counted(outcome: Outcome, context: Context) -> Outcome:
    """With what it would do to stock, as the book is now."""
    if outcome.plan is None:
        return outcome
    plan = await with_stock(context, outcome.plan)
    return msgspec.structs.replace(outcome, consequences=plan.consequences)


def _file_channel(connection: Connection, channel: Channel, known: Names) -> wire.FileChannel:
    return wire.FileChannel(
        channel=channel.name,
        account=known.account(channel.account_id),
        marketplace=BY_ID[channel.marketplace_id].code,
        settings={row.key: row.value for row in setting_rows(channel)},
        payment=_words(mappings.of_channel(connection, "payment", channel.id)),
        shipping=_words(mappings.of_channel(connection, "shipping", channel.id)),
        despatch=_words(mappings.of_channel(connection, "despatch", channel.id)),
    )


def _words(targets: dict[str, str]) -> dict[str, str]:
    return dict(sorted(targets.items()))


def _applied(applied: Applied, *, done: bool) -> ChannelsApplied:
    return ChannelsApplied(
        done=done,
        mark=applied.mark,
        locations=applied.locations,
        channels=tuple(_outcome(each) for each in applied.channels),
    )


def _outcome(outcome: Outcome) -> wire.FileOutcome:
    return wire.FileOutcome(
        channel=outcome.channel,
        added=outcome.added,
        changes=tuple(wire.FileChange(key=each.key, old=each.old, new=each.new) for each in outcome.changes),
        consequences=tuple(Consequence(**msgspec.structs.asdict(each)) for each in outcome.consequences),
    )
