"""The ledger against what really happened at Amazon: each effect once, or never where it was refused."""

from collections import Counter
from collections.abc import Iterable

from channel_protocol.order_answers import OrderCancelled, OrderProcessed, OrderRefunded
from channeld.domain.ledger.effects import Cancel
from channeld.domain.ledger.states import State
from channeld.store.ledger_records import WorkRecord
from tests.effects.happened import wrong_cancellations, wrong_money, wrong_packages, wrong_rest
from tests.effects.play import Played
from tests.effects.seen import Seen, seen_in
from tests.effects.told import wrong_story

__all__ = ["wrong_with"]

ENDS = (State.CONFIRMED, State.NEEDS_ATTENTION, State.DISMISSED)
REFUSED = {
    "despatch": ("unknown_carrier",),
    "refund": ("no_effect", "feed_fatal"),
    "cancellation": ("late_effect",),
}
"""Faults that may rightly end in a person's hands, by kind."""
WITHOUT_EFFECT = ("feed_fatal", "no_effect")
"""After these, units of a line that Amazon took and does not show are not cancelled again by themselves."""


def wrong_with(played: Played) -> list[str]:
    """Everything that must not be; empty when all is well."""
    seen = seen_in(played.database)
    truth = played.market.truth
    return [
        *played.people.changed_answers,
        *_wrong_rows(played, seen),
        *(what for record in seen.work for what in _wrong_end(played, record, seen)),
        *(what for record in seen.work for what in wrong_story(record, seen.told_of(record.id))),
        *(what for order_id in played.market.orders() for what in _wrong_order(played, order_id, seen)),
        *(f"feed {feed.id} is {feed.state} at the end" for feed in seen.feeds if feed.ended_at is None),
        *(f"{times} requests over the budget of {whose}" for whose, times in truth.over_budget.items()),
        *(f"a request that breaks a rule: {rule}" for rule in truth.invalid),
    ]


def _wrong_order(played: Played, order_id: str, seen: Seen) -> Iterable[str]:
    yield from wrong_packages(played, order_id, seen)
    yield from wrong_cancellations(played, order_id, seen)
    yield from wrong_money(played, order_id, seen)
    yield from wrong_rest(played, order_id, seen)


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
            case _:  # a decision about what is there
                pass
    found = Counter((record.kind, record.order_id) for record in seen.work)
    if found != +asked:
        yield f"people asked for {asked}, the ledger has {found}"


def _wrong_end(played: Played, record: WorkRecord, seen: Seen) -> Iterable[str]:
    """All has ended, and needs a person only where something went wrong that he has to know of."""
    name = f"{record.kind} {record.id} of {record.order_id}"
    if record.state not in ENDS:
        yield f"{name} is {record.state} at the end: {record.reason}"
    if (record.state is State.DISMISSED) != (record.id in _dismissed(played, seen)):
        yield f"{name} is {record.state}, and people dismissed {sorted(played.people.dismissed)}"
    if record.state is State.NEEDS_ATTENTION and not _is_justified(played, record, seen):
        yield f"{name} needs attention without cause: {record.reason_code}, {record.reason}"


def _dismissed(played: Played, seen: Seen) -> set[int]:
    """With what goes along with them."""
    by_hand = played.people.dismissed
    return by_hand | {record.id for record in seen.work if record.follows in by_hand}


def _is_justified(played: Played, record: WorkRecord, seen: Seen) -> bool:
    is_last = "no further attempts" in record.reason or record.attempts == 5
    others = played.plan.is_elsewhere(played.people.order_ids.index(record.order_id))
    return (
        is_last
        or others
        or not seen.given_up.isdisjoint((record.id, record.follows))
        or played.plan.had(*REFUSED[record.kind])
        or any(_is_lost_part(played, each) for each in seen.work if each.id in (record.id, record.follows))
        or any(played.people.forced[each.id] for each in seen.work if each.order_id == record.order_id)
    )


def _is_lost_part(played: Played, record: WorkRecord) -> bool:
    """A cancellation of a part of a line, where Amazon cancels none, or gave the feed up without doing it."""
    plan, effect = played.plan, record.effect
    if not isinstance(effect, Cancel) or (
        plan.part_cancellation != "refused" and not plan.had(*WITHOUT_EFFECT)
    ):
        return False
    return {part.order_item_id for part in effect.lines} > set(effect.whole_lines)
