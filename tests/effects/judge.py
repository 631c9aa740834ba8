"""The ledger against what really happened at Amazon: each effect once, or never where it was refused."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from channel_protocol.order_answers import OrderCancelled, OrderProcessed, OrderRefunded
from channeld.domain.ledger.effects import Cancel, Despatch, Refund
from channeld.domain.ledger.states import State
from channeld.sandbox import Order
from channeld.sandbox.truth import Effect
from channeld.store.ledger_records import WorkRecord
from tests.effects.play import Played
from tests.effects.seen import Seen, seen_in
from tests.effects.told import wrong_story

__all__ = ["wrong_with"]

ENDS = (State.CONFIRMED, State.NEEDS_ATTENTION)
UNPROVED = ("no_transaction",)
"""Why a refund needs a person although it may have been paid."""
REFUSED = {"despatch": ("unknown_carrier",), "refund": ("no_effect", "feed_fatal"), "cancellation": ()}
"""Faults that may rightly end in a person's hands, by kind."""


def wrong_with(played: Played) -> list[str]:
    """Everything that must not be; empty when all is well."""
    seen = seen_in(played.database)
    truth = played.market.truth
    return [
        *played.people.changed_answers,
        *_wrong_rows(played, seen),
        *(what for record in seen.work for what in _wrong_end(played, record)),
        *(what for record in seen.work for what in wrong_story(record, seen.told_of(record.id))),
        *(
            what
            for order_id in played.market.orders()
            for what in _wrong_order(
                played, order_id, [r for r in seen.work if r.order_id == order_id], _believed(played, seen)
            )
        ),
        *(f"feed {feed.id} is {feed.state} at the end" for feed in seen.feeds if feed.ended_at is None),
        *(f"{times} requests over the budget of {whose}" for whose, times in truth.over_budget.items()),
        *(f"a request that breaks a rule: {rule}" for rule in truth.invalid),
    ]


def _wrong_rows(played: Played, seen: Seen) -> Iterable[str]:
    """Each deed that was accepted has left its rows, once, and there are no others."""
    asked: Counter[tuple[str, str]] = Counter()
    for answer in played.people.answers.values():
        match answer:
            case OrderProcessed():
                asked["despatch", answer.order_id] += 1
            case OrderCancelled():
                asked["cancellation", answer.order_id] += 1
            case OrderRefunded():
                asked["refund", answer.order_id] += len(answer.lines)
                asked["cancellation", answer.order_id] += any(line.by_cancellation for line in answer.lines)
            case _:
                yield f"an answer {answer}"
    found = Counter((record.kind, record.order_id) for record in seen.work)
    if found != +asked:
        yield f"people asked for {asked}, the ledger has {found}"


def _wrong_end(played: Played, record: WorkRecord) -> Iterable[str]:
    """All has ended, and needs a person only where something went wrong that he has to know of."""
    name = f"{record.kind} {record.id} of {record.order_id}"
    if record.state not in ENDS:
        yield f"{name} is {record.state} at the end: {record.reason}"
    faults = {trouble.fault for trouble in played.plan.troubles}
    is_last = "no further attempts" in record.reason or record.attempts == 5
    justified = is_last or faults.intersection(REFUSED[record.kind])
    if record.state is State.NEEDS_ATTENTION and not justified:
        yield f"{name} needs attention without cause: {record.reason_code}, {record.reason}"


def _believed(played: Played, seen: Seen) -> frozenset[int]:
    """Notes that a report calls done although a fault may have kept them from it: what Amazon says holds."""
    lies = any(trouble.fault == "no_effect" for trouble in played.plan.troubles)
    return seen.called_done if lies else frozenset()


def _wrong_order(
    played: Played, order_id: str, work: list[WorkRecord], believed: frozenset[int]
) -> Iterable[str]:
    order = played.market.order(order_id)
    yield from _wrong_packages(order, work, believed)
    yield from _wrong_cancellations(order, played, work)
    yield from _wrong_money(played, order_id, work)


def _wrong_packages(order: Order, work: list[WorkRecord], believed: frozenset[int]) -> Iterable[str]:
    notes = {str(record.id): record for record in work if isinstance(record.effect, Despatch)}
    ours = Counter(package.reference for package in order.packages if len(package.reference) > 3)
    yield from (f"package {each} of {order.order_id} is none of ours" for each in ours if each not in notes)
    for reference, record in notes.items():
        if record.id not in believed:
            yield from _once(f"note {reference}", record, ours[reference])
    for package in order.packages:
        note = notes.get(package.reference)
        if note is None or not isinstance(note.effect, Despatch):
            continue
        told = note.effect
        expected = (
            tuple((part.order_item_id, part.quantity) for part in told.lines),
            told.tracking,
            _whole(told.shipped_at),
            told.carrier_name or told.carrier_code,
        )
        shown = (package.contents, package.tracking, _whole(package.at), package.carrier)
        if shown != expected:
            yield f"package {package.reference} is {shown} instead of {expected}"


def _wrong_cancellations(order: Order, played: Played, work: list[WorkRecord]) -> Iterable[str]:
    cancelled = {line.order_item_id for line in order.lines if line.cancelled_by}
    wanted: set[str] = set()
    for record in work:
        if not isinstance(record.effect, Cancel):
            continue
        lines = {part.order_item_id for part in record.effect.lines}
        wanted |= lines
        yield from _once(f"cancellation {record.id}", record, int(lines <= cancelled))
        for item in lines:
            times = played.market.truth.effects[Effect("cancel", order.order_id, item)]
            if times > 1:
                yield f"line {item} was cancelled {times} times"
    yield from (f"line {item} was cancelled, and nobody asked for it" for item in cancelled - wanted)


def _wrong_money(played: Played, order_id: str, work: list[WorkRecord]) -> Iterable[str]:
    """Each refund was paid once, or, where nobody could tell, at most once."""
    paid = Counter(
        (item, tuple(sorted(amounts.items())))
        for refund in played.market.refunds(order_id)
        for item, amounts in refund.items.items()
    )
    certain: Counter[tuple[str, tuple[tuple[str, int], ...]]] = Counter()
    possible = Counter(certain)
    for record in work:
        effect = record.effect
        if not isinstance(effect, Refund) or effect.by_cancellation:
            continue
        key = effect.order_item_id, tuple(sorted((part.type, part.minor) for part in effect.components))
        certain[key] += record.state is State.CONFIRMED
        possible[key] += record.state is State.CONFIRMED or record.reason_code in UNPROVED
    yield from (
        f"{order_id}: {key} was paid {paid[key]} times, not {n}"
        for key, n in certain.items()
        if paid[key] < n
    )
    yield from (
        f"{order_id}: {key} was paid {n} times, not {possible[key]}"
        for key, n in paid.items()
        if n > possible[key]
    )


def _once(name: str, record: WorkRecord, happened: int) -> Iterable[str]:
    expected = int(record.state is State.CONFIRMED)
    if happened != expected:
        yield f"{name} is {record.state} ({record.reason}) and happened {happened} times"


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
