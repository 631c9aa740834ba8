"""From which place units of an order are taken, when the item was not counted at the order's own location."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection

from channeld.domain.channel_settings import ChannelSettings
from channeld.store import channels, locations

__all__ = ["Levels", "Place", "placed"]

Place = tuple[str, int, int]
"""Order, item and location."""
Levels = Mapping[tuple[int, int], int]
"""Units by item and location, where there is a level."""


def placed(
    connection: Connection, wanted: Mapping[Place, int], levels: Levels, taken: Mapping[Place, int]
) -> dict[Place, int]:
    """The same units where they lie: taken from the fullest place that a channel offers together with the
    order's, as they must not be offered again; brought back (below zero) to where they were taken from.

    Without such a place they stay with the order's location, where nothing is counted and nothing is taken.
    """
    counted = {item for item, _ in levels}
    missing = {place for place in wanted if place[1] in counted and place[1:] not in levels}
    if not missing:
        return dict(wanted)
    together = _together(connection)
    found: defaultdict[Place, int] = defaultdict(int)
    for place, units in wanted.items():
        if place not in missing:
            found[place] += units
        elif units < 0:
            for former, back in _back(place, -units, taken).items():
                found[former] -= back
        else:
            order, item, location = place
            found[order, item, _fullest(item, location, together, levels)] += units
    return found


def _together(connection: Connection) -> dict[int, set[int]]:
    """By location of the seller's own those that some channel offers together with it."""
    own = {place.name: place.id for place in locations.all_locations(connection) if place.kind == "own"}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for channel in channels.all_channels(connection):
        names = ChannelSettings.of(channel.settings).inventory_locations
        offered = {own[name] for name in names if name in own}
        for location in offered:
            found[location] |= offered
    return found


def _fullest(item: int, location: int, together: Mapping[int, set[int]], levels: Levels) -> int:
    counted = [each for each in sorted(together.get(location, ())) if (item, each) in levels]
    return max(counted, key=lambda each: levels[item, each], default=location)


def _back(place: Place, units: int, taken: Mapping[Place, int]) -> dict[Place, int]:
    """Units of the place's order and item by where they were taken from, no more than were."""
    order, item, _ = place
    back: dict[Place, int] = {}
    for former, number in sorted(taken.items()):
        if former[:2] == (order, item) and number > 0 and units > 0:
            back[former] = min(units, number)
            units -= back[former]
    return back
