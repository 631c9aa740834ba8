"""Why outbound work is held though it is queued: a copied database, a disabled channel, dry run (design, 4).

Held is shown, not stored: what is held goes on as soon as the reason is gone.
"""

from collections.abc import Collection

from sqlalchemy import Connection

from channeld.domain.channel_settings import ChannelSettings
from channeld.store import channels, meta
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = [
    "ADOPTED",
    "ANOTHER",
    "DISABLED",
    "DRY_RUN",
    "adopt",
    "held",
    "held_channels",
    "is_foreign",
    "take_up",
]

_INSTANCE = "instance"
ADOPTED = ("adopted", True)
"""The change that wakes all who have outbound work."""
ANOTHER = "another installation"
"""The database was made on another machine: `channelctl work adopt` takes it over."""
DISABLED = "channel disabled"
DRY_RUN = "dry run"


def take_up(unit: Unit, instance: str) -> None:
    """At the start: a database that belongs to no installation yet belongs to this one."""
    if meta.get(unit.connection, _INSTANCE) is None:
        adopt(unit, instance)


def adopt(unit: Unit, instance: str) -> None:
    """From now on this installation sends what the database holds."""
    meta.put(unit, _INSTANCE, instance.encode())
    unit.changed(*ADOPTED)


def is_foreign(connection: Connection, instance: str) -> bool:
    """Whether the database is another installation's, perhaps one that is still at work."""
    owner = meta.get(connection, _INSTANCE)
    return owner is not None and owner != instance.encode()


def held(connection: Connection, channel: Channel | int, instance: str) -> str:
    """Why nothing of this channel is sent now; empty when it is."""
    found = channels.get(connection, channel) if isinstance(channel, int) else channel
    return _why(found, is_another=is_foreign(connection, instance))


def held_channels(connection: Connection, channel_ids: Collection[int], instance: str) -> dict[int, str]:
    """The same for many channels, in two queries."""
    if not channel_ids:
        return {}
    known = {channel.id: channel for channel in channels.all_channels(connection, removed=True)}
    is_another = is_foreign(connection, instance)
    return {id_: _why(known.get(id_), is_another=is_another) for id_ in channel_ids}


def _why(channel: Channel | None, *, is_another: bool) -> str:
    if is_another:
        return ANOTHER
    if channel is None or not channel.enabled or channel.removed_at is not None:
        return DISABLED
    return DRY_RUN if ChannelSettings.of(channel.settings).dry_run else ""
