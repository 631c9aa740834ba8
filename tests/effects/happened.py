"""What happened to one order at Amazon, thing by thing, against what the ledger says of it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from channel_protocol.order_answers import OrderProcessed
from channeld.domain.ledger.effects import Cancel, Despatch, Refund
from channeld.domain.ledger.states import State
from channeld.sandbox import Order
from channeld.sandbox.orders import Package
from channeld.store.ledger_records import WorkRecord
from tests.effects.play import Played
from tests.effects.seen import Seen

__all__ = ["wrong_cancellations", "wrong_money", "wrong_packages", "wrong_rest"]

UNPROVED = ("no_transaction", "written_off")
"""Why a refund needs a person although it may have been paid."""
Paid = tuple[str, tuple[tuple[str, int], ...]]
"""An order item, and minor units by component."""


def wrong_packages(played: Played, order_id: str, seen: Seen) -> Iterable[str]:
    """Each parcel is there once, as it was told the last time, and there are no others of ours."""
    order = played.market.order(order_id)
    notes = {str(r.id): r for r in seen.of_order(order_id) if isinstance(r.effect, Despatch)}
    ours = Counter(package.reference for package in order.packages if len(package.reference) > 3)
    yield from (f"package {each} of {order.order_id} is none of ours" for each in ours if each not in notes)
    for reference, record in notes.items():
        if _is_believed(played, record, seen) or _is_told_elsewhere(order, record):
            continue
        yield from _once(f"note {reference}", record, ours[reference])
    for package in order.packages:
        if package.reference in notes:
            yield from _wrong_package(package, notes[package.reference].effect)


def _is_believed(played: Played, record: WorkRecord, seen: Seen) -> bool:
    """A note that a report calls done although a fault may have kept it from it: what Amazon says holds."""
    return played.plan.had("no_effect", "late_effect") and record.id in seen.called_done


def _is_told_elsewhere(order: Order, record: WorkRecord) -> bool:
    """Somebody entered the same parcel in Seller Central: there is nothing left to tell."""
    note = record.effect
    return (
        isinstance(note, Despatch)
        and bool(note.tracking)
        and record.state is State.CONFIRMED
        and any(len(each.reference) <= 3 and each.tracking == note.tracking for each in order.packages)
    )


def _wrong_package(package: Package, told: object) -> Iterable[str]:
    assert isinstance(told, Despatch)
    expected = (
        tuple((part.order_item_id, part.quantity) for part in told.lines),
        told.tracking,
        _whole(told.shipped_at),
        told.carrier_name or told.carrier_code,
    )
    shown = (package.contents, package.tracking, _whole(package.at), package.carrier)
    if shown != expected:
        yield f"package {package.reference} is {shown} instead of {expected}"


def wrong_cancellations(played: Played, order_id: str, seen: Seen) -> Iterable[str]:
    """Of each line as many units are cancelled as people asked for; a buyer may have cancelled the rest.

    A person may have forced a repeat of what nobody could tell of.
    """
    order = played.market.order(order_id)
    placed = played.plan.orders[played.people.order_ids.index(order_id)]
    certain: Counter[str] = Counter()
    possible: Counter[str] = Counter()
    for record in seen.of_order(order_id):
        if isinstance(record.effect, Cancel):
            units = {part.order_item_id: part.quantity for part in record.effect.lines}
            certain.update(units if record.state is State.CONFIRMED else {})
            possible.update(units if _may_have_happened(played, record) else {})
            forced = min(played.people.forced[record.id], seen.repeated_in_doubt(record.id))
            possible.update({item: n * forced for item, n in units.items()})
    by_buyer = any(line.cancelled_by == "BUYER" for line in order.lines)
    for goods, line in zip(placed.lines, order.lines, strict=True):
        item = line.order_item_id
        gone = goods.quantity - line.shipped - line.open
        most = goods.quantity if by_buyer else certain[item] + possible[item]
        if not certain[item] <= gone <= most:
            yield f"of {item} {gone} units were cancelled, not {certain[item]} to {most}"


def wrong_rest(played: Played, order_id: str, seen: Seen) -> Iterable[str]:
    """Where nothing was left to send, and all was confirmed, Amazon waits for nothing either.

    What its reports call done, and is not, nobody can tell.
    """
    if played.plan.had("no_effect", "late_effect"):
        return
    answers = played.people.answers.values()
    is_complete = any(
        isinstance(answer, OrderProcessed) and answer.order_id == order_id and not answer.left
        for answer in answers
    )
    if is_complete and all(record.state is State.CONFIRMED for record in seen.of_order(order_id)):
        yield from (
            f"{line.open} units of {line.order_item_id} are still to be sent"
            for line in played.market.order(order_id).lines
            if line.open
        )


def wrong_money(played: Played, order_id: str, seen: Seen) -> Iterable[str]:
    """Each refund was paid once, or, where nobody could tell, at most once; a person may have forced another.

    One of the same amount that somebody made in Seller Central cannot be told from ours.
    """
    paid = Counter(
        (item, tuple(sorted(amounts.items())))
        for refund in played.market.refunds(order_id)
        for item, amounts in refund.items.items()
    )
    elsewhere = Counter(
        (item, tuple(sorted(amounts.items())))
        for refund in played.people.paid_elsewhere
        if refund.order_id == order_id
        for item, amounts in refund.items.items()
    )
    certain: Counter[Paid] = Counter()
    possible = Counter(elsewhere)
    for record in seen.of_order(order_id):
        effect = record.effect
        if not isinstance(effect, Refund) or effect.by_cancellation:
            continue
        key = effect.order_item_id, tuple(sorted((part.type, part.minor) for part in effect.components))
        is_done = record.state is State.CONFIRMED
        certain[key] += is_done
        possible[key] += is_done or record.reason_code in UNPROVED or _may_have_happened(played, record)
        possible[key] += min(played.people.forced[record.id], seen.repeated_in_doubt(record.id))
    yield from (
        f"{order_id}: {key} was paid {paid[key]} times, not {certain[key]} to {possible[key]}"
        for key in paid.keys() | certain.keys()
        if not certain[key] <= paid[key] <= possible[key]
    )


def _may_have_happened(played: Played, record: WorkRecord) -> bool:
    """Although it does not say so: a person let it be after it had left, or it came about late."""
    if record.state is State.DISMISSED:
        return record.sent_at is not None
    return record.state is State.NEEDS_ATTENTION and played.plan.had("late_effect")


def _once(name: str, record: WorkRecord, happened: int) -> Iterable[str]:
    least = int(record.state is State.CONFIRMED)
    most = int(least or (record.state is State.DISMISSED and record.sent_at is not None))
    if not least <= happened <= most:
        yield f"{name} is {record.state} ({record.reason}) and happened {happened} times"


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
