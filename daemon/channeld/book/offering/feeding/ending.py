"""A listings feed ends: what it says of each SKU, and that it can undo nothing any more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from channeld.amazon.feeds.listings_outcomes import ListingsFeedResult, SkuResult
from channeld.book.offering.feeding.taking import ROWS_PER_UNIT, STOPPED, submission_of
from channeld.book.offering.moves import Moves
from channeld.book.offering.requests import issues_text
from channeld.store import desired_stock, feeds, stock_messages
from channeld.store.desired_stock import DesiredRow
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit

__all__ = ["Ending", "conclude", "ending_of", "ending_without_report", "lost", "uncreated"]

_STATES = {"DONE": "done", "CANCELLED": "cancelled", "FATAL": "fatal"}
_REASONS = {
    "DONE": "Amazon gave no report of the feed",
    "CANCELLED": "the feed was cancelled before it was worked through; are selling rights suspended?",
    "FATAL": "Amazon gave the feed up; nothing, some or all of it may have been done",
}
_CONTRADICTS = "Amazon's report of the feed contradicts itself"


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a feed ended."""

    state: str
    by_sku: Mapping[str, SkuResult] = {}
    others: Literal["not sent", "unknown"] = "unknown"
    """What became of a SKU that is not named."""
    about_feed: str = ""
    """What Amazon says of none in particular."""
    reason: str = ""
    successful: int | None = None
    with_error: int | None = None
    with_warning: int | None = None


def ending_of(said: ListingsFeedResult) -> Ending:
    """Of a feed that is done, by its report."""
    results = said.by_sku.values()
    accepted = [result for result in results if result.outcome == "accepted"]
    about_feed = issues_text(said.about_feed)
    is_clear = all(result.outcome != "unknown" for result in results)
    reason = f"Amazon says: {about_feed}" if about_feed else ""
    return Ending(
        state="done",
        by_sku=said.by_sku,
        about_feed=about_feed,
        reason=reason or ("" if is_clear else _CONTRADICTS),
        successful=len(accepted),
        with_error=sum(result.outcome == "refused" for result in results),
        with_warning=sum(bool(result.issues) for result in accepted),
    )


def ending_without_report(status: str, why: str = "") -> Ending:
    """Only a cancelled feed is known not to have been worked through. `why`: no report can be read."""
    return Ending(
        state=_STATES[status],
        others="not sent" if status == "CANCELLED" else "unknown",
        reason=why or _REASONS[status],
    )


def uncreated(feed: FeedRecord, why: str = "") -> Ending:
    """Amazon certainly has no such feed."""
    return Ending(state="not created", others="not sent", reason=why or feed.reason or STOPPED)


def lost(reason: str, state: str = "lost") -> Ending:
    """Amazon has no such feed, or nobody will ever know which of its feeds it is."""
    return Ending(state=state, reason=reason)


def conclude(unit: Unit, feed_pk: int, ending: Ending, after: int, now: datetime) -> int | None:
    """Take down what became of so many messages after that one; the number to go on after, None at the end.

    With the last of them the feed has ended. Twice is as good as once.
    """
    feed = feeds.get(unit.connection, feed_pk)
    if feed is None:
        return None
    page = stock_messages.skus_of(unit.connection, feed_pk, after, ROWS_PER_UNIT)
    moves = Moves(now)
    for row in desired_stock.of_skus(unit.connection, feed.account_id, list(page.values())).values():
        _judge(moves, row, feed, ending)
        moves.feed_ended(row, submission_of(feed), reference=_name(feed))
    moves.save(unit)
    if len(page) == ROWS_PER_UNIT:
        return max(page)
    _end(unit, feed, ending, now)
    return None


def _judge(moves: Moves, row: DesiredRow, feed: FeedRecord, ending: Ending) -> None:
    """What has left the feed meanwhile stays as it is."""
    submission, result = submission_of(feed), ending.by_sku.get(row.sku)
    said = issues_text(result.issues) if result else ""
    match result.outcome if result else ending.others:
        case "accepted":
            moves.accepted(row, submission, reference=_name(feed), note=said)
        case "refused":
            moves.refused(row, submission, said or ending.about_feed, reference=_name(feed))
        case "not sent":
            moves.not_sent(row, submission, ending.reason)
        case "unknown":
            moves.lost(row, submission, ending.reason or _CONTRADICTS, reference=_name(feed))


def _end(unit: Unit, feed: FeedRecord, ending: Ending, now: datetime) -> None:
    stock_messages.forget(unit, feed.id)
    feeds.end(
        unit,
        feed,
        ending.state,
        now,
        ending.reason,
        successful=ending.successful,
        with_error=ending.with_error,
        with_warning=ending.with_warning,
    )


def _name(feed: FeedRecord) -> str:
    """Amazon's id, else ours, as `channelctl feed show` finds both."""
    return feed.feed_id or str(feed.id)
