"""Requests about payment and shipping mapping."""

from sqlalchemy import Connection

from channel_protocol.mappings import (
    ListMappings,
    MappingChanged,
    MappingList,
    MappingRemoved,
    MappingRow,
    RemoveMapping,
    SetMapping,
)
from channeld.commands.asking import Asked, find_channel
from channeld.commands.mappings import check_kind, forget_mapping, mapping_note, put_mapping
from channeld.control.context import Context
from channeld.store import channels, mappings
from channeld.store.unit import Unit

__all__ = ["change", "list_all", "remove"]


async def list_all(request: ListMappings, context: Context) -> MappingList:
    rows = await context.read(lambda c: _rows(c, request.kind, request.channel))
    return MappingList(rows=tuple(rows[: request.limit]))


async def change(request: SetMapping, context: Context) -> MappingChanged:
    def act(unit: Unit, asked: Asked) -> MappingChanged:
        _, word = put_mapping(unit, asked, request.kind, request.channel, request.tag, request.target)
        rows = _rows(unit.connection, request.kind, request.channel)
        row = next(row for row in rows if row.tag == word)
        return MappingChanged(row=row, note=mapping_note(request.kind, request.target))

    return await context.change(request, MappingChanged, act)


async def remove(request: RemoveMapping, context: Context) -> MappingRemoved:
    def act(unit: Unit, asked: Asked) -> MappingRemoved:
        word = forget_mapping(unit, asked, request.kind, request.channel, request.tag)
        return MappingRemoved(kind=request.kind, channel=request.channel, tag=word)

    return await context.change(request, MappingRemoved, act)


def _rows(connection: Connection, kind: str, channel_name: str | None) -> list[MappingRow]:
    channel_id = find_channel(connection, channel_name).id if channel_name else None
    known = {channel.id: channel.name for channel in channels.all_channels(connection)}
    return [
        MappingRow(
            kind=kind,
            channel=known[word.channel_id],
            tag=word.tag,
            target=word.target,
            orders=word.orders,
            unmapped=word.unmapped,
        )
        for word in mappings.words(connection, check_kind(kind), channel_id)
        if word.channel_id in known
    ]
