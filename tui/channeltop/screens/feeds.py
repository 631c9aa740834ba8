"""The feeds: documents with many messages that Amazon works through in its own time."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from channel_protocol.base import Reply, Request
from channel_protocol.feeds import AbandonFeed, FeedAbandoned, FeedRow, FeedShown, ShowFeed
from channeltop.asked import Asked, Raised
from channeltop.format import moment, things
from channeltop.model import Model, Rows
from channeltop.screens.detail import Detail, section
from channeltop.screens.feed_columns import (
    FEED_COLUMNS,
    MESSAGE_COLUMNS,
    feed_text,
    feed_tone,
    results,
    short_type,
)
from channeltop.screens.list_page import ListPage
from channeltop.screens.question import Question
from channeltop.widgets.table import Table
from channeltop.widgets.tones import joined, toned
from channeltop.work import feeds_in_order

__all__ = ["FeedDetail", "Feeds"]


class Feeds(ListPage[FeedRow]):
    """Stuck ones first, then unfinished ones, then the others."""

    MODE = "work"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "close", "Back", key_display="esc", tooltip="back to the work"),
        Binding("enter", "open", "Open", tooltip="what came of the feed's messages"),
        Binding("x", "abandon", "Abandon", tooltip="give up a feed that is stuck; asks first"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._source: Rows | None = None
        self._ordered: Mapping[str, FeedRow] = {}

    def table(self) -> Table[FeedRow]:
        return Table(FEED_COLUMNS, key=lambda row: row.key, text=feed_text)

    def rows(self, model: Model) -> Mapping[str, FeedRow]:
        source = model.topics["feeds"].rows
        if source is not self._source:
            self._source = source
            self._ordered = {row.key: row for row in feeds_in_order(model.feeds.values())}
        return self._ordered

    def empty(self, model: Model) -> str:
        return "No feed was made yet."

    def describe(self, row: FeedRow, now: datetime) -> Content:
        return feed_described(row, now)

    def on_table_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if row := self.selected:
            self.post_message(Raised(FeedDetail(row.number)))

    def action_abandon(self) -> None:
        """Give it up, after a look at what that means. The daemon refuses what ends by itself."""
        if row := self.selected:
            wish = AbandonFeed(command_id="", feed=str(row.number))
            self.post_message(Asked(wish, lambda reply: self._agree(wish, reply)))

    def _agree(self, wish: AbandonFeed, reply: Reply | None) -> None:
        def answered(agreed: bool | None) -> None:
            if agreed:
                self.post_message(Asked(replace(wish, confirmed=True)))

        if isinstance(reply, FeedAbandoned):
            title = f"Give up feed {reply.row.number} of {reply.row.account}?"
            self.post_message(Raised(Question(title, Content(reply.message), "gives it up"), answered))

    def action_close(self) -> None:
        self.dismiss()


class FeedDetail(Detail):
    """One feed and what came of its messages, those that did not succeed first."""

    MODE = "work"

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def request(self) -> Request:
        return ShowFeed(feed=str(self._number))

    def mark(self, model: Model) -> Hashable:
        row = model.feeds.get(str(self._number))
        return row.version if row else -1

    def heading(self, reply: Reply) -> Content:
        return feed_described(reply.row, self.now) if isinstance(reply, FeedShown) else Content()

    def parts(self, reply: Reply) -> Iterable[Widget]:
        if isinstance(reply, FeedShown):
            messages = Table(MESSAGE_COLUMNS, key=lambda row: str(row.message_id), cursor=False)
            messages.show(reply.results, self.now)
            nothing = Static("Nothing is known of its messages yet.")
            yield from section("Messages", messages if reply.results else nothing)


def feed_described(row: FeedRow, now: datetime) -> Content:
    """Which feed, how it stands, and what to do: two or three lines."""
    first = joined(
        (
            toned(f"feed {row.number} of {row.account}", "strong"),
            Content(short_type(row.feed_type)),
            Content(row.feed_id),
            toned(row.state, feed_tone(row)),
            toned(row.amazon_status, "muted"),
        )
    )
    second = joined(
        (
            Content(f"{things(row.messages, 'message')}: {results(row)}"),
            toned(f"sent {moment(row.submitted_at, now)}" if row.submitted_at else "", "muted"),
            toned(f"stuck since {moment(row.stuck_since, now)}" if row.stuck_since else "", "bad"),
            toned(f"ended {moment(row.ended_at, now)}" if row.ended_at else "", "muted"),
        )
    )
    third = joined((toned(row.reason, "warn"), toned(row.hint, "accent")), "  →  ")
    return Content("\n").join(line for line in (first, second, third) if line.plain)
