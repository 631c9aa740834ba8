"""Channels come, change and go (semantics A1, A3, B1, F1)."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from channeld.commands.asking import Asked, check, find_account, find_channel, name_problems, same_name
from channeld.commands.fba_location import make_fba_location
from channeld.commands.first_enable import enabled_now
from channeld.domain import channel_settings
from channeld.domain.channel_settings import DEFAULTS
from channeld.domain.marketplaces import BY_CODE, BY_ID, find_marketplace
from channeld.domain.settings import nearest
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, channels, locations, searches
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["ChannelChange", "add_channel", "change_channel", "remove_channel"]

LONG_GAP = timedelta(hours=24)


class ChannelChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a change came to."""

    channel: Channel
    changed: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def add_channel(unit: Unit, asked: Asked, name: str, account_name: str, marketplace_text: str) -> Channel:
    """Store a channel, switched off. Raises `InvalidRequest` with every problem.

    One that was removed comes back with its orders and its cursor: a seller's orders of a marketplace are one
    book, in which no order can be twice.
    """
    account = find_account(unit.connection, account_name)
    marketplace = find_marketplace(marketplace_text)
    problems = name_problems("channel", name)
    problems += same_name("channel", name, (c.name for c in channels.all_channels(unit.connection)))
    if marketplace is None:
        message = "is not a marketplace of Amazon's"
        close = nearest(marketplace_text.upper(), BY_CODE)
        problems.append(Problem(key="marketplace", message=message, nearest=close))
    elif marketplace.region != account.region:
        message = f"{marketplace.name} is in region {marketplace.region}, the account in {account.region}"
        problems.append(Problem(key="marketplace", message=message))
    check(problems, "The channel")
    if marketplace is None:
        raise InvalidRequest("invalid", "The marketplace is not known.")
    new = Channel(account_id=account.id, name=name, marketplace_id=marketplace.id, created_at=asked.now)
    before = channels.once_of(unit.connection, account.id, marketplace.id)
    is_known = before is not None and not _has(unit, account.id, marketplace.id)
    channel = _back_again(unit, before, new) if before and is_known else channels.add(unit, new)
    what = "is back with its orders" if is_known else "added"
    text = f"Channel {name} {what}: {marketplace.name} of account {account.name}"
    audit.add(unit, asked.entry("channel.added", text, account_id=account.id, channel_id=channel.id))
    return channel


def _has(unit: Unit, account_id: int, marketplace_id: str) -> bool:
    mine = channels.of_account(unit.connection, account_id)
    return any(channel.marketplace_id == marketplace_id for channel in mine)


def _back_again(unit: Unit, before: Channel, new: Channel) -> Channel:
    """The channel that was removed, as a new one but for what it has read."""
    return channels.save(
        unit,
        msgspec.structs.replace(
            new,
            id=before.id,
            version=before.version,
            created_at=before.created_at,
            first_enabled_at=before.first_enabled_at,
            order_cursor=before.order_cursor,
            order_sync_date=before.order_sync_date,
            order_sync_of=before.order_sync_of,
        ),
    )


def change_channel(unit: Unit, asked: Asked, name: str, given: Mapping[str, str]) -> ChannelChange:
    """Change settings, all or none. Raises `InvalidRequest` with every problem."""
    channel = find_channel(unit.connection, name)
    own = [place.name for place in locations.all_locations(unit.connection) if place.kind == "own"]
    stored, problems = channel_settings.change(
        channel.settings, given, marketplace=BY_ID[channel.marketplace_id], locations=own
    )
    check(problems, "The change")
    changes = _differences(channel.settings, stored)
    if not changes:
        return ChannelChange(channel=channel, changed=())
    after = msgspec.structs.replace(channel, settings=stored, enabled=stored.get("enabled") == "on")
    warnings: list[str] = []
    if "enabled" in changes:
        after, warnings = _switched(unit, asked, channel, after)
    if changes.get("fba_enabled", ("", ""))[1] == "on":
        make_fba_location(unit, channel)
    saved = channels.save(
        unit, msgspec.structs.replace(after, trouble="", trouble_hint="", trouble_since=None)
    )
    audit.add_many(
        unit,
        [
            asked.entry(
                "channel.changed",
                f"{key}: {old or 'empty'} → {new or 'empty'}",
                account_id=channel.account_id,
                channel_id=channel.id,
            )
            for key, (old, new) in changes.items()
        ],
    )
    return ChannelChange(channel=saved, changed=tuple(changes), warnings=tuple(warnings))


def remove_channel(unit: Unit, asked: Asked, name: str) -> Channel:
    """Forget a channel; its orders and history stay readable (semantics A1)."""
    channel = find_channel(unit.connection, name)
    searches.leave(unit, channel.account_id, channel.id)
    stored = {key: text for key, text in channel.settings.items() if key != "enabled"}
    removed = msgspec.structs.replace(channel, settings=stored, enabled=False, removed_at=asked.now)
    channels.save(unit, removed)
    text = f"Channel {name} removed; its orders and history stay"
    audit.add(
        unit, asked.entry("channel.removed", text, account_id=channel.account_id, channel_id=channel.id)
    )
    return removed


def _switched(unit: Unit, asked: Asked, before: Channel, after: Channel) -> tuple[Channel, list[str]]:
    """On: from the stored cursor on, or the look-back. Off: it leaves the searches that are under way."""
    if not after.enabled:
        searches.leave(unit, before.account_id, before.id)
        return after, []
    warnings: list[str] = []
    gap = asked.now - before.order_cursor if before.order_cursor else timedelta(0)
    if gap > LONG_GAP:
        days = gap.total_seconds() / 86_400
        warnings.append(f"Orders of the last {days:.1f} days will be read now, which may take a while.")
    return enabled_now(after, asked.now), warnings


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Key → (old, new) for what is different, defaults counted in."""
    old, new = {**DEFAULTS, **before}, {**DEFAULTS, **after}
    return {key: (old[key], new[key]) for key in DEFAULTS if old[key] != new[key]}
