"""Feeds wait in a lane for each account and type, one at a time, and take a while each.

Nothing runs in the background: whoever looks first lets happen what is due, at the instant it was due.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from channeld.sandbox.despatch import Impossible
from channeld.sandbox.feeds.order_messages import happen
from channeld.sandbox.feeds.processing import process
from channeld.sandbox.feeds.xml_tree import Node

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["Feed", "Lanes", "Processing"]

Processing = Literal["IN_QUEUE", "IN_PROGRESS", "DONE", "CANCELLED", "FATAL"]
QUEUED = 0.25
"""The part of a feed's fixed time that passes before it is in progress."""


class Feed(msgspec.Struct, kw_only=True):
    """One feed and how far it is."""

    feed_id: str
    feed_type: str
    seller_id: str
    marketplace_ids: tuple[str, ...]
    created: datetime
    content: bytes | None
    """What was uploaded, until it has been processed; None when there was nothing to read."""
    messages: int
    stuck: timedelta
    """How much longer it takes than it should."""
    status: Processing = "IN_QUEUE"
    started: datetime | None = None
    ended: datetime | None = None
    result_document_id: str = ""


class _Late(NamedTuple):
    """A message that has been reported, and has its effect later."""

    at: datetime
    feed: Feed
    body: Node


class Lanes:
    """All feeds of all accounts."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self.feeds: dict[str, Feed] = {}
        self._waiting: dict[tuple[str, str], list[Feed]] = {}
        self._free: dict[tuple[str, str], datetime] = {}
        self._late: list[_Late] = []

    def add(self, feed: Feed) -> None:
        """Into its lane, unless something cancels it at once."""
        self.feeds[feed.feed_id] = feed
        where = {"seller_id": feed.seller_id, "operation": feed.feed_type}
        if self._suspended(feed) or self._market.faults.fires("feed_cancelled", **where):
            feed.status, feed.ended = "CANCELLED", feed.created
            return
        if stuck := self._market.faults.fires("feed_stuck", **where):
            feed.stuck = timedelta(seconds=float(stuck.detail or self._market.options.feed_stuck_seconds))
        self._waiting.setdefault((feed.seller_id, feed.feed_type), []).append(feed)

    def cancel(self, feed: Feed, now: datetime) -> bool:
        """Whether it could be: only what is in the queue."""
        if feed.status != "IN_QUEUE":
            return False
        feed.status, feed.ended = "CANCELLED", now
        self._waiting[feed.seller_id, feed.feed_type].remove(feed)
        return True

    def put_off(self, feed: Feed, message: Node, at: datetime) -> None:
        """What the message asks for happens then, if it is still possible; nobody is told if it is not."""
        self._late.append(_Late(at, feed, message))

    def settle(self, now: datetime) -> None:
        """Let happen what was due by now, in its order."""
        while due := self._next(now):
            end, lane = due
            self._happen_late(end)
            self._market.submissions.settle(end)
            feed = self._waiting[lane].pop(0)
            feed.started, feed.ended, self._free[lane] = self._start(lane, feed), end, end
            process(self._market, feed, end)
            feed.content = None
        self._happen_late(now)
        for lane, feeds in self._waiting.items():
            if feeds and now >= (start := self._start(lane, feeds[0])):
                feeds[0].status, feeds[0].started = "IN_PROGRESS", start

    def _happen_late(self, by: datetime) -> None:
        due = sorted((late for late in self._late if late.at <= by), key=lambda late: late.at)
        self._late = [late for late in self._late if late.at > by]
        for at, feed, body in due:
            with suppress(Impossible):
                happen(self._market, feed, body, at)

    def _next(self, now: datetime) -> tuple[datetime, tuple[str, str]] | None:
        ends = [(self._end(lane, feeds[0]), lane) for lane, feeds in self._waiting.items() if feeds]
        first = min(ends, default=None)
        return first if first and first[0] <= now else None

    def _turn(self, lane: tuple[str, str], feed: Feed) -> datetime:
        return max(feed.created, self._free.get(lane, feed.created))

    def _start(self, lane: tuple[str, str], feed: Feed) -> datetime:
        return self._turn(lane, feed) + timedelta(seconds=self._market.options.feed_seconds * QUEUED)

    def _end(self, lane: tuple[str, str], feed: Feed) -> datetime:
        options = self._market.options
        seconds = options.feed_seconds + feed.messages * options.feed_message_seconds
        return self._turn(lane, feed) + timedelta(seconds=seconds) + feed.stuck

    def _suspended(self, feed: Feed) -> bool:
        """A seller who may not sell there has feeds cancelled."""
        account = self._market.accounts[feed.seller_id]
        closed = {account.marketplace_id(country) for country in account.suspended}
        return bool(closed & set(feed.marketplace_ids))
