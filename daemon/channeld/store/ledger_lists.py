"""The ledger as people look at it: lists, counts, and what was done about one line."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, TextClause, func, select, text

from channeld.domain.ledger.effects import Despatch, Refund
from channeld.domain.ledger.states import State
from channeld.store import ledger, tables
from channeld.store.ledger_records import WorkRecord
from channeld.store.rows import all_as
from channeld.store.tables.ledger import OPEN_WORK_SQL

__all__ = [
    "WorkFilter",
    "attention",
    "open_ids",
    "refunded",
    "select_work",
    "unended_ids",
    "unfinished_kinds",
    "units_sent",
]

_work = tables.work
_is_open = text(OPEN_WORK_SQL)
_needs_attention = text("state = 'needs_attention'")
_SENT = (State.SENDING, State.SUBMITTED, State.CONFIRMED, State.UNKNOWN)
_COUNTS = (
    State.QUEUED,
    State.SENDING,
    State.SUBMITTED,
    State.CONFIRMED,
    State.UNKNOWN,
    State.NEEDS_ATTENTION,
)


class WorkFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which work a list shows."""

    limit: int = 100
    kind: str | None = None
    channel_id: int | None = None
    order_id: str | None = None
    state: str | None = None
    attention: bool = False
    open: bool = False
    ended: bool = False
    """Only what has ended."""
    ids: tuple[int, ...] | None = None


_PARTS: tuple[tuple[TextClause, Callable[[WorkFilter], bool], tuple[ColumnElement[Any], ...]], ...] = (
    (_needs_attention, lambda criteria: not criteria.ended, (_work.c.id.desc(),)),
    (
        _is_open,
        lambda criteria: not (criteria.attention or criteria.ended),
        (_work.c.deadline.is_(None), _work.c.deadline, _work.c.id.desc()),
    ),
    (
        text("ended_at IS NOT NULL"),
        lambda criteria: not (criteria.attention or criteria.open),
        (_work.c.ended_at.desc(), _work.c.id.desc()),
    ),
)
"""Which rows, whether they are asked for, and in which order."""


def select_work(connection: Connection, criteria: WorkFilter) -> list[WorkRecord]:
    """What needs attention first, then what is open by deadline, then what ended last.

    A query for each, from its own index: the history may be long.
    """
    found: list[WorkRecord] = []
    for is_part, is_asked, order in _PARTS:
        if is_asked(criteria) and len(found) < criteria.limit:
            query = _filtered(select(_work).where(is_part), criteria).order_by(*order)
            found += all_as(connection, WorkRecord, query.limit(criteria.limit - len(found)))
    return found


def open_ids(connection: Connection, channel_id: int | None = None) -> list[int]:
    """Open work, of one channel or of all."""
    query = select(_work.c.id).where(_is_open)
    if channel_id is not None:
        query = query.where(_work.c.channel_id == channel_id)
    return list(connection.scalars(query))


def attention(connection: Connection) -> Mapping[int, int]:
    """How much work of each channel needs a person."""
    query = select(_work.c.channel_id, func.count()).where(_needs_attention).group_by(_work.c.channel_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def unfinished_kinds(connection: Connection) -> set[tuple[int, str]]:
    """Channels and kinds of work that has not ended: what actors are needed for whatever the settings say."""
    query = select(_work.c.channel_id, _work.c.kind).distinct()
    return {
        (row.channel_id, row.kind)
        for where in (_is_open, text("state = 'needs_attention'"))
        for row in connection.execute(query.where(where))
    }


def unended_ids(connection: Connection, channel_id: int) -> list[int]:
    """All work of a channel that has not ended, what needs attention too, the oldest first."""
    query = select(_work.c.id).where(_work.c.channel_id == channel_id)
    return sorted(
        work_id for part in (_is_open, _needs_attention) for work_id in connection.scalars(query.where(part))
    )


def units_sent(connection: Connection, order_pk: int) -> Counter[str]:
    """Units of each line that Amazon was told of, or may have been, by order item id."""
    sent: Counter[str] = Counter()
    for record in ledger.of_order(connection, order_pk):
        if isinstance(record.effect, Despatch) and record.state in _SENT:
            for units in record.effect.lines:
                sent[units.order_item_id] += units.quantity
    return sent


def refunded(connection: Connection, order_pk: int) -> list[tuple[WorkRecord, Refund]]:
    """Refunds of an order that count against what was charged: paid, on their way, or not settled."""
    return [
        (record, record.effect)
        for record in ledger.of_order(connection, order_pk)
        if isinstance(record.effect, Refund) and (record.state in _COUNTS or record.in_doubt)
    ]


def refunds_since(connection: Connection, order_pk: int, since: datetime) -> list[tuple[WorkRecord, Refund]]:
    """Those of the latest time: what a repeat is compared with, also what was dismissed in doubt."""
    return [
        (record, record.effect)
        for record in ledger.of_order(connection, order_pk)
        if isinstance(record.effect, Refund)
        and record.created_at >= since
        and (record.state in _COUNTS or record.in_doubt)
    ]


def _filtered(query: Select[Any], criteria: WorkFilter) -> Select[Any]:
    facts = {
        "kind": criteria.kind,
        "channel_id": criteria.channel_id,
        "order_id": criteria.order_id,
        "state": criteria.state,
    }
    for name, value in facts.items():
        if value is not None:
            query = query.where(_work.c[name] == value)
    if criteria.ids is not None:
        query = query.where(_work.c.id.in_(criteria.ids))
    return query
