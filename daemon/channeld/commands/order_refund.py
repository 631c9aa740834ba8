"""Money back for an order: checked against what was charged, written down, and sent (semantics C3)."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger import moves
from channeld.book.ledger.charges import charged_order
from channeld.commands.asking import Asked, refusal
from channeld.commands.outbound import Answerable, answerable, check_seen
from channeld.commands.withdrawing import part_problems, withdraw
from channeld.domain.ledger.effects import Cancel, Component, Refund
from channeld.domain.ledger.kinds import REFUND
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import OPEN_WORK, State
from channeld.domain.money import format_amount
from channeld.domain.refund.parts import Part
from channeld.domain.refund.plan import ChargedOrder, LinePlan, RefundPlan, plan_refund
from channeld.domain.refund.reasons import REFUND_REASONS, cancel_reason_for, read_reason
from channeld.domain.refund.repeats import WITHIN, Earlier, repeats
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, ledger, ledger_lists
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["PlannedRefund", "Refunding", "plan_refunding", "refund_order"]

NOT_SENT = "refund.not_sent"


class Refunding(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants given back."""

    order_id: str
    channel: str | None = None
    reason: str
    """One of Amazon's."""
    parts: tuple[Part, ...] = ()
    """None: everything that is left."""
    amount_seen: int | None = None
    """What a preview showed."""
    again: bool = False
    """Also what was given back like that within the last days."""


class PlannedRefund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund that may be carried out as it stands."""

    order: Answerable
    charged: ChargedOrder
    plan: RefundPlan
    reason: str
    unsent: str
    """Why nothing is sent; empty when it is."""


def plan_refunding(connection: Connection, now: datetime, wish: Refunding) -> PlannedRefund:
    """Raises `InvalidRequest` with every problem. Writes nothing."""
    order = answerable(connection, wish.order_id, wish.channel)
    charged = charged_order(connection, order.channel.account_id, order.record, order.history)
    reason = read_reason(wish.reason, REFUND_REASONS)
    problems = [reason] if isinstance(reason, Problem) else []
    plan = plan_refund(charged, wish.parts)
    if isinstance(plan, list):
        raise refusal([*plan, *problems], "The refund")
    problems += part_problems(plan.cancel, plan.whole_lines)
    if isinstance(reason, Problem) or problems:
        raise refusal(problems, "The refund")
    if not wish.again:
        _refuse_repeats(connection, now, order, plan)
    unsent = _unsent(order)
    if plan.cancel and not unsent and not order.settings.order_cancellations:
        raise _needs_cancellations(order)
    return PlannedRefund(order=order, charged=charged, plan=plan, reason=reason, unsent=unsent)


def refund_order(
    unit: Unit, asked: Asked, command_id: str, wish: Refunding
) -> tuple[PlannedRefund, dict[str, WorkRecord]]:
    """Queue it, a row for each line; the work by order item. Raises as `plan_refunding`.

    Where refunds are off, or the channel is, nothing is queued: it is not sent later either.
    """
    planned = plan_refunding(unit.connection, asked.now, wish)
    order, plan = planned.order, planned.plan
    check_seen(wish.amount_seen, plan.minor)
    what = f"{format_amount(plan.minor, planned.charged.currency)}, {planned.reason}"
    if planned.unsent:
        text = f"Refund not sent: {planned.unsent} ({what})"
        audit.add(unit, order.entry(asked, NOT_SENT, text))
        return planned, {}
    audit.add(unit, order.entry(asked, "refund.requested", f"Refund of {what}"))
    cancellation = _cancellation(unit, asked, planned)
    rows = [_row(asked, command_id, planned, line, cancellation) for line in plan.lines]
    _refuse_known(unit, rows)
    queued = moves.queue(unit, rows)
    return planned, {line.order_item_id: row for line, row in zip(plan.lines, queued, strict=True)}


def _unsent(order: Answerable) -> str:
    if not order.settings.order_refunds:
        return f"Order Refunds are off on channel {order.channel.name}"
    return order.shut


def _refuse_repeats(connection: Connection, now: datetime, order: Answerable, plan: RefundPlan) -> None:
    """A second click, or the same file under another name, must not pay twice."""
    earlier = [
        Earlier(refund.order_item_id, refund.minor, record.created_at, _is_unpaid(record, refund))
        for record, refund in ledger_lists.refunds_since(connection, order.record.id, now - WITHIN)
    ]
    asked = [(line.order_item_id, line.minor) for line in plan.lines]
    problems = repeats(asked, earlier, order.record.currency, now)
    if problems:
        raise InvalidRequest(
            "refunded_lately",
            f"The same was refunded within the last {WITHIN.days} days; nothing was changed.",
            "If it is meant: `channelctl order refund` with `--again`, or yes in the monitor's form.",
            problems,
        )


def _is_unpaid(record: WorkRecord, refund: Refund) -> bool:
    """The cancellation that was to give it back failed, or was given up; only it would have moved money."""
    return refund.by_cancellation and record.state not in (*OPEN_WORK, State.CONFIRMED)


def _needs_cancellations(order: Answerable) -> InvalidRequest:
    return InvalidRequest(
        "cancellations_off",
        "Nothing of it was shipped, so its buyer gets the money back only by a cancellation, and Order "
        f"Cancellations are off on channel {order.channel.name}.",
        f"`channelctl channel set {order.channel.name} order_cancellations=on`, then ask again.",
    )


def _cancellation(unit: Unit, asked: Asked, planned: PlannedRefund) -> WorkRecord | None:
    """What the lines that were not shipped follow; an adjustment beside it would pay twice."""
    if not planned.plan.cancel:
        return None
    effect = Cancel(
        reason=cancel_reason_for(planned.reason),
        lines=planned.plan.cancel,
        whole_lines=planned.plan.whole_lines,
    )
    return withdraw(unit, asked, planned.order, effect)


def _row(
    asked: Asked, command_id: str, planned: PlannedRefund, line: LinePlan, cancellation: WorkRecord | None
) -> WorkRecord:
    effect = Refund(
        order_item_id=line.order_item_id,
        sku=line.sku,
        reason=planned.reason,
        currency=planned.charged.currency,
        components=tuple(Component(type_, minor) for type_, minor in line.components.items()),
        by_cancellation=line.by_cancellation,
    )
    key = f"{command_id}/{line.order_item_id}"
    route = Route.CANCELLATION if line.by_cancellation else Route.UNDECIDED
    row = planned.order.work(asked, REFUND.name, key, effect, route)
    follows = cancellation.id if cancellation and line.by_cancellation else None
    return msgspec.structs.replace(row, follows=follows, deadline=None)


def _refuse_known(unit: Unit, rows: list[WorkRecord]) -> None:
    """A command whose answer was forgotten by now, but not what it did."""
    known = [found.id for row in rows if (found := ledger.by_key(unit.connection, row.key))]
    if known:
        raise InvalidRequest(
            "command_id_reused",
            f"That command was carried out before: work {', '.join(map(str, known))}.",
            "See `channelctl work show`; make a new id for another refund.",
        )
