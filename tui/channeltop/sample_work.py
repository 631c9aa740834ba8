"""Outbound work, feeds and the ship-by board, always the same: for pictures of the monitor."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from channel_protocol.audit import AuditRow
from channel_protocol.feeds import FeedMessage, FeedRow, FeedShown
from channel_protocol.order_answers import DueRow
from channel_protocol.orders import OrderRow
from channel_protocol.work import WorkFeed, WorkLine, WorkRow, WorkShown

__all__ = ["feed_shown", "rows", "work_shown"]

FULFILMENT, CANCELLING, REFUNDING = (
    "POST_ORDER_FULFILLMENT_DATA",
    "POST_ORDER_ACKNOWLEDGEMENT_DATA",
    "POST_PAYMENT_ADJUSTMENT_DATA",
)
UNKNOWN_CARRIER = "Amazon does not know the carrier (attempt 3)"
USED_UP = "Refund attempt 5 of 5 failed: the adjustment is above what was charged"


class Sample(NamedTuple):
    """One piece of work of the order at that place in the list."""

    at: int
    kind: str
    state: str
    says: str
    route: str
    summary: str
    attempts: int = 0
    reason: str = ""
    hint: str = ""
    amount: int | None = None


REQUEST = """{
  "packageReferenceId": "5004",
  "carrierCode": "Dragonfly",
  "trackingNumber": "DF00912"
}"""
ADJUSTMENT = """<OrderAdjustment>
  <AmazonOrderID>205-4410275-1901227</AmazonOrderID>
  <AdjustedItem>
    <AdjustmentReason>GeneralAdjustment</AdjustmentReason>
  </AdjustedItem>
