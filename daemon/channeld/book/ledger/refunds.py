"""Refunds against Amazon's finances: checked before every try, and proved by a transaction (semantics C3)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.finances import REFUND_KIND
from channeld.amazon.finances import Transaction as Shown
from channeld.book.ledger.charges import charged_order
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import AuditStamp, failed, given_up, slow_look
from channeld.book.ledger.order_history import history_of_one
from channeld.book.ledger.refund_checks import are_open
from channeld.book.ledger.refund_proofs import count_once, prove
from channeld.domain.ledger.doubt import NO_TRANSACTION
from channeld.domain.ledger.effects import Refund
from channeld.domain.ledger.kinds import REFUND
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.money import format_amount
from channeld.domain.refund.balances import Balance, balances_of
from channeld.store import channels, ledger, ledger_due, order_queries, transactions
from channeld.store.ledger_records import WorkRecord
from channeld.store.transactions import Transaction
from channeld.store.unit import Unit

__all__ = ["book_finances", "orders_to_check"]

TOO_SOON = timedelta(hours=72)
"""Finances may lag two days; before this an absent transaction proves nothing."""

_NO_MONEY = Failure(
    code="no_money",
    reason="Amazon shows no money for the line any more, so nobody can tell what is left to give back.",
    hint="Look the order up in Seller Central; `channelctl work retry` when Amazon shows the money again.",
)


def orders_to_check(
    connection: Connection, channel_id: int, instance: str, now: datetime, limit: int
) -> list[str]:
    """Orders whose finances are to be read now: before a try, or to look for what was submitted.

    Looks can wait for as long as there are many to check: the feed that takes those does not wait.
    """
    channel = channels.get(connection, channel_id)
    is_held = channel is None or held(connection, channel, instance)
    may_check = channel is not None and not is_held and are_open(connection, channel.account_id, now)
    due = ledger_due.calls(connection, channel_id, REFUND.name, now, limit) if may_check else []
    room = limit - len(due)
    looked = ledger_due.to_look_for(connection, channel_id, REFUND.name, now, room) if room else []
    return list(dict.fromkeys(record.order_id for record in (*due, *looked)))


def book_finances(
    unit: Unit,
    account_id: int,
    order_id: str,
    shown: Iterable[Shown],
    began: datetime,
    stamp: AuditStamp,
    *,
    unreadable: int = 0,
) -> None:
    """Take down what the finances show: it proves refunds, and decides whether others may be sent.

    `unreadable`: transactions of the order that say nothing that can be counted. Any of them may be money
    given back already, so nothing is sent beside them. Nor is it for what was read too early for a feed.
    """
    transactions.note(unit, _refunds(account_id, order_id, shown, began))
    unsettled = _unsettled(unit, account_id, order_id)
    proved = {record.id for record in unsettled if prove(unit, record, stamp)}
    count_once(unit, unsettled)
    may_admit = are_open(unit.connection, account_id, stamp.now)
    for record in unsettled:
        if record.id in proved:
            continue
        if record.state is State.QUEUED and record.route is Route.UNDECIDED and record.next_at <= began:
            if may_admit:
                _admit(unit, record, stamp, unreadable)
        elif record.look_at is not None and record.look_at <= began:
            _look_again(unit, record, stamp)


def _unsettled(unit: Unit, account_id: int, order_id: str) -> list[WorkRecord]:
    """The order's adjustments whose outcome may be seen yet. Of two alike the older one is proved first."""
    found = ledger.unsettled_of_orders(unit.connection, [order_id])
    ours = [r for r in found if r.kind == REFUND.name and r.account_id == account_id]
    return sorted((r for r in ours if r.route is not Route.CANCELLATION), key=lambda record: record.id)


def _refunds(account_id: int, order_id: str, shown: Iterable[Shown], began: datetime) -> list[Transaction]:
    found = [each for each in shown if each.kind == REFUND_KIND and each.order_id == order_id]
    released = {each.released_as: each.transaction_id for each in found if each.released_as}
    return [
        Transaction(
            account_id=account_id,
            transaction_id=each.transaction_id,
            same_as=each.released_from or released.get(each.transaction_id, ""),
            order_id=order_id,
            sku=item.sku,
            currency=item.currency,
            minor=item.minor,
            components=item.components,
            posted_at=each.posted_at,
            seen_at=began,
        )
        for each in found
        for item in each.items
        if item.minor > 0
    ]


def _admit(unit: Unit, record: WorkRecord, stamp: AuditStamp, unreadable: int) -> None:
    """Let it go by the next feed, unless more would be given back than was charged, or nobody can tell."""
    stands_in_the_way = _unreadable(unreadable) if unreadable else _too_much(unit, record)
    if stands_in_the_way is not None:
        failed(unit, record, stamp, stands_in_the_way)
        return
    ledger.save(unit, msgspec.structs.replace(record, route=Route.FEED, admitted_at=stamp.now))


def _unreadable(count: int) -> Failure:
    reason = f"{count} of the order's transactions in Amazon's finances cannot be read."
    hint = "Look the order up in Seller Central, refund it there if need be, and dismiss this one."
    return Failure(code="finances_unreadable", reason=reason, hint=hint)


def _too_much(unit: Unit, record: WorkRecord) -> Failure | None:
    """Why it cannot be told that so much is left to give back; None: it is."""
    balance = _balance(unit, record)
    if balance is None or not isinstance(record.effect, Refund):
        return None
    if balance.line.charged is None:
        return _NO_MONEY
    over = sum(max(0, part.minor - balance.left.get(part.type, 0)) for part in record.effect.components)
    if not over:
        return None
    amount = format_amount(over, record.effect.currency)
    reason = f"Over-refunding by {amount}: Amazon shows money given back that is not known here."
    hint = "Compare with Seller Central; dismiss it and refund what is left."
    return Failure(code="over_refund", reason=reason, hint=hint, lasting=True)


def _balance(unit: Unit, record: WorkRecord) -> Balance | None:
    """The money of its line without this refund; None: the order has no such line."""
    (order,) = order_queries.by_keys(unit.connection, [(record.channel_id, record.order_id)])
    facts = charged_order(
        unit.connection,
        record.account_id,
        order,
        history_of_one(unit.connection, order.id),
        without=record.id,
    )
    balances = {each.line.order_item_id: each for each in balances_of(facts.lines, facts.elsewhere)}
    return balances.get(record.effect.order_item_id) if isinstance(record.effect, Refund) else None


def _look_again(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> None:
    """No transaction yet."""
    if record.state is State.NEEDS_ATTENTION:
        ledger.save(unit, msgspec.structs.replace(record, look_at=slow_look(record, stamp)))
        return
    looked = record.looks + 1
    if stamp.now - record.left_at >= TOO_SOON:
        reason = "Amazon shows no transaction for it 72 hours after it was submitted."
        hint = (
            "Look at the order in Seller Central before you repeat it: repeating it may pay twice. "
            "If Amazon shows it later, it is confirmed by itself."
        )
        given_up(unit, record, stamp, Failure(code=NO_TRANSACTION, reason=reason, hint=hint, in_doubt=True))
        return
    after = REFUND.looks[min(looked, len(REFUND.looks) - 1)]
    next_look = max(record.left_at + after, stamp.now + REFUND.looks[0])
    ledger.save(unit, msgspec.structs.replace(record, looks=looked, look_at=next_look))
