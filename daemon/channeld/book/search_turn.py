"""What an account's order download may do next: read from the store, planned by `domain.search_plan` (C5)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.book import backfilling
from channeld.domain.backfill import asleep_at
from channeld.domain.search_plan import (
    SLICE,
    TOKEN_LIFE,
    CatchUp,
    Live,
    Place,
    plan_catch_up,
    plan_live,
    shorter_slice,
)
from channeld.store import accounts, channels, searches
from channeld.store.accounts import Account
from channeld.store.backfills import Backfill
from channeld.store.channels import Channel
from channeld.store.searches import Search
from channeld.store.unit import Unit

__all__ = ["Outlook", "begin_again", "begun", "look_ahead", "note_begin"]


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Searches that could go on or begin."""

    live: Search | Live | None
    live_due: datetime
    """When the live search may begin; one that is running goes on at any time."""
    catch_up: Search | CatchUp | None
    channels: Mapping[int, Channel]
    """The enabled ones, by id."""
    look_again: datetime | None = None
    """When the search goes on alone unless orders are read by their ids until then."""


def look_ahead(
    connection: Connection,
    account_id: int,
    now: datetime,
    *,
    length: timedelta = SLICE,
    leave_out: Collection[int] = (),
) -> Outlook:
    """What the store says now. Channels that are left out are in no new search."""
    account = accounts.get(connection, account_id)
    enabled = {c.id: c for c in channels.of_account(connection, account_id) if c.enabled}
    places = [
        Place(channel_id=c.id, cursor=c.order_cursor)
        for c in enabled.values()
        if c.order_cursor and c.id not in leave_out
    ]
    backfill = backfilling.followed(connection, account_id, places, now)
    others = [p for p in places if p.channel_id not in backfill.channel_ids] if backfill else places
    return Outlook(
        live=_usable(searches.running(connection, account_id, "live"), now) or plan_live(others, now),
        live_due=_live_due(connection, account, now) if account else now,
        catch_up=_catch_up(connection, account_id, places, now, length, backfill),
        channels=enabled,
        look_again=asleep_at(backfill.moved_at) if backfill else None,
    )


def _catch_up(
    connection: Connection,
    account_id: int,
    places: Collection[Place],
    now: datetime,
    length: timedelta,
    backfill: Backfill | None,
) -> Search | CatchUp | None:
    """The slice that is under way, else the next one; a shorter one after one that took too long.

    In a backfill by two routes slices leave the newest orders to the other one.
    """
    search = searches.running(connection, account_id, "catch_up")
    if usable := _usable(search, now):
        return usable
    if backfill is not None:
        return backfilling.next_slice(connection, backfill, places)
    if search and search.page_token and search.slice_from and search.slice_to:
        length = min(length, shorter_slice(search.slice_to - search.slice_from))
    return plan_catch_up(places, now, length)


def _live_due(connection: Connection, account: Account, now: datetime) -> datetime:
    """At once when a search was asked for, or was begun and not answered; else when the poll is due."""
    last = account.last_live_started_at
    unanswered = searches.running(connection, account.id, "live")
    if last is None or last > now or (unanswered is not None and not unanswered.page_token):
        return now
    return last + timedelta(seconds=account.order_poll_seconds)


def note_begin(unit: Unit, search: Search) -> None:
    """Store a search before its first page."""
    searches.save(unit, search)
    if search.kind == "live":
        accounts.note_live_search(unit, search.account_id, search.started_at)


def begin_again(unit: Unit, search: Search) -> None:
    """Give a search up; the next one begins at the cursor, at once."""
    searches.finish(unit, search.account_id, search.kind)
    if search.kind == "live":
        accounts.note_live_search(unit, search.account_id, None)


def begun(account_id: int, plan: Live | CatchUp, query: str, now: datetime) -> Search:
    """A new search, before its first page."""
    return Search(
        account_id=account_id,
        kind="live" if isinstance(plan, Live) else "catch_up",
        channel_ids=plan.channel_ids,
        query=query,
        started_at=now,
        slice_from=plan.after,
        slice_to=plan.before if isinstance(plan, CatchUp) else None,
    )


def _usable(search: Search | None, now: datetime) -> Search | None:
    """A search with a page token that can still be used; any other begins again."""
    if search is None or not search.page_token or not search.channel_ids:
        return None
    return search if now - search.started_at < TOKEN_LIFE else None