</OrderAdjustment>"""
WORK = (
    Sample(0, "despatch", "confirmed", "confirmed", "call", "2 units by Royal Mail 48, AB123456785GB"),
    Sample(5, "despatch", "submitted", "submitted", "call", "1 unit by Royal Mail 24, AB123456799GB"),
    Sample(
        1, "despatch", "queued", "queued", "feed", "2 units by DHL Paket, untracked", 2, "503 from Amazon"
    ),
    Sample(
        16,
        "despatch",
        "needs_attention",
        "needs attention",
        "call",
        "3 units by Dragonfly, DF00912",
        3,
        UNKNOWN_CARRIER,
        "Retry it with another carrier, or with Other and its name.",
    ),
    Sample(17, "despatch", "queued", "queued", "", "1 unit by Colissimo, 6A123"),
    Sample(33, "cancellation", "submitted", "submitted", "feed", "the whole order, NoInventory"),
    Sample(2, "refund", "confirmed", "PROCESSED", "feed", "TEA-EARL-250, CustomerReturn", 1, amount=1200),
    Sample(
        8,
        "refund",
        "needs_attention",
        "ERROR",
        "feed",
        "MUG-BLUE, GeneralAdjustment",
        5,
        USED_UP,
        "See the order's refunds in Seller Central, then retry or dismiss it.",
        4990,
    ),
    Sample(
        7,
        "refund",
        "unknown",
        "PENDING",
        "feed",
        "TEA-EARL-250, CouldNotShip",
        reason="No answer to createFeed",
        amount=899,
    ),
    Sample(10, "cancellation", "dismissed", "dismissed", "feed", "1 unit of MUG-BLUE, BuyerCanceled", 1),
)
FEEDS = (
    (1, CANCELLING, "90017001", "done", "DONE", 1, (1, 0, 0), 620),
    (2, REFUNDING, "90017014", "done", "DONE", 2, (1, 1, 0), 190),
    (3, FULFILMENT, "90017022", "done", "DONE", 41, (40, 0, 1), 95),
    (4, REFUNDING, "", "unknown", "", 1, None, 44),
    (5, FULFILMENT, "90017041", "submitted", "IN_QUEUE", 12, None, 133),
    (6, CANCELLING, "90017043", "submitted", "IN_PROGRESS", 1, None, 3),
)
ZONES = {
    "uk-main": ("UK", "Europe/London"),
    "de-main": ("DE", "Europe/Berlin"),
    "fr-main": ("FR", "Europe/Paris"),
    "us-main": ("US", "America/Los_Angeles"),
    "jp-trial": ("JP", "Asia/Tokyo"),
}
NOTES = {1: "queued", 16: "needs_attention", 17: "queued"}


def rows(topic: str, orders: Sequence[OrderRow], now: datetime) -> Sequence[WorkRow | FeedRow | DueRow]:
    """The rows of one of the three topics, of these orders."""
    if topic == "feeds":
        return _feeds(now)
    return _due_rows(orders) if topic == "due" else _work_rows(orders, now)


def _work_rows(orders: Sequence[OrderRow], now: datetime) -> list[WorkRow]:
    """One of each kind in most states."""
    return [_work(5001 + n, orders[each.at], now, n, each) for n, each in enumerate(WORK)]


def _work(work_id: int, order: OrderRow, now: datetime, n: int, of: Sample) -> WorkRow:
    is_open = of.state in ("queued", "sending", "submitted", "unknown")
    ended = of.state in ("confirmed", "dismissed")
    held = "the channel is in dry run" if order.channel == "fr-main" and of.state == "queued" else ""
    return WorkRow(
        version=1,
        work_id=work_id,
        kind=of.kind,
        order_id=order.order_id,
        channel=order.channel,
        account=order.account,
        state=of.state,
        says=of.says,
        held=held,
        route=of.route,
        summary=of.summary,
        amount=of.amount,
        currency=order.currency if of.amount else "",
        attempts=of.attempts,
        attempts_allowed=5 if of.kind == "refund" else None,
        next_at=now + timedelta(minutes=4 + 9 * n) if is_open and not held else None,
        deadline=order.ship_by if of.kind == "despatch" else None,
        window_until=now + timedelta(hours=21) if of.attempts and of.kind != "refund" else None,
        reason=of.reason,
        hint=of.hint,
        created_at=now - timedelta(minutes=150 - 11 * n),
        created_by="anna",
        submitted_at=None if of.state == "queued" else now - timedelta(minutes=120 - 11 * n),
        ended_at=now - timedelta(minutes=60 - 5 * n) if ended else None,
        feed_id="90017022" if of.route == "feed" and ended else "",
    )


def work_shown(row: WorkRow, now: datetime) -> WorkShown:
    """The detail of one of them."""
    refund = row.kind == "refund"
    components = {"Principal": 4158, "Tax": 832} if refund else {}
    quantity = None if refund else 3
    told = (
        {"reason": "GeneralAdjustment"} if refund else {"carrier": "Other: Dragonfly", "tracking": "DF00912"}
    )
    line = WorkLine(order_item_id="48820193744", sku="MUG-BLUE", quantity=quantity, components=components)
    carried = WorkFeed(number=2, feed_id="90017014", message_id=2, result="error", code="18028")
    return WorkShown(
        row=row,
        lines=(line,),
        facts={**told, "confirmed by": "the finances" if refund else "a read of the order"},
        feeds=(carried,) if row.route == "feed" else (),
        request=ADJUSTMENT if refund else REQUEST,
        audit=(_failed(row, now, 41, 2), _failed(row, now, 42, 3)),
    )


def _failed(row: WorkRow, now: datetime, entry: int, attempt: int) -> AuditRow:
    return AuditRow(
        version=entry,
        entry=entry,
        at=now - timedelta(minutes=50 - 10 * attempt),
        account=row.account,
        channel=row.channel,
        order_id=row.order_id,
        code=f"{row.kind}.failed",
        text="Order Despatch Failed" if row.kind == "despatch" else "Refund failed",
        reason=f"{row.reason.partition(' (')[0]} (attempt {attempt})",
        by="channeld",
    )


def _feeds(now: datetime) -> list[FeedRow]:
    """Some that are done, one whose creation got no answer, one that does not move."""
    return [_feed(now, *feed) for feed in FEEDS]


def _feed(
    now: datetime,
    number: int,
    feed_type: str,
    feed_id: str,
    state: str,
    amazon_status: str,
    messages: int,
    results: tuple[int, int, int] | None,
    minutes: int,
) -> FeedRow:
    created = now - timedelta(minutes=minutes)
    stuck = state == "submitted" and minutes > 90
    successful, with_error, with_warning = results or (None, None, None)
    return FeedRow(
        version=1,
        number=number,
        account="eu",
        feed_type=feed_type,
        feed_id=feed_id,
        state=state,
        amazon_status=amazon_status,
        messages=messages,
        successful=successful,
        with_error=with_error,
        with_warning=with_warning,
        created_at=created,
        submitted_at=created + timedelta(seconds=4) if feed_id else None,
        next_look=None if state == "done" else now + timedelta(seconds=95 + 20 * number),
        stuck_since=created + timedelta(minutes=60) if stuck else None,
        ended_at=created + timedelta(minutes=7) if state == "done" else None,
        reason="Amazon has not begun it for over an hour" if stuck else "",
        hint="Urgent notes go by requests of their own meanwhile." if stuck else "",
    )


def feed_shown(row: FeedRow, orders: Sequence[OrderRow]) -> FeedShown:
    """What came of its messages."""
    codes = (("error", "18028"), ("warning", "5001"), ("ok", ""), ("ok", ""))
    results = [
        FeedMessage(message_id=n, work_id=5000 + n, order_id=orders[n].order_id, result=result, code=code)
        for n, (result, code) in enumerate(codes, start=1)
    ]
    return FeedShown(row=row, results=tuple(results) if row.state == "done" else ())


def _due_rows(orders: Sequence[OrderRow]) -> list[DueRow]:
    """The open ones of these orders."""
    return [_due(n, order) for n, order in enumerate(orders) if order.state == "open"]


def _due(n: int, order: OrderRow) -> DueRow:
    marketplace, zone = ZONES[order.channel]
    return DueRow(
        version=1,
        order_id=order.order_id,
        channel=order.channel,
        account=order.account,
        marketplace=marketplace,
        zone=zone,
        ship_by=order.ship_by,
        units=order.units,
        risk="",
        note=NOTES.get(n, ""),
        service=order.shipping_service,
        flags=order.flags,
    )
