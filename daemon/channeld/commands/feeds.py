"""What people decide about feeds: one that does not end is given up (design, section 5; semantics C3)."""

import msgspec
from sqlalchemy import Connection

from channeld.amazon.feeds.listings_document import FEED_TYPE as LISTINGS_FEED
from channeld.book.ledger import abandoning
from channeld.book.ledger.abandoning import is_lost_from_sight
from channeld.book.ledger.feed_stuck import feed_name
from channeld.book.offering.feeding import watch as feed_watch
from channeld.commands.asking import Asked
from channeld.domain.ledger.kinds import CANCELLATION, DESPATCH, REFUND
from channeld.domain.ledger.states import State
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, feeds, ledger, stock_messages
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["Abandoned", "abandon_feed", "count_in_doubt", "find_feed"]

_LARGEST_NUMBER = 2**63 - 1
_WAIT = "Wait: `channelctl feed show` tells how it stands."
_IN_DOUBT = (State.SUBMITTED, State.UNKNOWN)
_SETTLED = {
    DESPATCH.feed_type: (
        "parcels without tracking are sent again if their orders do not show them, others at once by "
        "requests of their own. Amazon knows each by its package number, so none counts twice."
    ),
    CANCELLATION.feed_type: (
        "each order is read. Whole lines that it does not show as cancelled are cancelled again; "
        "if units of a line are not, you decide, as they may be cancelled late."
    ),
    REFUND.feed_type: (
        "nobody knows whether Amazon pays. None is paid again by itself: Amazon's finances prove it, "
        "or after 72 hours you decide."
    ),
    LISTINGS_FEED: (
        "the present quantity of each SKU is sent another way, and once more when this feed ends after all."
    ),
}
"""What becomes of what is in a feed that is given up, by the feed's type."""
_STUCK_AFTER = {LISTINGS_FEED: "When it has stood half an hour longer than such feeds take, it is stuck."}
_TWO_HOURS = "After two hours it is stuck."


class Abandoned(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that is given up, or would be."""

    feed: FeedRecord
    in_doubt: int
    """Messages whose outcome is not known."""
    message: str


def find_feed(connection: Connection, text: str) -> FeedRecord:
    """By its number here, which is small, or Amazon's id. Raises `InvalidRequest("unknown_feed")`."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    found = feeds.get(connection, number) if 0 < number <= _LARGEST_NUMBER else None
    found = found or (feeds.by_feed_id(connection, text) if text else None)
    if found is None:
        raise InvalidRequest(
            "unknown_feed",
            "There is no feed of that number or id here.",
            "`channelctl feed list` shows the latest.",
            [Problem(key="feed", message="is not known")],
        )
    return found


def count_in_doubt(connection: Connection, asked: Asked, text: str) -> Abandoned:
    """What giving it up would mean. Changes nothing. Raises `InvalidRequest`."""
    feed = find_feed(connection, text)
    _check(feed, asked)
    if feed.feed_type == LISTINGS_FEED:
        carried = stock_messages.count(connection, feed.id)
    else:
        carried = ledger.count_of_feed(connection, feed.id, _IN_DOUBT)
    return Abandoned(feed=feed, in_doubt=carried, message=_meaning(feed, carried))


def abandon_feed(unit: Unit, asked: Asked, text: str) -> Abandoned:
    """Give it up: its lane goes on, its messages are settled by effects. Raises `InvalidRequest`."""
    found = count_in_doubt(unit.connection, asked, text)
    if found.feed.feed_type == LISTINGS_FEED:
        after, in_doubt = feed_watch.abandoned(unit, found.feed, asked.now)
    else:
        after, in_doubt = abandoning.abandoned(unit, found.feed, asked.stamp)
    told = f"{feed_name(after)} given up by hand: {_messages(in_doubt)} in doubt"
    details = {"feed": str(after.id)}
    audit.add(unit, asked.entry("feed.abandoned", told, account_id=after.account_id, details=details))
    return Abandoned(feed=after, in_doubt=in_doubt, message=f"{told}.")


def _check(feed: FeedRecord, asked: Asked) -> None:
    """Only what does not end by itself is given up. Raises `InvalidRequest("not_possible")`."""
    if feed.ended_at is not None:
        problem, hint = f"has ended already: {feed.state}", "There is nothing to give up."
    elif feed.state in ("preparing", "sending"):
        problem, hint = "is just being made", "Wait a minute for what comes of that."
    elif feed.stuck_since is not None or is_lost_from_sight(feed, asked.now):
        return
    elif feed.state == "unknown":
        problem = "is being looked for at Amazon"
        hint = (
            "That takes about 20 minutes. If it is not settled half an hour after its next look, ask again."
        )
    else:
        problem, hint = (
            "is not stuck: Amazon is working through it",
            f"{_WAIT} {_STUCK_AFTER.get(feed.feed_type, _TWO_HOURS)}",
        )
    raise InvalidRequest(
        "not_possible",
        f"{feed_name(feed)} cannot be given up: it {problem}.",
        hint,
        [Problem(key="feed", message=problem)],
    )


def _meaning(feed: FeedRecord, carried: int) -> str:
    if not carried:
        settled = "Nothing in it waits for an outcome."
    else:
        settled = f"{_messages(carried)} in it: {_SETTLED[feed.feed_type]}"
    return f"{feed_name(feed)} is given up, and what waits behind it goes on. {settled}"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"
