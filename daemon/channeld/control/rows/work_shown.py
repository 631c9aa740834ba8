"""One piece of outbound work in full: its lines, its facts, the feeds that carried it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from channel_protocol.work import WorkFeed, WorkLine
from channeld.control.rows.work import carrier_text
from channeld.domain.ledger.effects import Cancel, Despatch, Refund
from channeld.domain.ledger.kinds import kind_of
from channeld.store.feeds import FeedMessage, FeedRecord
from channeld.store.ledger_records import WorkRecord
from channeld.store.order_records import OrderRecord

__all__ = ["work_facts", "work_feeds", "work_lines"]

_CONFIRMED_BY: Mapping[str, str] = {
    "report or order": "a report without an error, or a read of the order",
    "order": "a read of the order",
    "finances": "a transaction in Amazon's finances",
}


def work_lines(record: WorkRecord, order: OrderRecord) -> tuple[WorkLine, ...]:
    """What it does to each line of the order."""
    skus = {line.order_item_id: line.sku for line in order.lines}
    effect = record.effect
    if isinstance(effect, Refund):
        components = {part.type: part.minor for part in effect.components}
        return (WorkLine(order_item_id=effect.order_item_id, sku=effect.sku, components=components),)
    return tuple(
        WorkLine(
            order_item_id=part.order_item_id,
            sku=skus.get(part.order_item_id, ""),
            quantity=part.quantity,
        )
        for part in effect.lines
    )


def work_facts(record: WorkRecord) -> dict[str, str]:
    """More of it by label; only what it has."""
    kind, effect = kind_of(record.kind), record.effect
    facts: dict[str, str] = {}
    match effect:
        case Despatch():
            facts = {
                "Carrier": carrier_text(effect),
                "Tracking": effect.tracking or "untracked",
                "Shipped": _time(effect.shipped_at),
                "Forced": "yes" if effect.forced else "",
            }
        case Cancel():
            facts = {"Reason told": effect.reason, "Whole lines": ", ".join(effect.whole_lines)}
        case Refund():
            way = f"cancellation {record.follows}" if effect.by_cancellation else "an adjustment"
            facts = {"Reason told": effect.reason, "Given back by": way}
    facts |= {
        "Confirmed by": _CONFIRMED_BY[kind.confirmed_by],
        "Goes along with": str(record.follows or ""),
        "Sent last": _time(record.sent_at),
        "Reason code": record.reason_code,
    }
    return {label: text for label, text in facts.items() if text}


def work_feeds(found: Iterable[tuple[FeedRecord, FeedMessage]]) -> tuple[WorkFeed, ...]:
    """Every feed that has carried it, the oldest first."""
    return tuple(
        WorkFeed(
            number=feed.id,
            feed_id=feed.feed_id,
            message_id=message.message_id,
            result=message.result,
            code=message.code,
        )
        for feed, message in found
    )


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""
