"""Orders of Amazon's go into the book: each exactly once, in whatever order they come (semantics C0).

Everything that follows from an order goes with it into the caller's unit of work: lines, personal data, audit
trail, re-reads. An order that is seen again unchanged costs a comparison and writes nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Literal

import msgspec

from channeld.book import arrivals as arriving
from channeld.book import personal_data
from channeld.book.arrivals import Arrival
from channeld.book.desk import ChannelDesk, Desk
from channeld.book.items.booked import with_items
from channeld.book.ledger.echoes import settle_views
from channeld.book.ledger.moves import AuditStamp
from channeld.book.offering.computing.marking import Booked, mark_booked
from channeld.book.stock.leaving import settle_units
from channeld.domain.order import IncomingOrder
from channeld.domain.order_state import precedence
from channeld.store import audit, left_alone, orders, personal, quarantine, rereads
from channeld.store.audit import AuditEntry
from channeld.store.left_alone import LeftAlone
from channeld.store.order_records import OrderKey, OrderRecord
from channeld.store.personal import Kept
from channeld.store.rereads import Reread
from channeld.store.unit import Unit

__all__ = ["Outcome", "apply_orders"]

What = Literal["inserted", "changed", "unchanged", "skipped", "quarantined"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one order."""

    order_id: str
    channel_id: int | None = None
    what: What
    updated_at: datetime | None = None
    """Amazon's lastUpdatedTime."""

    @property
    def applied(self) -> bool:
        """Whether it moves the order sync date: inserted or changed (semantics C5)."""
        return self.what in ("inserted", "changed")


def apply_orders(unit: Unit, desk: Desk, incoming: Sequence[IncomingOrder]) -> list[Outcome]:
    """Book these orders on the channels of the desk; those of other channels are skipped.

    What they show of outbound work settles it, in the same unit of work.
    """
    views = _one_view_of_each(incoming)
    outcomes = [outcome for each in views for outcome in _apply(unit, desk, each)]
    channels = {marketplace: each.channel.id for marketplace, each in desk.channels.items()}
    settle_views(unit, channels, [order for each in views for order in each], AuditStamp(now=desk.now))
    return outcomes


def _apply(unit: Unit, desk: Desk, incoming: Sequence[IncomingOrder]) -> list[Outcome]:
    seen = _seen_before(unit, desk, incoming)
    same = {order.order_id for order in incoming if _is_unchanged(desk, order, seen.get(order.order_id))}
    known, kept = _what_is_stored(unit, desk, seen.keys() - same)
    outcomes: list[Outcome] = []
    news: list[Arrival] = []
    foreign: list[LeftAlone] = []
    for order in incoming:
        channel = _channel_of(desk, order)
        if channel is not None and order.order_id in same:
            outcomes.append(_outcome(order, channel, "unchanged"))
            continue
        stored = known.get((channel.channel.id, order.order_id)) if channel else None
        if channel is None or (stored is None and _is_amazons_work(order, channel)):
            outcomes.append(_outcome(order, channel, "skipped"))
            foreign += _left_alone(desk, order, channel)
            continue
        arrival = arriving.arrive(unit, desk, order, channel, stored, kept.get(stored.id) if stored else None)
        news += [arrival] if arrival else []
        what = "unchanged" if arrival is None else "inserted" if stored is None else "changed"
        outcomes.append(_outcome(order, channel, what))
    left_alone.note(unit, foreign)
    _store(unit, desk, news)
    settled = [outcome.order_id for outcome in outcomes if outcome.what != "skipped"]
    quarantine.release(unit, desk.account_id, [*settled, *(each.order_id for each in foreign)])
    return outcomes


def _one_view_of_each(incoming: Iterable[IncomingOrder]) -> list[list[IncomingOrder]]:
    """A page may show an order twice: its views go in one after another, the one that holds last."""
    views: dict[str, list[IncomingOrder]] = {}
    for order in incoming:
        views.setdefault(order.order_id, []).append(order)
    in_turn = [sorted(each, key=_precedence) for each in views.values()]
    return [[order for order in nth if order] for nth in zip_longest(*in_turn)]


def _precedence(order: IncomingOrder) -> tuple[datetime, int, bool, str]:
    return precedence(order.updated_at, order.status)


def _channel_of(desk: Desk, order: IncomingOrder) -> ChannelDesk | None:
    return desk.channels.get(order.marketplace_id) if order.on_amazon else None


