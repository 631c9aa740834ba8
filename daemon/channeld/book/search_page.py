"""One page of an order search goes into the book, and the search moves on, in one unit of work (C5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from channeld.amazon.operations import Query
from channeld.amazon.orders import asked_marketplaces
from channeld.book.apply import Outcome
from channeld.book.backfilling import note_read
from channeld.book.careful import apply_readings
from channeld.book.desk import Desk, open_desk
from channeld.book.readings import Readings
from channeld.book.unasked import set_apart
from channeld.store import channels, searches
from channeld.store.channels import Channel
from channeld.store.cipher import Cipher
from channeld.store.searches import Search
from channeld.store.unit import Unit

__all__ = ["Page", "PageBooked", "book_page"]

_QUERY = msgspec.json.Decoder(Query)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One answered page of a search."""

    readings: Readings
    next_token: str | None
    bound: datetime | None
    """Up to when Amazon says that it looked."""


class PageBooked(msgspec.Struct, frozen=True, kw_only=True):
    """What a page brought."""

    complete: bool
    """The search is over and its channels' cursors have moved."""
    channel_ids: tuple[int, ...]
    outcomes: tuple[Outcome, ...]


def book_page(unit: Unit, cipher: Cipher, search: Search, page: Page, now: datetime) -> PageBooked:
    """Book a page. Channels that were switched off since the search began get nothing and stay.

    A search that was given up meanwhile (a person set the cursor back) moves no cursor; its orders are kept.
    """
    current = searches.running(unit.connection, search.account_id, search.kind)
    is_current = current is not None and current.started_at == search.started_at
    taking_part = _taking_part(unit, current.channel_ids if current else search.channel_ids)
    desk = open_desk(unit.connection, cipher, search.account_id, taking_part, now)
    asked = asked_marketplaces(_QUERY.decode(search.query))
    outcomes = apply_readings(unit, desk, set_apart(page.readings, asked))
    _move_sync_dates(unit, desk, search, outcomes)
    channels.clear_trouble(unit, [channel.id for channel in taking_part])
    if is_current and current and page.next_token:
        _go_on(unit, current, page.next_token, outcomes)
    elif is_current:
        _finish(unit, search, taking_part, page.bound, now)
    note_read(unit, search.account_id, [outcome.order_id for outcome in outcomes], now)
    return PageBooked(
        complete=is_current and page.next_token is None,
        channel_ids=tuple(channel.id for channel in taking_part),
        outcomes=tuple(outcomes),
    )


def _taking_part(unit: Unit, channel_ids: Iterable[int]) -> list[Channel]:
    found = [channels.get(unit.connection, channel_id) for channel_id in channel_ids]
    return [channel for channel in found if channel and channel.enabled and channel.removed_at is None]


def _move_sync_dates(unit: Unit, desk: Desk, search: Search, outcomes: Sequence[Outcome]) -> None:
    """The newest update among the orders that this search has applied; never in the future."""
    newest: dict[int, datetime] = {}
    for outcome in outcomes:
        if outcome.applied and outcome.channel_id is not None and outcome.updated_at is not None:
            seen = newest.get(outcome.channel_id, outcome.updated_at)
            newest[outcome.channel_id] = min(max(seen, outcome.updated_at), desk.now)
    for channel_id, updated_at in newest.items():
        channels.note_applied(unit, channel_id, search.started_at, updated_at)


def _finish(
    unit: Unit, search: Search, taking_part: Iterable[Channel], bound: datetime | None, now: datetime
) -> None:
    """The cursor moves to Amazon's bound, never to our clock's.

    Without a bound that makes sense it moves to the one that we asked for; a live search asks for none, so
    then it stays, and the same is read again. It never moves to where nobody can have looked: beyond what we
    asked for, or into the future.
    """
    searches.finish(unit, search.account_id, search.kind)
    if bound is None or (search.slice_from is not None and bound < search.slice_from):
        bound = search.slice_to
    if bound is not None:
        bound = min(bound, search.slice_to or now)
        behind = [c.id for c in taking_part if c.order_cursor is None or c.order_cursor < bound]
        channels.move_cursor(unit, behind, bound)


def _go_on(unit: Unit, current: Search, token: str, outcomes: Iterable[Outcome]) -> None:
    searches.save(
        unit,
        msgspec.structs.replace(
            current,
            page_token=token,
            next_page=current.next_page + 1,
            applied=current.applied + sum(outcome.applied for outcome in outcomes),
        ),
    )
