"""What needs a person in outbound work: decisions, what is held or stuck, orders that are late. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from channel_protocol.feeds import FeedRow
from channel_protocol.order_answers import DueRow
from channel_protocol.work import WorkRow
from channeltop.format import age, things
from channeltop.model import Model
from channeltop.notice import Notice
from channeltop.pages import key_of
from channeltop.work import KINDS

__all__ = ["work_attention"]


def work_attention(model: Model, now: datetime) -> Iterator[Notice]:
    """One notice for each channel and kind of work, and one for each feed that is stuck."""
    yield from _decisions(model.work.values())
    yield from _held(model.work.values())
    yield from _stuck(model.feeds.values(), now)
    yield from _late(model.due.values(), now)


def _decisions(rows: Iterable[WorkRow]) -> Iterator[Notice]:
    alike: defaultdict[tuple[str, str], list[WorkRow]] = defaultdict(list)
    for row in rows:
        if row.state == "needs_attention":
            alike[row.channel, row.kind].append(row)
    for (channel, kind), waiting in alike.items():
        needs = "needs" if len(waiting) == 1 else "need"
        reasons = {row.reason for row in waiting}
        why = f": {reasons.pop()}" if len(reasons) == 1 else ""
        yield Notice(
            tone="bad",
            what=f"{channel}: {things(len(waiting), KINDS.get(kind, kind))} {needs} a decision{why}",
            do=f"{key_of('work')} lists it: r retries, x dismisses",
        )


def _held(rows: Iterable[WorkRow]) -> Iterator[Notice]:
    held = Counter((row.channel, row.held) for row in rows if row.held)
    for (channel, why), number in held.items():
        yield Notice(
            tone="warn",
            what=f"{channel}: {things(number, 'message')} to Amazon held: {why}",
            do=f"{key_of('work')} shows them; channelctl status says how to go on",
        )


def _stuck(rows: Iterable[FeedRow], now: datetime) -> Iterator[Notice]:
    for row in rows:
        if row.stuck_since:
            yield Notice(
                tone="warn",
                what=f"feed {row.feed_id or row.number} of {row.account} has not moved for "
                f"{age(row.stuck_since, now)}",
                do=row.hint or f"{key_of('work')}, then f shows it",
            )


def _late(rows: Iterable[DueRow], now: datetime) -> Iterator[Notice]:
    late = sum(row.ship_by is not None and row.ship_by < now for row in rows)
    if late:
        yield Notice(
            tone="warn",
            what=f"{things(late, 'order')} past the ship-by time",
            do=f"{key_of('ship_by')} shows them, the nearest first",
        )
