"""Channels come, change and go (semantics A1, A3, B1, F1)."""

from collections.abc import Mapping

import msgspec

from channeld.book.ledger import decisions
from channeld.book.listings.ending import abandon_download
from channeld.commands.asking import Asked, check, find_account, find_channel, name_problems, same_name
from channeld.commands.channel_plan import plan_change
from channeld.commands.fba_location import make_fba_location
from channeld.domain.channel_change import settings_mark as mark_of
from channeld.domain.marketplaces import BY_CODE, find_marketplace
from channeld.domain.settings import nearest
from channeld.domain.stock_consequences import STOCK_SETTINGS
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, channels, ledger, ledger_lists, order_queries, prices, searches, stale_stock
from channeld.store.channels import Channel
from channeld.store.refusals import changed_meanwhile
from channeld.store.unit import Unit

__all__ = ["ChannelChange", "add_channel", "change_channel", "remove_channel"]


HOLDING = ("enabled", "dry_run")
"""Settings that hold what is queued, or let it go."""
_AT_ONCE = 500
"""Rows read together."""


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
    _compute_anew(unit, asked, channel)
    what = "is back with its orders" if is_known else "added"
    text = f"Channel {name} {what}: {marketplace.name} of account {account.name}"
    audit.add(unit, asked.entry("channel.added", text, account_id=account.id, channel_id=channel.id))
    return channel


def _compute_anew(unit: Unit, asked: Asked, channel: Channel) -> None:
    """What Amazon is to be told of stock, as a channel is removed, added or back.

    Of a removed one parked orders reserve nothing, of items that other accounts may sell, too.
    """
    stale_stock.begin(unit, channel.account_id, asked.now, is_new=False)
    parked = order_queries.parked(unit.connection, channel.id)
    for start in range(0, len(parked), _AT_ONCE):
        stale_stock.mark_lines(unit, parked[start : start + _AT_ONCE], asked.now)


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


def change_channel(
    unit: Unit, asked: Asked, name: str, given: Mapping[str, str], settings_mark: str | None = None
) -> ChannelChange:
    """Change settings, all or none. Raises `InvalidRequest` with every problem.

    `settings_mark`: only if the settings are still those that were looked at; else `changed_meanwhile`.
    """
    plan = plan_change(unit.connection, asked.now, name, given)
    if settings_mark not in (None, mark_of(plan.before.settings)):
        raise changed_meanwhile(f"A setting of channel {name}")
    if not plan.changes:
        return ChannelChange(channel=plan.before, changed=())
    if plan.turns("enabled", "off"):
        searches.leave(unit, plan.before.account_id, plan.before.id)
        abandon_download(unit, plan.before, "was disabled", asked.now)
    if plan.turns("fba_enabled", "on"):
        make_fba_location(unit, plan.before)
    saved = channels.save(unit, plan.after)
    if any(change.key in STOCK_SETTINGS for change in plan.changes):
        sends = saved.settings.get("update_inventory") == "on" and saved.enabled
        stale_stock.begin(unit, saved.account_id, asked.now, is_new=sends)
    if plan.turns("price_change", "off"):
        prices.drop_waiting(unit, saved.id, asked.by, asked.now)
    if any(change.key in HOLDING for change in plan.changes):
        unit.changed("work", *ledger_lists.open_ids(unit.connection, saved.id))
    audit.add_many(
        unit,
        [
            asked.entry(
                "channel.changed",
                f"{change.key}: {change.old or 'empty'} → {change.new or 'empty'}",
                account_id=saved.account_id,
                channel_id=saved.id,
            )
            for change in plan.changes
        ],
    )
    return ChannelChange(
        channel=saved,
        changed=tuple(change.key for change in plan.changes),
        warnings=tuple(each.text for each in plan.consequences if each.warning),
    )


def remove_channel(unit: Unit, asked: Asked, name: str) -> Channel:
    """Forget a channel; its orders and history stay readable, what is queued is rejected (semantics A1)."""
    channel = find_channel(unit.connection, name)
    searches.leave(unit, channel.account_id, channel.id)
    abandon_download(unit, channel, "was removed", asked.now)
    stored = {key: text for key, text in channel.settings.items() if key != "enabled"}
    removed = msgspec.structs.replace(channel, settings=stored, enabled=False, removed_at=asked.now)
    channels.save(unit, removed)
    prices.drop_waiting(unit, channel.id, asked.by, asked.now)
    _compute_anew(unit, asked, channel)
    unended = ledger_lists.unended_ids(unit.connection, channel.id)
    for start in range(0, len(unended), _AT_ONCE):
        for record in ledger.by_ids(unit.connection, unended[start : start + _AT_ONCE]):
            decisions.rejected(unit, record, asked.stamp, f"channel {name} was removed")
    text = f"Channel {name} removed; its orders and history stay"
    audit.add(
        unit, asked.entry("channel.removed", text, account_id=channel.account_id, channel_id=channel.id)
    )
    return removed
