"""Which transaction shows which refund as paid: each proves one, so all money counts once (semantics C3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from channeld.book.ledger.moves import AuditStamp, confirmed
from channeld.domain.ledger.effects import Refund
from channeld.domain.ledger.states import ENDED
from channeld.store import ledger, transactions
from channeld.store.ledger_records import WorkRecord
from channeld.store.transactions import Transaction
from channeld.store.unit import Unit

__all__ = ["count_once", "prove"]

CLOCKS = timedelta(minutes=5)
"""By so much a transaction may be dated before its submission, as clocks differ."""


def prove(unit: Unit, record: WorkRecord, stamp: AuditStamp) -> bool:
    """Whether a transaction of that order, product and amount shows that it happened; each proves one."""
    proof = _claim_proof(unit, record)
    if proof is None:
        return False
    confirmed(unit, record, stamp, f"transaction {proof.transaction_id}")
    return True


def count_once(unit: Unit, unsettled: Sequence[WorkRecord]) -> None:
    """What a person dismissed in doubt counts as paid: beside its transaction it would count twice.

    It stays dismissed. It takes what the order's unsettled refunds, which were sent later, do not prove.
    """
    for order_pk in {record.order_pk for record in unsettled}:
        for record in ledger.of_order(unit.connection, order_pk):
            if record.state in ENDED and record.in_doubt:
                _claim_proof(unit, record)


def _claim_proof(unit: Unit, record: WorkRecord) -> Transaction | None:
    """The transaction that shows it as paid, and from now on proves nothing else; None: there is no other."""
    since, effect = record.may_show_since, record.effect
    if since is None or not isinstance(effect, Refund):
        return None
    seen = transactions.of_order(unit.connection, record.account_id, record.order_id)
    if any(each.work_id == record.id for each in seen):
        return None
    proof = next((each for each in seen if _fits(each, effect, since)), None)
    if proof is not None:
        transactions.claim(unit, proof.id, record.id)
    return proof


def _fits(seen: Transaction, effect: Refund, since: datetime) -> bool:
    return (
        seen.work_id is None
        and seen.sku in ("", effect.sku)
        and (seen.currency, seen.minor) == (effect.currency, effect.minor)
        and seen.posted_at >= since - CLOCKS
        and seen.seen_at >= since
    )
