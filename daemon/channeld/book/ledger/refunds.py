"""Refunds against Amazon's finances: checked before every try, and proved by a transaction (semantics C3)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channeld.amazon.finances import REFUND_KIND
from channeld.amazon.finances import Transaction as Shown
from channeld.book.ledger.acts import acts_of_one
from channeld.book.ledger.charges import charged_order
from channeld.book.ledger.failure import Failure
from channeld.book.ledger.holding import held
from channeld.book.ledger.moves import Hand, confirmed, failed, given_up
from channeld.domain.ledger.doubt import NO_TRANSACTION
from channeld.domain.ledger.effects import Refund
from channeld.domain.ledger.kinds import REFUND
from channeld.domain.ledger.states import State
from channeld.domain.money import format_amount
from channeld.domain.refund.balances import balances_of
from channeld.store import channels, ledger, ledger_due, order_queries, transactions
from channeld.store.ledger_records import WorkRecord
from channeld.store.transactions import Transaction
from channeld.store.unit import Unit

__all__ = ["book_finances", "orders_to_check"]

CLOCKS = timedelta(minutes=5)
"""By so much a transaction may be dated before its submission, as clocks differ."""
TOO_SOON = timedelta(hours=72)
"""Finances may lag two days; before this an absent transaction proves nothing."""


def orders_to_check(
    connection: Connection, channel_id: int, instance: str, now: datetime, limit: int
) -> list[str]:
    """Orders whose finances are to be read now: before a try, or to look for what was submitted."""
    looked = ledger_due.to_look_for(connection, channel_id, REFUND.name, now, limit)
    channel = channels.get(connection, channel_id)
    is_held = channel is None or held(connection, channel, instance)
    due = [] if is_held else ledger_due.calls(connection, channel_id, REFUND.name, now, limit)
    return list(dict.fromkeys(record.order_id for record in (*due, *looked)))


def book_finances(
    unit: Unit,
    account_id: int,
    order_id: str,
    shown: Iterable[Shown],
    began: datetime,
    hand: Hand,
    *,
    unreadable: int = 0,
) -> None:
    """Take down what the finances show: it proves refunds, and decides whether others may be sent.

    `unreadable`: transactions of the order that say nothing that can be counted. Any of them may be money
    given back already, so nothing is sent beside them.
    """
    transactions.note(unit, _refunds(account_id, order_id, shown, began))
    open_ones = [
        record
        for record in ledger.open_of_orders(unit.connection, [order_id])
        if record.kind == REFUND.name and record.account_id == account_id and record.route != "cancellation"
    ]
    proved = {record.id for record in open_ones if _prove(unit, record, hand)}
    for record in open_ones:
        if record.id in proved:
            continue
        if record.state is State.QUEUED and not record.route and record.next_at <= began:
            _admit(unit, record, hand, unreadable)
        elif record.look_at is not None and record.look_at <= began:
            _look_again(unit, record, hand)


def _refunds(account_id: int, order_id: str, shown: Iterable[Shown], began: datetime) -> list[Transaction]:
    return [
        Transaction(
            account_id=account_id,
            transaction_id=each.transaction_id,
            order_id=order_id,
            sku=item.sku,
            currency=item.currency,
            minor=item.minor,
            components=item.components,
            posted_at=each.posted_at,
            seen_at=began,
        )
        for each in shown
        if each.kind == REFUND_KIND and each.order_id == order_id
        for item in each.items
        if item.minor > 0
    ]


def _prove(unit: Unit, record: WorkRecord, hand: Hand) -> bool:
    """Whether a transaction of that order, product and amount shows that it happened; each proves one."""
    effect = record.effect
    if record.sent_at is None or not isinstance(effect, Refund):
        return False
    seen = transactions.of_order(unit.connection, record.account_id, record.order_id)
    proof = next((each for each in seen if _fits(each, effect, record.sent_at)), None)
    if proof is None:
        return False
    transactions.claim(unit, proof.id, record.id)
    confirmed(unit, record, hand, f"transaction {proof.transaction_id}")
    return True


def _fits(seen: Transaction, effect: Refund, sent_at: datetime) -> bool:
    return (
        seen.work_id is None
        and seen.sku in ("", effect.sku)
        and (seen.currency, seen.minor) == (effect.currency, effect.minor)
        and seen.posted_at >= sent_at - CLOCKS
        and seen.seen_at >= sent_at
    )


def _admit(unit: Unit, record: WorkRecord, hand: Hand, unreadable: int) -> None:
    """Let it go by the next feed, unless more would be given back than was charged, or nobody can tell."""
    if unreadable:
        reason = f"{unreadable} of the order's transactions in Amazon's finances cannot be read."
        hint = "Look the order up in Seller Central, refund it there if need be, and dismiss this one."
        failed(unit, record, hand, Failure(code="finances_unreadable", reason=reason, hint=hint))
        return
    over = _over(unit, record)
    if over:
        reason = f"Over-refunding by {over}: Amazon shows money given back that is not known here."
        hint = "Compare with Seller Central; dismiss it and refund what is left."
        failed(unit, record, hand, Failure(code="over_refund", reason=reason, hint=hint, lasting=True))
        return
    ledger.save(unit, msgspec.structs.replace(record, route="feed", admitted_at=hand.now))


def _over(unit: Unit, record: WorkRecord) -> str:
    """By how much it is too much, in words; empty when it is not."""
    effect = record.effect
    (order,) = order_queries.by_keys(unit.connection, [(record.channel_id, record.order_id)])
    facts = charged_order(
        unit.connection, record.account_id, order, acts_of_one(unit.connection, order.id), without=record.id
    )
    balances = {each.line.order_item_id: each for each in balances_of(facts.lines, facts.elsewhere)}
    if not isinstance(effect, Refund) or effect.order_item_id not in balances:
        return ""
    left = balances[effect.order_item_id].left
    over = sum(max(0, part.minor - left.get(part.type, 0)) for part in effect.components)
    return format_amount(over, effect.currency) if over else ""


def _look_again(unit: Unit, record: WorkRecord, hand: Hand) -> None:
    """No transaction yet."""
    looked = record.looks + 1
    since = record.submitted_at or record.sent_at or hand.now
    if hand.now - since >= TOO_SOON:
        reason = "Amazon shows no transaction for it 72 hours after it was submitted."
        hint = "Look at the order in Seller Central before you repeat it: repeating it may pay twice."
        given_up(unit, record, hand, Failure(code=NO_TRANSACTION, reason=reason, hint=hint, in_doubt=True))
        return
    after = REFUND.looks[min(looked, len(REFUND.looks) - 1)]
    next_look = max(since + after, hand.now + REFUND.looks[0])
    ledger.save(unit, msgspec.structs.replace(record, looks=looked, look_at=next_look))
