"""Units are withdrawn from what is to be sent, and Amazon is to cancel them, also for a refund (C2, C3)."""

from collections import Counter

import msgspec

from channeld.amazon.assumptions import PARTIAL_CANCEL_BY_QUANTITY
from channeld.book.ledger import moves
from channeld.book.ledger.parts import seen_parts
from channeld.commands.asking import Asked
from channeld.commands.outbound import Answerable, units_text
from channeld.domain.ledger.effects import Cancel
from channeld.domain.ledger.kinds import CANCELLATION
from channeld.domain.ledger.route import Route
from channeld.domain.order import Units
from channeld.errors import Problem
from channeld.store import audit, order_history
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["part_problems", "withdraw", "write_down"]


def part_problems(lines: tuple[Units, ...], whole_lines: tuple[str, ...]) -> list[Problem]:
    """Parts of lines, where Amazon cannot be told of one."""
    return [
        Problem(key=f"lines.{part.order_item_id}", message="can only be cancelled whole")
        for part in lines
        if not PARTIAL_CANCEL_BY_QUANTITY and part.order_item_id not in whole_lines
    ]


def withdraw(unit: Unit, asked: Asked, order: Answerable, effect: Cancel) -> WorkRecord:
    """Queue a cancellation and withdraw its units from what is to be sent."""
    lines = ",".join(f"{part.order_item_id}:{part.quantity}" for part in effect.lines)
    number = len(order.history.withdrawals) + 1
    key = f"{order.channel.id}/{order.record.order_id}/{lines}/{number}"
    named = {part.order_item_id for part in effect.lines}
    beside = [each for each in order.history.cancellations if each.ended_at is None]
    taken_off = Counter[str]()
    for each in beside:
        taken_off.update({part.order_item_id: part.quantity for part in seen_parts(each)})
    effect = msgspec.structs.replace(
        effect,
        shown=tuple(
            Units(line.order_item_id, line.fulfilled + line.unfulfilled + taken_off[line.order_item_id])
            for line in order.record.lines
            if line.order_item_id in named
        ),
        beside=tuple(each.id for each in beside),
    )
    (work,) = moves.queue(unit, [order.work(asked, CANCELLATION.name, key, effect, Route.FEED)])
    write_down(unit, asked, order, effect, work)
    return work


def write_down(unit: Unit, asked: Asked, order: Answerable, effect: Cancel, work: WorkRecord | None) -> None:
    """They are not sent from now on, whether or not Amazon is told."""
    named = {part.order_item_id for part in effect.lines}
    withdrawal = order_history.Withdrawal(
        order_pk=order.record.id,
        work_id=work.id if work else None,
        lines=effect.lines,
        reason=effect.reason,
        at=asked.now,
        by=asked.by,
        gone=tuple(
            Units(line.order_item_id, line.cancelled)
            for line in order.facts.lines
            if line.order_item_id in named and line.cancelled
        ),
    )
    order_history.add_withdrawal(unit, withdrawal)
    unit.changed("due", order.record.key)
    units = units_text(sum(part.quantity for part in effect.lines))
    audit.add(
        unit, order.entry(asked, "cancellation.requested", f"Cancellation of {units}: {effect.reason}", work)
    )
