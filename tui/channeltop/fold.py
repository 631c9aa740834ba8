"""The one place where events become the model: a pure function.

A row with a greater version is newer, whether it came in a snapshot or in a delta. A snapshot is shown when
its last chunk is here, so that nothing flickers. Deltas are numbered 1, 2, 3 … after a snapshot; a missing
number marks the topic with `gap`, and whoever folds subscribes again to what `gaps` names.
"""

from collections.abc import Collection, Iterable
from functools import reduce

from msgspec.structs import replace

from channel_protocol.codec import AnyRow
from channeltop.events import Connected, DeltaArrived, Event, Lost, SnapshotArrived
from channeltop.model import NO_ROWS, Link, Model, Rows, Topic

__all__ = ["KEPT", "SLACK", "fold", "fold_all", "gaps"]

KEPT = 2000
"""Entries of the audit trail, reports, and work that has ended, kept in memory; `channelctl` reads older."""
SLACK = 200
"""How many more may come before the oldest are dropped, as dropping sorts them all."""


def fold(model: Model, event: Event) -> Model:
    """The model after one event. Topics that were not subscribed to are ignored."""
    match event:
        case Connected():
            return Model(
                link=Link(hello=event.hello, up=True),
                topics={
                    name: Topic(rows=topic.rows, missed=topic.missed) for name, topic in model.topics.items()
                },
            )
        case Lost():
            return replace(model, link=_lost(model.link, event))
        case SnapshotArrived() | DeltaArrived():
            topic = model.topics.get(event.topic)
            if topic is None:
                return model
            return replace(model, topics={**model.topics, event.topic: _folded(topic, event)})


def fold_all(model: Model, events: Iterable[Event]) -> Model:
    """The model after several events."""
    return reduce(fold, events, model)


def gaps(before: Model, after: Model) -> tuple[str, ...]:
    """Topics that missed something between these two models, by name: each needs a fresh snapshot."""
    return tuple(
        sorted(
            name
            for name, topic in after.topics.items()
            if topic.gap and topic.missed > before.topics[name].missed
        )
    )


def _lost(link: Link, event: Lost) -> Link:
    lost_at = event.at if link.up else link.lost_at
    return replace(link, up=False, why=event.why, lost_at=lost_at, retry_at=event.retry_at)


def _folded(topic: Topic, event: SnapshotArrived | DeltaArrived) -> Topic:
    return _snapshot(topic, event) if isinstance(event, SnapshotArrived) else _delta(topic, event)


def _snapshot(topic: Topic, event: SnapshotArrived) -> Topic:
    if event.chunk == 0:
        topic = replace(topic, incoming={}, chunk=0, gap=False)
    if topic.incoming is None or event.chunk != topic.chunk:
        return _with_gap(replace(topic, incoming=None))
    known = topic.rows if topic.complete else NO_ROWS
    incoming = {**topic.incoming, **{row.key: _newer(known.get(row.key), row) for row in event.rows}}
    if not event.last:
        return replace(topic, incoming=incoming, chunk=topic.chunk + 1)
    return Topic(rows=_kept(event.topic, incoming), complete=True, missed=topic.missed)


def _delta(topic: Topic, event: DeltaArrived) -> Topic:
    # While a snapshot is missing or arriving, a delta can only be one of an earlier subscription.
    if not topic.complete or topic.incoming is not None or event.number <= topic.number:
        return topic
    rows = {**topic.rows, **{row.key: _newer(topic.rows.get(row.key), row) for row in event.rows}}
    for key in event.gone:
        rows.pop(key, None)
    changed = replace(topic, rows=_kept(event.topic, rows), number=event.number)
    return changed if event.number == topic.number + 1 else _with_gap(changed)


def _with_gap(topic: Topic) -> Topic:
    return topic if topic.gap else replace(topic, gap=True, missed=topic.missed + 1)


def _newer(known: AnyRow | None, row: AnyRow) -> AnyRow:
    return known if known is not None and known.version > row.version else row


def _kept(topic: str, rows: Rows) -> Rows:
    """Without the oldest of what only grows: audit entries, reports, and work that has ended."""
    if topic in ("audit", "reports"):
        return _newest(rows, rows)
    if topic == "work":
        return _newest(rows, [key for key, row in rows.items() if getattr(row, "ended_at", None)])
    return rows


def _newest(rows: Rows, growing: Collection[str]) -> Rows:
    """Those whose keys, which are numbers, are among the newest of the growing ones, and all others."""
    if len(growing) < KEPT + SLACK:
        return rows
    old = set(sorted(growing, key=int)[:-KEPT])
    return {key: row for key, row in rows.items() if key not in old}
