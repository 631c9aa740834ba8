"""What a change of a channel's settings comes to, worked out before anything is written.

Asking for a change and looking at one first take this same path, so what was shown is what is done.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.commands.asking import check, find_channel
from channeld.commands.fba_location import fba_location_name
from channeld.commands.first_enable import enabled_now
from channeld.domain import channel_settings
from channeld.domain.channel_change import Change, differences
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.consequences import consequences
from channeld.domain.marketplaces import BY_ID
from channeld.domain.settings_move import Consequence, Facts, Move
from channeld.store import downloads, locations, prices
from channeld.store.channel_facts import channel_facts
from channeld.store.channels import Channel

__all__ = ["ChannelPlan", "plan_change"]


class ChannelPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A change that may be carried out as it stands."""

    before: Channel
    after: Channel
    """As it is to be stored."""
    changes: tuple[Change, ...]
    consequences: tuple[Consequence, ...]

    def turns(self, key: str, to: str) -> bool:
        """Whether a setting gets this value by it."""
        return any(change.key == key and change.new == to for change in self.changes)


def plan_change(connection: Connection, now: datetime, name: str, given: Mapping[str, str]) -> ChannelPlan:
    """Raises `InvalidRequest` with every problem. Writes nothing."""
    channel = find_channel(connection, name)
    own = [place.name for place in locations.all_locations(connection) if place.kind == "own"]
    stored, problems = channel_settings.change(
        channel.settings, given, marketplace=BY_ID[channel.marketplace_id], locations=own
    )
    check(problems, "The change")
    changes = differences(channel.settings, stored, given)
    after = _after(channel, stored, now) if changes else channel
    return ChannelPlan(
        before=channel,
        after=after,
        changes=changes,
        consequences=consequences(_move(channel, after, changes, now), _facts(connection, after)),
    )


def _after(channel: Channel, stored: dict[str, str], now: datetime) -> Channel:
    """With new settings Amazon's refusal of the old ones is forgotten."""
    enabled = stored.get("enabled") == "on"
    after = msgspec.structs.replace(
        channel, settings=stored, enabled=enabled, trouble="", trouble_hint="", trouble_since=None
    )
    return enabled_now(after, now) if enabled and not channel.enabled else after


def _move(before: Channel, after: Channel, changes: tuple[Change, ...], now: datetime) -> Move:
    return Move(
        keys=frozenset(change.key for change in changes),
        implied=frozenset(change.key for change in changes if change.implied),
        before=ChannelSettings.of(before.settings),
        after=ChannelSettings.of(after.settings),
        marketplace=BY_ID[before.marketplace_id],
        now=now,
        cursor_before=before.order_cursor,
        cursor_after=after.order_cursor,
        is_troubled=bool(before.trouble),
    )


def _facts(connection: Connection, channel: Channel) -> Facts:
    numbers = channel_facts(connection, channel.id, ChannelSettings.of(channel.settings).order_location)
    place = locations.fba_of(connection, channel.id)
    waiting = prices.counts(connection, [channel.id]).get(channel.id, prices.Counts(channel_id=channel.id))
    return Facts(
        **msgspec.structs.asdict(numbers),
        fba_location=place.name if place else fba_location_name(connection, channel),
        fba_location_exists=place is not None,
        prices_pending=waiting.pending,
        prices_waiting=waiting.pending + waiting.held,
        is_downloading=downloads.running(connection, channel.id) is not None,
    )
