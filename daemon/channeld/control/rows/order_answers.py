"""What came of answering an order, or would come of it, on the wire."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from channel_protocol.order_answers import (
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    RefundLine,
)
from channel_protocol.work import WorkRow
from channeld.commands.order_cancel import CancelPlan
from channeld.commands.order_process import Processed
from channeld.commands.order_refund import PlannedRefund
from channeld.commands.outbound import units_text
from channeld.control.rows.work import work_row, work_rows
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.states import State
from channeld.domain.money import format_amount
from channeld.domain.order import Units
from channeld.domain.refund.plan import LinePlan
from channeld.store.ledger_records import WorkRecord
from channeld.store.names import names
from channeld.store.order_records import OrderRecord

__all__ = ["cancelled", "processed", "refunded"]


def processed(connection: Connection, result: Processed, instance: str) -> OrderProcessed:
    """What came of a parcel."""
    row = work_row(connection, result.work, instance) if result.work else None
    return OrderProcessed(
        order_id=result.record.order_id,
        channel=names(connection).channel(result.record.channel_id),
        parcel=_lines(result.parcel.lines, result.record),
        outcome="rejected" if result.shut else "queued" if row else "not required",
        message=_processed_text(result, row.held if row else ""),
        row=row,
        left=result.left,
    )


def cancelled(
    connection: Connection,
    plan: CancelPlan,
    instance: str,
    *,
    done: bool = False,
    work: WorkRecord | None = None,
) -> OrderCancelled:
    """What came of a cancellation, or would."""
    order, effect = plan.order, plan.effect
    row = work_row(connection, work, instance) if work else None
    return OrderCancelled(
        order_id=order.record.order_id,
        channel=order.channel.name,
        done=done,
        outcome=_cancel_outcome(work) if done else "preview",
        message=_cancel_text(plan, done=done, held=row.held if row else ""),
        lines=_lines(effect.lines, order.record),
        currency=order.record.currency,
        amount=plan.amount,
        here_only=plan.here_only,
        row=row,
    )


def refunded(
    connection: Connection,
    planned: PlannedRefund,
    instance: str,
    *,
    done: bool = False,
    work: Mapping[str, WorkRecord] | None = None,
) -> OrderRefunded:
    """What came of a refund, or would."""
    titles = {line.order_item_id: line.title for line in planned.order.record.lines}
    rows = work or {}
    held = _held(work_rows(connection, tuple(rows.values()), instance))
    return OrderRefunded(
        order_id=planned.order.record.order_id,
        channel=planned.order.channel.name,
        done=done,
        outcome="not sent" if planned.unsent else "queued" if done else "preview",
        message=_refund_text(planned, done=done, held=held),
        currency=planned.charged.currency,
        amount=planned.plan.minor,
        lines=tuple(_refund_line(line, titles, rows.get(line.order_item_id)) for line in planned.plan.lines),
    )


def _lines(lines: tuple[Units, ...], order: OrderRecord) -> tuple[LineUnits, ...]:
    skus = {line.order_item_id: line.sku for line in order.lines}
    return tuple(
        LineUnits(line=part.order_item_id, quantity=part.quantity, sku=skus.get(part.order_item_id, ""))
        for part in lines
    )


def _processed_text(result: Processed, held: str) -> str:
    units = units_text(sum(part.quantity for part in result.parcel.lines))
    if result.work is None:
        return f"{units} processed; Amazon is not told, as Despatch notes are off."
    if result.shut:
        return f"{units} processed; Amazon is not told, now or later: {result.shut}."
    effect = result.work.effect
    way = "" if isinstance(effect, Despatch) and effect.tracking else " by feed, as it is untracked"
    return f"{units} processed; despatch note {result.work.id} is {_queued(held)}{way}."


def _cancel_outcome(work: WorkRecord | None) -> str:
    if work is None:
        return "not sent"
    return "rejected" if work.state is State.REJECTED else "queued"


def _cancel_text(plan: CancelPlan, *, done: bool, held: str) -> str:
    units = units_text(sum(part.quantity for part in plan.effect.lines))
    verb = "cancelled here" if done else "would be cancelled"
    if not plan.order.settings.order_cancellations:
        return f"{units} {verb}; Amazon is not told, as Order Cancellations are off."
    if plan.order.shut:
        return f"{units} {verb}; Amazon is not told, now or later: {plan.order.shut}."
    return f"{units} {verb}; the cancellation is {_queued(held)}." if done else f"{units} {verb} at Amazon."


def _refund_text(planned: PlannedRefund, *, done: bool, held: str) -> str:
    amount = format_amount(planned.plan.minor, planned.charged.currency)
    if planned.unsent:
        verb = "is not" if done else "would not be"
        return f"{amount} {verb} given back: {planned.unsent}. Nothing is queued."
    notes = [f"{amount} {'is queued to be' if done else 'would be'} given back{_and_held(held)}"]
    if planned.plan.cancel:
        units = units_text(sum(part.quantity for part in planned.plan.cancel))
        notes.append(f"{units} not shipped: by cancelling")
    if any(not line.by_cancellation for line in planned.plan.lines):
        notes.append("what was shipped by an adjustment, as it cannot be cancelled any more")
    not_shipped = sum(line.not_shipped for line in planned.plan.lines)
    if not_shipped:
        notes.append(f"{units_text(not_shipped)} of the same lines not shipped: not charged, not touched")
    return f"{'; '.join(notes)}."


def _refund_line(line: LinePlan, titles: Mapping[str, str], work: WorkRecord | None) -> RefundLine:
    return RefundLine(
        order_item_id=line.order_item_id,
        sku=line.sku,
        title=titles.get(line.order_item_id, ""),
        components=dict(line.components),
        amount=line.minor,
        charged=line.charged,
        refunded=line.refunded,
        left=line.left,
        by_cancellation=line.by_cancellation,
        work_id=work.id if work else None,
    )


def _held(rows: Sequence[WorkRow]) -> str:
    """Why the first of them is held that is; lines that follow a cancellation are with it."""
    return next((row.held for row in rows if row.held), "")


def _queued(held: str) -> str:
    return f"queued{_and_held(held)}"


def _and_held(held: str) -> str:
    return f", and held: {held}" if held else ""
