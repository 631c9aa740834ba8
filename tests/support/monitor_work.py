"""Outbound work, feeds and orders to be sent, with the parts that a test of the monitor cares about."""

from datetime import datetime, timedelta

from channel_protocol.feeds import FeedRow
from channel_protocol.order_answers import DueRow
from channel_protocol.work import WorkRow, WorkShown
from tests.support.fake_clock import START
from tests.support.monitor_rows import entry, order

ATTENTION = "needs_attention"


def work(
    n: int = 1,
    *,
    kind: str = "despatch",
    state: str = "queued",
    says: str = "",
    held: str = "",
    summary: str = "2 units by Royal Mail 48, AB1",
    amount: int | None = None,
    attempts: int = 0,
    deadline: datetime | None = None,
    ended_at: datetime | None = None,
    reason: str = "",
    hint: str = "",
    channel: str = "uk-main",
    version: int = 1,
) -> WorkRow:
    """Piece of work number `n`, for order number `n`."""
    return WorkRow(
        version=version,
        work_id=n,
        kind=kind,
        order_id=order(n).order_id,
        channel=channel,
        account="eu",
        state=state,
        says=says or state.replace("_", " "),
        held=held,
        summary=summary,
        amount=amount,
        currency="GBP" if amount is not None else "",
        attempts=attempts,
        deadline=deadline,
        reason=reason,
        hint=hint,
        created_at=START,
        created_by="anna",
        ended_at=ended_at,
    )


def work_shown(row: WorkRow) -> WorkShown:
    return WorkShown(
        row=row,
        lines=(),
        facts={"tracking": "AB1"},
        feeds=(),
        request='{"packageReferenceId": "1"}',
        audit=(entry(9, order_id=row.order_id, text="Order Despatch Failed", reason="503 (attempt 1)"),),
    )


def feed(n: int = 1, *, state: str = "submitted", stuck_since: datetime | None = None) -> FeedRow:
    return FeedRow(
        version=1,
        number=n,
        account="eu",
        feed_type="POST_ORDER_FULFILLMENT_DATA",
        feed_id=f"9000{n}",
        state=state,
        amazon_status="IN_QUEUE" if state == "submitted" else "DONE",
        messages=3,
        successful=2 if state == "done" else None,
        with_error=1 if state == "done" else None,
        with_warning=0 if state == "done" else None,
        created_at=START - timedelta(hours=2),
        submitted_at=START - timedelta(hours=2),
        next_look=START + timedelta(minutes=5),
        stuck_since=stuck_since,
        ended_at=None,
        reason="",
        hint="",
    )


def due(
    n: int = 1,
    *,
    ship_by: datetime | None = None,
    zone: str = "Europe/London",
    note: str = "",
    risk: str = "",
) -> DueRow:
    return DueRow(
        version=1,
        order_id=order(n).order_id,
        channel="uk-main",
        account="eu",
        marketplace="UK",
        zone=zone,
        ship_by=ship_by,
        units=2,
        risk=risk,
        note=note,
        service="Royal Mail 48",
    )
