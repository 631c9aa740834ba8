"""Units of an order will not be sent: it is written down, and Amazon is told of it (semantics C2)."""

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger import decisions
from channeld.book.ledger.charges import charged_order
from channeld.commands.asking import Asked, refusal
from channeld.commands.outbound import Answerable, answerable, check_seen
from channeld.commands.withdrawing import part_problems, withdraw, write_down
from channeld.domain.cancellation import plan_cancellation
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.ledger.states import OPEN_WORK, State
from channeld.domain.line_names import NamedUnits
from channeld.domain.refund.reasons import CANCEL_REASONS, read_reason
from channeld.domain.refund.worth import worth_of
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["CancelPlan", "Cancelling", "cancel_order", "plan_cancel"]

NOT_SENT = ("cancellation.not_sent", "Cancellation not sent: cancellations disabled")


class Cancelling(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants cancelled."""

    order_id: str
    channel: str | None = None
    reason: str
    """One of Amazon's."""
    lines: tuple[NamedUnits, ...] = ()
    """None: the whole order."""
    amount_seen: int | None = None
    """What a preview showed."""


class CancelPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A cancellation that may be carried out as it stands."""

    order: Answerable
    effect: Cancel
    amount: int | None
    """Minor units that its buyer gets back by it; None: nothing, or as much as Amazon does not show yet."""

    @property
    def here_only(self) -> bool:
        """Amazon is not told, so it gives nothing back."""
        return _is_here_only(self.order)


def plan_cancel(connection: Connection, wish: Cancelling) -> CancelPlan:
    """Raises `InvalidRequest` with every problem. Writes nothing."""
    order = answerable(connection, wish.order_id, wish.channel)
    planned = plan_cancellation(order.facts, order.history.local_units, wish.lines)
    reason = read_reason(wish.reason, CANCEL_REASONS)
    problems = [reason] if isinstance(reason, Problem) else []
    if isinstance(planned, list):
        raise _refusal(order, [*planned, *problems])
    problems += part_problems(planned.lines, planned.whole_lines)
    if isinstance(reason, Problem) or problems:
        raise refusal(problems, "The cancellation")
    effect = Cancel(reason=reason, lines=planned.lines, whole_lines=planned.whole_lines)
    return CancelPlan(order=order, effect=effect, amount=_given_back(connection, order, effect))


def cancel_order(unit: Unit, asked: Asked, wish: Cancelling) -> tuple[CancelPlan, WorkRecord | None]:
    """Write it down, and queue it if Order Cancellations are on; a channel that is off rejects it for good.

    Raises as `plan_cancel`.
    """
    plan = plan_cancel(unit.connection, wish)
    order = plan.order
    check_seen(wish.amount_seen, plan.amount)
    if not order.settings.order_cancellations:
        write_down(unit, asked, order, plan.effect, None)
        audit.add(unit, order.entry(asked, *NOT_SENT))
        return plan, None
    work = withdraw(unit, asked, order, plan.effect)
    if order.shut:
        work = decisions.rejected(unit, work, asked.stamp, order.shut)
    return plan, work


def _is_here_only(order: Answerable) -> bool:
    return bool(order.shut) or not order.settings.order_cancellations


def _given_back(connection: Connection, order: Answerable, effect: Cancel) -> int | None:
    """Amazon gives the money back when it cancels; what it is not told of moves none."""
    if _is_here_only(order):
        return None
    charged = charged_order(connection, order.channel.account_id, order.record, order.history)
    return worth_of(charged, effect)


def _refusal(order: Answerable, problems: list[Problem]) -> InvalidRequest:
    """With the work that stands in the way, and what can be done about it."""
    hint = "Correct what is listed."
    for record in order.history.work:
        if isinstance(record.effect, Despatch) and record.state in (State.QUEUED, State.NEEDS_ATTENTION):
            hint = (
                f"Work {record.id} is to tell Amazon of a parcel of it; if that has not left, "
                f"`channelctl work dismiss {record.id}` first."
            )
        elif isinstance(record.effect, Cancel) and record.state is State.NEEDS_ATTENTION:
            hint = f"Cancellation {record.id} failed; `channelctl work retry {record.id}` tries it again."
        elif isinstance(record.effect, Cancel) and record.state in OPEN_WORK:
            hint = f"Cancellation {record.id} is under way; see `channelctl work show {record.id}`."
    return refusal(problems, "The cancellation", hint)
