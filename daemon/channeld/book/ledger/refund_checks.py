"""When refunds are checked: only for a feed that can leave while the check is recent (semantics C3).

A check takes two seconds, as Amazon grants one read in that time, and is good for five minutes; feeds leave
20 minutes apart. What is checked in a pause, or while the lane waits for a feed, is checked in vain.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from channeld.amazon.assumptions import ORDER_FEED_PAUSE
from channeld.book.ledger.holding import held
from channeld.domain.ledger.kinds import REFUND
from channeld.domain.ledger.route import Route
from channeld.store import feeds, ledger_due

__all__ = ["CHECKING", "are_open", "next_refund_turn", "opens_at"]

CHECKING = timedelta(minutes=4)
"""So long the first that was checked waits for others: a minute less than its check is good for, in which the
document is made and uploaded."""


def opens_at(connection: Connection, account_id: int, now: datetime) -> datetime | None:
    """From when refunds are checked for the next feed, mostly past.

    None: not before the lane's present feed has ended, and nobody knows when that is.
    """
    if feeds.running(connection, account_id, REFUND.feed_type) is not None:
        return None
    last = feeds.last(connection, account_id, REFUND.feed_type)
    if last is None or last.sent_at is None:
        return now
    return last.sent_at + ORDER_FEED_PAUSE - CHECKING


def are_open(connection: Connection, account_id: int, now: datetime) -> bool:
    """Whether a check that is made now is made for a feed."""
    opens = opens_at(connection, account_id, now)
    return opens is not None and opens <= now


def next_refund_turn(
    connection: Connection, account_id: int, channel_id: int, instance: str, now: datetime
) -> datetime | None:
    """When finances are to be read again; None: for nothing, or only when the lane is free."""
    look = ledger_due.next_look(connection, channel_id, REFUND.name)
    opens = None if held(connection, channel_id, instance) else opens_at(connection, account_id, now)
    due = ledger_due.next_at(connection, (channel_id,), REFUND.name, (Route.UNDECIDED,))
    check = max(due, opens) if due and opens else None
    return min((moment for moment in (look, check) if moment), default=None)
