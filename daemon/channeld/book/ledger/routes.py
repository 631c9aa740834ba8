"""By which way parcels are told to Amazon: requests of their own, or a feed (design, section 5)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from channeld.amazon.assumptions import ORDER_FEED_PAUSE
from channeld.book.ledger.feed_queue import gathering
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp
from channeld.domain.ledger.kinds import DESPATCH
from channeld.domain.ledger.route import Route
from channeld.store import accounts, channels, feeds, halts, ledger_due
from channeld.store.unit import Unit

__all__ = ["choose_route", "next_turn", "seconds_by_feed"]

FEW = 20
"""Below that many a feed is never faster: it is waited for."""
FEED_TAKES, MESSAGE_TAKES = 60.0, 0.02
"""Seconds in which Amazon works through a feed, and through one message more (design, section 12)."""


def choose_route(
    unit: Unit, account_id: int, channel_id: int, seconds_by_call: Callable[[int], float], stamp: AuditStamp
) -> Route:
    """Let what may go either way go by the one that ends first at the present budgets; which that is.

    `seconds_by_call`: until so many requests have left. The budget is the account's, and so is the feed, so
    the notes of all its channels count.
    """
    ids = [channel.id for channel in channels.of_account(unit.connection, account_id) if channel.enabled]
    count = ledger_due.count_unrouted(unit.connection, ids, DESPATCH.name, stamp.now)
    route = Route.CALL
    if count >= FEW:
        by_feed = seconds_by_feed(unit.connection, account_id, count, stamp.now)
        route = Route.BULK if by_feed is not None and by_feed < seconds_by_call(count) else Route.CALL
    ledger_due.reroute(unit, channel_id, DESPATCH.name, route, stamp.now)
    return route


def seconds_by_feed(connection: Connection, account_id: int, count: int, now: datetime) -> float | None:
    """Until a feed of so many messages has been worked through; None while the lane is not to be had."""
    if feeds.running(connection, account_id, DESPATCH.feed_type) is not None:
        return None
    if halts.is_halted(connection, _lane_actor(connection, account_id)):
        return None
    last = feeds.last(connection, account_id, DESPATCH.feed_type)
    free_at = last.sent_at + ORDER_FEED_PAUSE if last and last.sent_at else now
    wait = max((free_at - now).total_seconds(), gathering(count).total_seconds())
    return wait + FEED_TAKES + MESSAGE_TAKES * count


def _lane_actor(connection: Connection, account_id: int) -> str:
    """The id of the actor that makes the feeds of parcels."""
    account = accounts.get(connection, account_id)
    return f"{account.name}/{DESPATCH.lane}" if account else ""


def next_turn(
    connection: Connection, channel_id: int, kind: str, instance: str, routes: Sequence[Route]
) -> datetime | None:
    """When there is something to send on these routes, or to look for; None: nothing, or it is all held."""
    look = ledger_due.next_look(connection, channel_id, kind)
    channel = channels.get(connection, channel_id)
    is_held = channel is None or held(connection, channel, instance)
    due = None if is_held else ledger_due.next_at(connection, (channel_id,), kind, routes)
    return min((moment for moment in (look, due) if moment), default=None)
