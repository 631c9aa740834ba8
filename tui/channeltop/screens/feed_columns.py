"""The columns of feeds, and of what came of a feed's messages."""

from datetime import datetime

from channel_protocol.feeds import FeedMessage, FeedRow
from channeltop.format import NOTHING, age, count, countdown
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.work import FINISHED_FEEDS

__all__ = ["FEED_COLUMNS", "MESSAGE_COLUMNS", "SIGNS", "feed_text", "feed_tone", "results", "short_type"]

SIGNS: dict[str, tuple[str, Tone]] = {
    "preparing": ("○", "muted"),
    "sending": ("◌", "accent"),
    "submitted": ("◌", "accent"),
    "unknown": ("?", "warn"),
    "done": ("✓", "good"),
    "cancelled": ("×", "warn"),
    "fatal": ("■", "bad"),
    "not created": ("×", "muted"),
    "lost": ("■", "bad"),
    "abandoned": ("–", "muted"),
}
RESULTS: dict[str, Tone] = {"ok": "good", "warning": "warn", "error": "bad", "unknown": "warn"}


def feed_text(row: FeedRow) -> str:
    """What words of a filter are looked for in."""
    stuck = "stuck" if row.stuck_since else ""
    return f"{row.feed_type} {row.account} {row.feed_id} {row.state} {row.amazon_status} {stuck} {row.reason}"


def short_type(feed_type: str) -> str:
    """A feed's type as people say it: `POST_ORDER_FULFILLMENT_DATA` is `order fulfillment`."""
    if feed_type == "JSON_LISTINGS_FEED":
        return "stock"
    return feed_type.removeprefix("POST_").removesuffix("_DATA").replace("_", " ").lower()


def results(row: FeedRow) -> str:
    """What came of its messages: `9 ok, 1 error`; a dash while there is no report."""
    counts = ((row.successful, "ok"), (row.with_error, "error"), (row.with_warning, "warning"))
    if all(number is None for number, _ in counts):
        return NOTHING
    return ", ".join(f"{number:,} {word}" for number, word in counts if number) or "0"


def feed_tone(row: FeedRow) -> Tone:
    """How its state is meant; a feed that does not move stands out."""
    return "bad" if row.stuck_since else SIGNS.get(row.state, ("·", ""))[1]


def _state(row: FeedRow, now: datetime) -> str:
    if row.stuck_since:
        return f"■ stuck {age(row.stuck_since, now)}"
    return f"{SIGNS.get(row.state, ('·', ''))[0]} {row.state}"


def _results_tone(row: FeedRow, now: datetime) -> Tone:
    return "bad" if row.with_error else "warn" if row.with_warning else "muted"


def _muted(row: FeedRow, now: datetime) -> Tone:
    return "muted"


def _next(row: FeedRow, now: datetime) -> str:
    return NOTHING if row.state in FINISHED_FEEDS else countdown(row.next_look, now)


FEED_COLUMNS: tuple[Column[FeedRow], ...] = (
    Column(
        name="type",
        heading="Feed",
        width=21,
        text=lambda row, now: short_type(row.feed_type),
        grow=1,
        order=lambda row: row.feed_type,
    ),
    Column(
        name="account",
        heading="Account",
        width=8,
        priority=4,
        text=lambda row, now: row.account,
        order=lambda row: row.account,
    ),
    Column(
        name="id",
        heading="Amazon's id",
        width=12,
        priority=3,
        text=lambda row, now: row.feed_id or NOTHING,
        tone=_muted,
        order=lambda row: row.number,
    ),
    Column(
        name="state",
        heading="State",
        width=14,
        text=_state,
        tone=lambda row, now: feed_tone(row),
        order=lambda row: row.state,
        ticking=True,
    ),
    Column(
        name="amazon",
        heading="At Amazon",
        width=11,
        priority=5,
        text=lambda row, now: row.amazon_status.replace("_", " ").lower(),
        tone=_muted,
    ),
    Column(
        name="messages",
        heading="Messages",
        width=9,
        right=True,
        text=lambda row, now: count(row.messages),
        order=lambda row: row.messages,
    ),
    Column(
        name="results",
        heading="Results",
        width=14,
        grow=1,
        text=lambda row, now: results(row),
        tone=_results_tone,
    ),
    Column(
        name="next",
        heading="Next look",
        width=9,
        priority=2,
        right=True,
        text=_next,
        tone=_muted,
        ticking=True,
    ),
    Column(
        name="created",
        heading="Made",
        width=8,
        priority=6,
        right=True,
        text=lambda row, now: f"{age(row.created_at, now)}",
        tone=_muted,
        order=lambda row: row.created_at.timestamp(),
        ticking=True,
    ),
)
MESSAGE_COLUMNS: tuple[Column[FeedMessage], ...] = (
    Column(name="message", heading="Message", width=7, right=True, text=lambda row, now: str(row.message_id)),
    Column(
        name="work", heading="Work", width=8, right=True, text=lambda row, now: str(row.work_id or NOTHING)
    ),
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id or row.sku,
        tone=lambda row, now: "strong",
    ),
    Column(
        name="result",
        heading="Result",
        width=9,
        text=lambda row, now: row.result or NOTHING,
        tone=lambda row, now: RESULTS.get(row.result, "muted"),
    ),
    Column(name="code", heading="Amazon's code", width=13, text=lambda row, now: row.code, grow=1),
)
