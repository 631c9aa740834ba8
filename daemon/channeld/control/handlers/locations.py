"""Requests about locations."""

from sqlalchemy import Connection

from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList, LocationRow
from channeld.commands.locations import add_location
from channeld.control.context import Context
from channeld.domain.channel_settings import ChannelSettings
from channeld.store import channels, locations
from channeld.store.locations import Held, Location

__all__ = ["add", "list_all"]


async def list_all(request: ListLocations, context: Context) -> LocationList:
    return LocationList(rows=tuple((await context.read(_rows))[: request.limit]))


async def add(request: AddLocation, context: Context) -> LocationAdded:
    return await context.change(
        request,
        LocationAdded,
        lambda unit, asked: LocationAdded(
            row=_row(add_location(unit, asked, request.location), [], Held(), [])
        ),
    )


def _rows(connection: Connection) -> list[LocationRow]:
    """Each with the channels that save orders there or offer from there, and its orders."""
    users: dict[str, list[str]] = {}
    offering: dict[str, list[str]] = {}
    names: dict[int, str] = {}
    for channel in channels.all_channels(connection):
        names[channel.id] = channel.name
        settings = ChannelSettings.of(channel.settings)
        users.setdefault(settings.order_location, []).append(channel.name)
        for location in settings.inventory_locations:
            offering.setdefault(location, []).append(channel.name)
    held = locations.held(connection)
    return [
        _row(
            place,
            [names[place.channel_id]] if place.channel_id in names else users.get(place.name, []),
            held.get(place.id, Held()),
            offering.get(place.name, []),
        )
        for place in locations.all_locations(connection)
    ]


def _row(location: Location, used_by: list[str], held: Held, offered_by: list[str]) -> LocationRow:
    return LocationRow(
        location=location.name,
        kind=location.kind,
        channels=", ".join(used_by),
        offered_by=", ".join(offered_by),
        orders=held.orders,
        open_orders=held.open_orders,
    )
