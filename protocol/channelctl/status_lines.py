"""The rows of `channelctl status` as lines for people: what channels have in common is said once."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

from msgspec.structs import replace

from channel_protocol.actors import StatusRow

__all__ = ["lines"]

ALL = "all"
"""Stands for every channel of an account."""


def lines(rows: Sequence[StatusRow]) -> list[StatusRow]:
    """By account: first what all or several of its channels have in common, then each channel's own.

    What works for an account has a row for each of its channels, with that channel's dates.
    """
    channels: defaultdict[str, list[str]] = defaultdict(list)
    alike: defaultdict[Hashable, list[StatusRow]] = defaultdict(list)
    for row in rows:
        if row.channel not in channels[row.account]:
            channels[row.account].append(row.channel)
        alike[_but_channel(row)].append(row)
    shared = [_merged(each, channels[each[0].account]) for each in alike.values() if len(each) > 1]
    single = [each[0] for each in alike.values() if len(each) == 1]
    places = {account: place for place, account in enumerate(channels)}
    return sorted([*shared, *single], key=lambda row: places[row.account])


def _but_channel(row: StatusRow) -> Hashable:
    return (row.account, row.concern, row.state, row.since, row.waits_for, row.until, row.reason, row.hint)


def _merged(rows: Sequence[StatusRow], channels: Sequence[str]) -> StatusRow:
    """Sync dates are those of single channels, and stand with what those have alone."""
    is_all = len(rows) == len(channels)
    name = ALL if is_all else ", ".join(row.channel for row in rows)
    return replace(rows[0], channel=name, order_sync_date=None, inventory_sync_date=None)
