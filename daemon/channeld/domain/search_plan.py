"""Which order search an account runs next (semantics C5). Pure: cursors and the clock in, a plan out.

An account has one search budget for all its channels. Channels that are about equally far along are searched
together (the *live* search); one that lags catches up with searches of its own, cut into slices, and joins
the others when it has arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

__all__ = [
    "SLICE",
    "CatchUp",
    "Live",
    "Place",
    "SearchKind",
    "next_kind",
    "next_slice",
    "plan_catch_up",
    "plan_live",
    "shorter_slice",
]

SearchKind = Literal["live", "catch_up"]

OVERLAP = timedelta(minutes=10)
"""A search starts this much before the cursor: orders turn up late in Amazon's answers."""
TOGETHER = timedelta(minutes=15)
"""Channels whose cursors are closer than this share a search."""
LIVE_LAG = timedelta(days=1)
"""A search over more than this is sliced."""
SLICE = timedelta(days=7)
"""The default look-back in one piece: every cut costs a page that is not full, so a token (three minutes)."""
SHORTEST_SLICE = timedelta(minutes=30)
SLICE_PAGES = 100
"""A slice with more pages than this halves the next ones: a page token lives 24 h."""
BEHIND_NOW = timedelta(seconds=150)
"""An explicit upper bound must be two minutes old; half a minute more for clocks that differ."""
TOKEN_LIFE = timedelta(hours=23, minutes=30)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far an enabled channel has been read."""

    channel_id: int
    cursor: datetime


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """Search these channels together, without an upper bound."""

    channel_ids: tuple[int, ...]
    after: datetime


class CatchUp(msgspec.Struct, frozen=True, kw_only=True):
    """Search these channels over one slice."""

    channel_ids: tuple[int, ...]
    after: datetime
    before: datetime


def plan_live(places: Iterable[Place], now: datetime) -> Live | None:
    """The live search: the channels that are furthest along, unless all of them lag by a day."""
    groups = _groups(places)
    if not _is_live(groups, now):
        return None
    return Live(channel_ids=_ids(groups[0]), after=_start(groups[0]) - OVERLAP)


def plan_catch_up(places: Iterable[Place], now: datetime, length: timedelta = SLICE) -> CatchUp | None:
    """The next slice for channels that the live search leaves out.

    Those furthest behind go first, and no further than to where others are, so that they go on together and
    take one search where each would take one of its own. None also when a clock is so wrong that the slice
    would set a cursor back.
    """
    groups = _groups(places)
    if not groups[1:] and (not groups or _is_live(groups, now)):
        return None
    last, others = groups[-1], groups[:-1]
    start = _start(last)
    end = min([start + length, now - BEHIND_NOW, *(_start(group) for group in others[-1:])])
    if end <= last[0].cursor:
        return None
    return CatchUp(channel_ids=_ids(last), after=start - OVERLAP, before=end)


def next_slice(length: timedelta, pages: int) -> timedelta:
    """The length of the slice after one that took so many pages."""
    return shorter_slice(length) if pages > SLICE_PAGES else length


def shorter_slice(length: timedelta) -> timedelta:
    """The length after a slice whose page token ended before its last page."""
    return max(length / 2, SHORTEST_SLICE)


def next_kind(
    *, live_wanted: bool, catch_up_wanted: bool, last: SearchKind | None, to_spare: bool
) -> SearchKind | None:
    """Which search gets the next token: the live one first, the other at most every second one.

    `to_spare`: the budget holds more than one token, so that the live search would not wait for this one.
    """
    if live_wanted:
        return "catch_up" if catch_up_wanted and last == "live" else "live"
    if catch_up_wanted and (last != "catch_up" or to_spare):
        return "catch_up"
    return None


def _groups(places: Iterable[Place]) -> list[list[Place]]:
    """Channels that are about equally far along, the furthest first."""
    groups: list[list[Place]] = []
    for place in sorted(places, key=lambda p: (p.cursor, -p.channel_id), reverse=True):
        if groups and groups[-1][0].cursor - place.cursor < TOGETHER:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _is_live(groups: Sequence[Sequence[Place]], now: datetime) -> bool:
    return bool(groups) and _start(groups[0]) >= now - LIVE_LAG


def _start(group: Sequence[Place]) -> datetime:
    return min(place.cursor for place in group)


def _ids(group: Sequence[Place]) -> tuple[int, ...]:
    return tuple(sorted(place.channel_id for place in group))
