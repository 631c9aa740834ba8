"""What a change of settings would do to what Amazon is told of stock, a page of listings at a time.

It is computed by what computes it when the change is made. As it is now it stands in the book, but for SKUs
that are about to be computed anew.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from channeld.book.offering.computing.compute import Computed, compute
from channeld.commands.channel_plan import ChannelPlan
from channeld.commands.listing_limits import LimitsPlan
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.settings_move import Consequence
from channeld.domain.stock.latency import DROP, KEEP, LeadTime
from channeld.domain.stock.limits import Offer
from channeld.domain.stock.preview import Compared, Tally, counted
from channeld.domain.stock.value import Value
from channeld.domain.stock_consequences import STOCK_SETTINGS, SWITCHES
from channeld.store import offer_queries

__all__ = ["PAGE", "StockPreview", "preview_limits"]

PAGE = 250
"""Listings that are looked at together."""


class StockPreview:
    """Of a plan for one channel; `is_wanted` says whether there is anything to be counted."""

    def __init__(self, plan: ChannelPlan) -> None:
        self._plan = plan
        self._before = ChannelSettings.of(plan.before.settings)
        self._after = ChannelSettings.of(plan.after.settings)
        self._keys = [change.key for change in plan.changes if change.key in STOCK_SETTINGS]
        self._tally = Tally()

    @property
    def is_wanted(self) -> bool:
        return bool(self._keys) and (_is_told(self._before) or _is_told(self._after))

    @property
    def consequences(self) -> tuple[Consequence, ...]:
        """When all pages were looked at."""
        is_switch = any(key in SWITCHES for key in self._keys)
        return counted(self._tally, self._keys[0], is_switch=is_switch, dry_run=self._is_dry)

    def look(self, connection: Connection, after: str) -> str | None:
        """At the listings behind that SKU; the one to go on behind, None at the end."""
        channel = self._plan.before
        skus = offer_queries.listed_skus(connection, channel.id, after, PAGE)
        then = compute(connection, channel.account_id, skus, settings={channel.id: self._after})
        now = _now(connection, channel.account_id, then)
        for sku in skus:
            _add(self._tally, now[sku], then[sku], channel.id, self._before, dry_run=self._is_dry)
        return skus[-1] if len(skus) == PAGE else None

    @property
    def _is_dry(self) -> bool:
        """Nothing is sent before nor after, so it is said what would be."""
        is_sent = _is_told(self._before) and not self._before.dry_run
        return self._after.dry_run and not is_sent


def preview_limits(connection: Connection, plan: LimitsPlan) -> tuple[Consequence, ...]:
    """The same for limits of single listings."""
    channel, skus = plan.channel, list(plan.changed)
    settings = ChannelSettings.of(channel.settings)
    if not skus:
        return ()
    if not _is_told(settings):
        why = "Update inventory is off" if settings.enabled else "The channel is disabled"
        return (Consequence(key="listing", text=f"{why}: it counts when that is changed."),)
    tally = Tally()
    then = compute(connection, channel.account_id, skus, limits=plan.limits)
    now = _now(connection, channel.account_id, then)
    for sku in skus:
        _add(tally, now[sku], then[sku], channel.id, settings, dry_run=settings.dry_run)
    return counted(tally, "listing", dry_run=settings.dry_run)


def _is_told(settings: ChannelSettings) -> bool:
    return settings.enabled and settings.update_inventory


class _Now(NamedTuple):
    """Of one SKU, without the change."""

    value: Value | None
    would: int | None
    differs: bool
    channels: Collection[int]
    """Those that have a say."""


def _now(connection: Connection, account_id: int, then: Mapping[str, Computed]) -> dict[str, _Now]:
    stale = offer_queries.stale_skus(connection, account_id, then)
    fresh = compute(connection, account_id, stale) if stale else {}
    known = {sku: each.row for sku, each in then.items() if sku not in stale}
    return {
        **{
            sku: _Now(row.desired.computed, row.would, bool(row.differing), row.channels)
            for sku, row in known.items()
        },
        **{
            sku: _Now(each.value, each.would, bool(each.group.differing), each.channels)
            for sku, each in fresh.items()
        },
    }


def _add(
    tally: Tally, now: _Now, then: Computed, channel_id: int, before: ChannelSettings, *, dry_run: bool
) -> None:
    """A channel that only comes back by what is looked at is not among those that are computed."""
    had_a_say = channel_id in now.channels
    for mine in then.members:
        if mine.channel.id == channel_id:
            made = mine.freely if dry_run else mine.made
            did_drop = before.latency.by_product and (had_a_say or (dry_run and _is_told(before)))
            drops = isinstance(made, Offer) and mine.said.lead_time == DROP and not did_drop
            tally.add(
                Compared(
                    before=_free(now.would) if dry_run else now.value,
                    after=_free(then.would, DROP if drops else KEEP) if dry_run else then.value,
                    made=made,
                    said=mine.said,
                    differs=bool(then.group.differing) and not now.differs,
                    leaves=had_a_say and not isinstance(made, Offer),
                    drops=drops,
                )
            )


def _free(would: int | None, lead_time: LeadTime = KEEP) -> Value | None:
    """If no channel were in dry run."""
    return None if would is None else Value(quantity=would, lead_time=lead_time)