def _seen_before(unit: Unit, desk: Desk, incoming: Sequence[IncomingOrder]) -> dict[str, bytes]:
    """Fingerprints of the orders that are stored on their channel already, by Amazon's id."""
    channels = {order.order_id: _channel_of(desk, order) for order in incoming}
    stored = orders.fingerprints(unit.connection, _channel_ids(desk), channels.keys())
    return {
        order_id: stored[key]
        for order_id, channel in channels.items()
        if channel and (key := (channel.channel.id, order_id)) in stored
    }


def _is_unchanged(desk: Desk, order: IncomingOrder, seen: bytes | None) -> bool:
    """Whether it is stored just as it came; a person's recovery applies such an order again, too."""
    return seen is not None and not desk.recovering and seen == arriving.fingerprint(desk, order)


def _what_is_stored(
    unit: Unit, desk: Desk, order_ids: Collection[str]
) -> tuple[dict[OrderKey, OrderRecord], dict[int, Kept]]:
    if not order_ids:
        return {}, {}
    known = orders.stored(unit.connection, _channel_ids(desk), order_ids)
    return known, personal.kept(unit.connection, [record.id for record in known.values()])


def _channel_ids(desk: Desk) -> list[int]:
    return [channel.channel.id for channel in desk.channels.values()]


def _is_amazons_work(order: IncomingOrder, channel: ChannelDesk) -> bool:
    """Orders fulfilled by Amazon are no work of ours while FBA is off (semantics F1)."""
    return order.fulfilled_by == "AMAZON" and channel.fba_location_id is None


def _left_alone(desk: Desk, order: IncomingOrder, channel: ChannelDesk | None) -> list[LeftAlone]:
    """Counted are FBA orders and those of other sales channels, not those of channels that are off."""
    if order.on_amazon and channel is None:
        return []
    return [
        LeftAlone(
            account_id=desk.account_id,
            order_id=order.order_id,
            channel_id=channel.channel.id if channel else None,
        )
    ]


def _outcome(order: IncomingOrder, channel: ChannelDesk | None, what: What) -> Outcome:
    return Outcome(
        order_id=order.order_id,
        channel_id=channel.channel.id if channel else None,
        what=what,
        updated_at=order.updated_at,
    )


def _store(unit: Unit, desk: Desk, news: Sequence[Arrival]) -> None:
    """One statement for each table, however many orders there are."""
    if not news:
        return
    records = with_items(unit, desk.account_id, [arrival.record for arrival in news], desk.now)
    pks = orders.save_page(unit, records)
    _settle_stock(unit, desk, pks, news)
    booked = [Booked(arrival.stored, record) for arrival, record in zip(news, records, strict=True)]
    mark_booked(unit, desk.account_id, booked, pks, desk.now)
    personal_data.store(
        unit, desk, [(pks[each.record.key], each.incoming.personal, each.booking) for each in news]
    )
    audit.add_many(unit, [entry for arrival in news for entry in _entries(desk, arrival)])
    rereads.schedule(unit, [planned for arrival in news for planned in _rereads(desk, arrival)])
    rereads.settle(
        unit,
        desk.account_id,
        [(each.incoming.order_id, kind) for each in news if each.stored for kind in each.booking.settled],
        desk.now,
    )
    left_alone.forget(unit, desk.account_id, [each.incoming.order_id for each in news if not each.stored])


def _settle_stock(unit: Unit, desk: Desk, pks: Mapping[OrderKey, int], news: Sequence[Arrival]) -> None:
    """What Amazon shows as shipped otherwise than before has left; most orders that come in show none."""
    moved = [arrival for arrival in news if _shipped(arrival.record) != _shipped(arrival.stored)]
    if moved:
        reduced = {pks[each.record.key] for each in moved if each.stored and each.stored.reduces_stock}
        settle_units(unit, [pks[each.record.key] for each in moved], desk.now, desk.by, reduced=reduced)


def _shipped(order: OrderRecord | None) -> dict[str, int]:
    lines = order.lines if order else ()
    return {line.order_item_id: line.fulfilled for line in lines if line.fulfilled}


def _entries(desk: Desk, arrival: Arrival) -> Iterable[AuditEntry]:
    for entry in arrival.booking.audit:
        yield AuditEntry(
            at=desk.now,
            code=entry.code,
            text=entry.text,
            by=desk.by,
            account_id=desk.account_id,
            channel_id=arrival.record.channel_id,
            order_id=arrival.incoming.order_id,
        )


def _rereads(desk: Desk, arrival: Arrival) -> Iterable[Reread]:
    for due in arrival.booking.rereads:
        yield Reread(
            account_id=desk.account_id,
            order_id=arrival.incoming.order_id,
            kind=due.kind.value,
            channel_id=arrival.record.channel_id,
            first_at=desk.now,
            due_at=due.at,
        )
