"""Units of an order will not be sent: it is written down, and Amazon is told of it (semantics C2)."""

import msgspec
from sqlalchemy import Connection

from channeld.amazon.assumptions import PARTIAL_CANCEL_BY_QUANTITY
from channeld.book.ledger import moves
from channeld.commands.asking import Asked, refusal
from channeld.commands.outbound import Answerable, answerable, hand_of, units_text
from channeld.domain.cancellation import plan_cancellation
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.ledger.kinds import CANCELLATION
from channeld.domain.ledger.states import OPEN, State
from channeld.domain.order import Units
from channeld.domain.order_units import Wanted
from channeld.domain.refund.reasons import CANCEL_REASONS, read_reason
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, order_acts
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["CancelPlan", "Cancelling", "cancel_order", "give_back_units", "plan_cancel"]

NOT_SENT = ("cancellation.not_sent", "Cancellation not sent: cancellations disabled")


class Cancelling(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants cancelled."""

    order_id: str
    channel: str | None = None
    reason: str
    """One of Amazon's."""
    lines: tuple[Wanted, ...] = ()
    """None: the whole order."""


class CancelPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A cancellation that may be carried out as it stands."""

    order: Answerable
    effect: Cancel


def plan_cancel(connection: Connection, wish: Cancelling) -> CancelPlan:
    """Raises `InvalidRequest` with every problem. Writes nothing."""
    order = answerable(connection, wish.order_id, wish.channel)
    planned = plan_cancellation(order.facts, order.acts.here, wish.lines)
    reason = read_reason(wish.reason, CANCEL_REASONS)
    problems = [reason] if isinstance(reason, Problem) else []
    if isinstance(planned, list):
        raise _refusal(order, [*planned, *problems])
    problems += part_problems(planned.lines, planned.whole_lines)
    if isinstance(reason, Problem) or problems:
        raise refusal(problems, "The cancellation")
    return CancelPlan(
        order=order, effect=Cancel(reason=reason, lines=planned.lines, whole_lines=planned.whole_lines)
    )


def cancel_order(unit: Unit, asked: Asked, wish: Cancelling) -> tuple[CancelPlan, WorkRecord | None]:
    """Write it down, and queue it if Order Cancellations are on; a channel that is off rejects it for good.

    Raises as `plan_cancel`.
    """
    plan = plan_cancel(unit.connection, wish)
    order = plan.order
    if not order.settings.order_cancellations:
        _write_down(unit, asked, order, plan.effect, None)
        audit.add(unit, order.entry(asked, *NOT_SENT))
        return plan, None
    work = give_back_units(unit, asked, order, plan.effect)
    if order.shut:
        work = moves.rejected(unit, work, hand_of(asked), order.shut)
    return plan, work


def give_back_units(unit: Unit, asked: Asked, order: Answerable, effect: Cancel) -> WorkRecord:
    """Queue a cancellation and withdraw its units from what is to be sent."""
    lines = ",".join(f"{part.order_item_id}:{part.quantity}" for part in effect.lines)
    number = len(order.acts.withdrawals) + 1
    key = f"{order.channel.id}/{order.record.order_id}/{lines}/{number}"
    named = {part.order_item_id for part in effect.lines}
    ordered = (Units(each.order_item_id, each.quantity) for each in order.record.lines)
    effect = msgspec.structs.replace(
        effect, ordered=tuple(each for each in ordered if each.order_item_id in named)
    )
    (work,) = moves.queue(unit, [order.work(asked, CANCELLATION.name, key, effect, "feed")])
    _write_down(unit, asked, order, effect, work)
    return work


def part_problems(lines: tuple[Units, ...], whole_lines: tuple[str, ...]) -> list[Problem]:
    """Parts of lines, where Amazon cannot be told of one."""
    return [
        Problem(key=f"lines.{part.order_item_id}", message="can only be cancelled whole")
        for part in lines
        if not PARTIAL_CANCEL_BY_QUANTITY and part.order_item_id not in whole_lines
    ]


def _write_down(unit: Unit, asked: Asked, order: Answerable, effect: Cancel, work: WorkRecord | None) -> None:
    withdrawal = order_acts.Withdrawal(
        order_pk=order.record.id,
        work_id=work.id if work else None,
        lines=effect.lines,
        reason=effect.reason,
        at=asked.now,
        by=asked.by,
    )
    order_acts.add_withdrawal(unit, withdrawal)
    unit.changed("due", order.record.key)
    units = units_text(sum(part.quantity for part in effect.lines))
    audit.add(
        unit, order.entry(asked, "cancellation.requested", f"Cancellation of {units}: {effect.reason}", work)
    )


def _refusal(order: Answerable, problems: list[Problem]) -> InvalidRequest:
    """With the work that stands in the way, and what can be done about it."""
    hint = "Correct what is listed."
    for record in order.acts.work:
        if isinstance(record.effect, Despatch) and record.state in (State.QUEUED, State.NEEDS_ATTENTION):
            hint = (
                f"Work {record.id} is to tell Amazon of a parcel of it; if that has not left, "
                f"`channelctl work dismiss {record.id}` first."
            )
        elif isinstance(record.effect, Cancel) and record.state is State.NEEDS_ATTENTION:
            hint = f"Cancellation {record.id} failed; `channelctl work retry {record.id}` tries it again."
        elif isinstance(record.effect, Cancel) and record.state in OPEN:
            hint = f"Cancellation {record.id} is under way; see `channelctl work show {record.id}`."
    return refusal(problems, "The cancellation", hint)
