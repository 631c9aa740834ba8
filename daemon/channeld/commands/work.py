"""What people decide about outbound work: try it again, let it be, take it over (design, section 4)."""

from collections.abc import Callable, Collection, Sequence

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger import decisions, holding
from channeld.book.ledger.step import may_come_twice
from channeld.commands.asking import Asked, refusal
from channeld.commands.outbound import pieces_text
from channeld.commands.retrying import Retrying, with_changes
from channeld.domain.ledger.effects import Cancel, Despatch
from channeld.domain.ledger.kinds import kind_of
from channeld.domain.ledger.states import OPEN_WORK, State
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, desired_stock, ledger, ledger_lists
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit

__all__ = ["Adopted", "adopt_work", "count_held", "dismiss_work", "find_work", "retry_work"]

_BEING_SENT = "is being put into a feed just now: wait for what comes of that"
_MOST = 1000
"""Pieces of work in one request."""

Judge = Callable[[WorkRecord], str]
"""Why something cannot be done with that work, in words; empty when it can."""


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """Taking over what another installation queued."""

    foreign: bool
    """Whether there was anything to take over."""
    held: int
    """Pieces of outbound work."""
    skus: int = 0
    """Seller SKUs whose stock Amazon was not told of yet."""

    @property
    def stock_text(self) -> str:
        """`12 SKUs`; empty for none."""
        if not self.skus:
            return ""
        return "1 SKU" if self.skus == 1 else f"{self.skus:,} SKUs"


def find_work(connection: Connection, work_id: int) -> WorkRecord:
    """Raises `InvalidRequest("unknown_work")`."""
    return _find(connection, (work_id,))[0]


def retry_work(unit: Unit, asked: Asked, wish: Retrying) -> list[WorkRecord]:
    """Try it again now, all of it or none. Raises `InvalidRequest` with every problem; `in_doubt`."""
    found = _find(unit.connection, wish.work_ids)
    _check(found, lambda record: _not_retried(record, wish))
    doubtful = [record for record in found if is_in_doubt(record)]
    if doubtful and not wish.force:
        raise _in_doubt(doubtful)
    stamp = asked.stamp
    changed = with_changes(unit.connection, found, wish)
    settled = [decisions.written_off(unit, r, stamp) if _is_unknown_refund(r) else r for r in changed]
    return [decisions.retried(unit, record, stamp) for record in settled]


def dismiss_work(unit: Unit, asked: Asked, work_ids: Sequence[int]) -> list[WorkRecord]:
    """Nothing more is done about it, all of it or none. Raises `InvalidRequest` with every problem."""
    found = _find(unit.connection, work_ids)
    _check(found, _not_dismissed)
    stamp = asked.stamp
    return [decisions.dismissed(unit, record, stamp) for record in found]


def count_held(connection: Connection, instance: str) -> Adopted:
    """What adopting would set going. Changes nothing."""
    return Adopted(
        foreign=holding.is_foreign(connection, instance),
        held=len(ledger_lists.open_ids(connection)),
        skus=sum(each.skus for each in desired_stock.dirty(connection).values()),
    )


def adopt_work(unit: Unit, asked: Asked, instance: str) -> Adopted:
    """From now on this installation sends it."""
    before = count_held(unit.connection, instance)
    if not before.foreign:
        return before
    holding.adopt(unit, instance)
    stock = f", and the stock of {before.stock_text}" if before.skus else ""
    text = f"Outbound work of another installation taken over: {pieces_text(before.held)}{stock}"
    audit.add(unit, asked.entry("work.adopted", text))
    unit.changed("work", *ledger_lists.open_ids(unit.connection))
    return before


def is_in_doubt(record: WorkRecord) -> bool:
    """Repeating it may do it twice: a refund that may have been paid, units that may be cancelled yet."""
    if record.state is not State.NEEDS_ATTENTION:
        return _is_unknown_refund(record)
    return may_come_twice(record)


def _in_doubt(doubtful: Sequence[WorkRecord]) -> InvalidRequest:
    """What may come twice, and how a person finds out."""
    ids = " ".join(str(record.id) for record in doubtful)
    named = ids.replace(" ", ", ")
    if all(isinstance(record.effect, Cancel) for record in doubtful):
        message = f"Amazon may cancel the units of {named} yet: repeating it may cancel as many again."
        hint = "Wait until the order shows it, or look into Seller Central; if they were not cancelled, "
        again = "reads the order once more, and cancels them again."
    else:
        message = f"Nobody knows whether Amazon paid {named}: repeating it may pay twice."
        hint = "Wait for the finances, or look into Seller Central; if it was not paid, "
        again = "pays it again."
    return InvalidRequest(
        "in_doubt",
        message,
        f"{hint}`channelctl work retry {ids} --force` {again}",
        [Problem(key=f"work_ids.{record.id}", message="its outcome is not known") for record in doubtful],
    )


def _is_unknown_refund(record: WorkRecord) -> bool:
    return record.state is State.UNKNOWN and not kind_of(record.kind).repeat_safe


def _find(connection: Connection, work_ids: Sequence[int]) -> list[WorkRecord]:
    """In the order in which they were named, each once."""
    wanted = list(dict.fromkeys(work_ids))
    if not 1 <= len(wanted) <= _MOST:
        problem = Problem(key="work_ids", message=f"must name 1 to {_MOST:,} pieces of work")
        raise refusal([problem], "The request")
    known = {record.id: record for record in ledger.by_ids(connection, wanted)}
    unknown = [work_id for work_id in wanted if work_id not in known]
    if unknown:
        raise InvalidRequest(
            "unknown_work",
            f"There is no work {', '.join(map(str, unknown))}.",
            "`channelctl work list` shows their numbers.",
            [Problem(key=f"work_ids.{work_id}", message="is not known") for work_id in unknown],
        )
    return [known[work_id] for work_id in wanted]


def _check(found: Collection[WorkRecord], judge: Judge) -> None:
    problems = [
        Problem(key=f"work_ids.{record.id}", message=message)
        for record in found
        if (message := judge(record))
    ]
    if problems:
        raise InvalidRequest(
            "not_possible",
            f"That cannot be done with {len(problems)} of {len(found)}; nothing was changed.",
            "`channelctl work show` tells how each stands.",
            problems,
        )


def _not_retried(record: WorkRecord, wish: Retrying) -> str:
    if record.follows is not None:
        return f"goes along with cancellation {record.follows}: retry that"
    if record.state not in (State.NEEDS_ATTENTION, State.QUEUED) and not _is_unknown_refund(record):
        return _standing(record)
    if not (wish.changes or wish.force):
        return ""
    if record.feed_pk is not None and record.state is State.QUEUED:
        return _BEING_SENT
    return (
        "has neither carrier nor tracking" if wish.changes and not isinstance(record.effect, Despatch) else ""
    )


def _not_dismissed(record: WorkRecord) -> str:
    if record.follows is not None:
        return f"goes along with cancellation {record.follows}: dismiss that"
    if record.state is State.QUEUED and record.feed_pk is not None:
        return _BEING_SENT
    return "" if record.state in (State.QUEUED, State.NEEDS_ATTENTION) else _standing(record)


def _standing(record: WorkRecord) -> str:
    """Why there is nothing for a person to decide."""
    if record.state in OPEN_WORK:
        return f"is {record.state.value}: what came of it is found out by itself"
    return f"is {record.state.value} for good"
