"""A parcel of an order has left: it is written down, and Amazon is told of it (semantics C1)."""

from datetime import UTC, datetime

import msgspec

from channeld.amazon.assumptions import CARRIER_CODES
from channeld.book.ledger import decisions, moves
from channeld.book.ledger.texts import NOT_REQUIRED
from channeld.book.stock.leaving import settle_units
from channeld.commands.asking import Asked, refusal
from channeld.commands.outbound import Answerable, answerable, units_text
from channeld.domain.carriers import OTHER, Carrier, resolve
from channeld.domain.despatch import Parcel, is_repeat, plan_parcel, tracking_problems
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.kinds import DESPATCH
from channeld.domain.ledger.route import Route
from channeld.domain.line_names import NamedUnits
from channeld.domain.order_units import left_over
from channeld.errors import InvalidRequest, Problem
from channeld.store import audit, mappings, order_history
from channeld.store.ledger_records import WorkRecord
from channeld.store.order_records import OrderRecord
from channeld.store.unit import Unit

__all__ = ["Processed", "Sending", "process_order"]


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a parcel."""

    order_id: str
    channel: str | None = None
    carrier: str | None = None
    """As he names it; None: the mapping of `service` decides."""
    service: str = ""
    tracking: str = ""
    lines: tuple[NamedUnits, ...] = ()
    """None: every unit that is left."""
    shipped_at: datetime | None = None
    force: bool = False


class Processed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    record: OrderRecord
    parcel: Parcel
    work: WorkRecord | None
    """The note to Amazon; None when Despatch notes are off."""
    shut: str
    """Why the note was rejected; empty when it was not."""
    left: int
    """Units of the order that are still to be sent."""


def process_order(unit: Unit, asked: Asked, wish: Sending) -> Processed:
    """Write the parcel down and queue its note. Raises `InvalidRequest` with every problem.

    The setting at this moment decides whether there is a note, and a channel that is off rejects it for good.
    """
    order = answerable(unit.connection, wish.order_id, wish.channel)
    parcel, carrier = _planned(unit, asked, order, wish)
    if not wish.force:
        _refuse_repeat(order, parcel, wish.tracking)
    work = (
        _note(unit, asked, order, _effect(parcel, carrier, wish)) if order.settings.despatch_notes else None
    )
    stored = order_history.Parcel(
        order_pk=order.record.id,
        work_id=work.id if work else None,
        lines=parcel.lines,
        shipped_at=parcel.shipped_at,
        carrier=carrier.name or carrier.code,
        service=wish.service.strip(),
        tracking=wish.tracking.strip(),
        by=asked.by,
    )
    order_history.add_parcel(unit, stored)
    settle_units(unit, [order.record.id], asked.now, asked.by)
    unit.changed("due", order.record.key)
    audit.add(unit, order.entry(asked, "order.processed", f"Order processed: {_what(parcel)}", work))
    if work is None:
        audit.add(unit, order.entry(asked, *NOT_REQUIRED))
    elif order.shut:
        work = decisions.rejected(unit, work, asked.stamp, order.shut)
    left = left_over(order.facts, order.history.local_units, parcel.lines)
    return Processed(
        record=order.record, parcel=parcel, work=work, shut=order.shut if work else "", left=left
    )


def _planned(unit: Unit, asked: Asked, order: Answerable, wish: Sending) -> tuple[Parcel, Carrier]:
    planned = _plan(asked, order, wish, force=wish.force)
    carrier = _carrier(unit, order, wish)
    wrong = tracking_problems(wish.tracking)
    if isinstance(planned, Parcel) and isinstance(carrier, Carrier) and not wrong:
        return planned, carrier
    problems = planned if isinstance(planned, list) else []
    others = [*([carrier] if isinstance(carrier, Problem) else ()), *wrong]
    if not others and isinstance(_plan(asked, order, wish, force=True), Parcel):
        raise InvalidRequest(
            "shipped_already",
            "Amazon shows units of the parcel as shipped already; nothing was changed.",
            "If it is to be told of them all the same: `channelctl order process` with `--force`, or yes in "
            "the monitor's form.",
            problems,
        )
    raise refusal([*problems, *others], "The parcel")


def _refuse_repeat(order: Answerable, parcel: Parcel, tracking: str) -> None:
    """A second click, or the same row of another file, must not tell Amazon of a parcel that never left."""
    if any(is_repeat(parcel.lines, tracking, each.lines, each.tracking) for each in order.history.standing):
        raise InvalidRequest(
            "processed_already",
            "A parcel of the order with that tracking number and these units was processed before; nothing "
            "was changed.",
            "If another one has left: process it with its own tracking number, or `channelctl order process` "
            "with `--force`, or yes in the monitor's form.",
            [Problem(key="tracking", message="is that of an earlier parcel with these units")],
        )


def _plan(asked: Asked, order: Answerable, wish: Sending, *, force: bool) -> Parcel | list[Problem]:
    return plan_parcel(
        order.facts,
        order.history.local_units,
        now=asked.now,
        lines=wish.lines,
        shipped_at=_utc(wish.shipped_at),
        force=force,
    )


def _carrier(unit: Unit, order: Answerable, wish: Sending) -> Carrier | Problem:
    """Whom Amazon is told; where it is told of nothing, any name will do."""
    mapped = mappings.of_channel(unit.connection, "despatch", order.channel.id)
    found = resolve(wish.carrier, wish.service, mapped, CARRIER_CODES, channel=order.channel.name)
    if isinstance(found, Problem) and (order.shut or not order.settings.despatch_notes):
        return Carrier(code=OTHER, name=(wish.carrier or wish.service).strip())
    return found


def _effect(parcel: Parcel, carrier: Carrier, wish: Sending) -> Despatch:
    return Despatch(
        lines=parcel.lines,
        shipped_at=parcel.shipped_at,
        carrier_code=carrier.code,
        carrier_name=carrier.name,
        method=carrier.method,
        tracking=wish.tracking.strip(),
        forced=wish.force,
    )


def _note(unit: Unit, asked: Asked, order: Answerable, effect: Despatch) -> WorkRecord:
    """Parcels of an order are numbered, as nothing else tells two of them apart."""
    number = len(order.history.parcels) + 1
    key = f"{order.channel.id}/{order.record.order_id}/{number}"
    route = Route.UNDECIDED if effect.tracking else Route.FEED
    (work,) = moves.queue(unit, [order.work(asked, DESPATCH.name, key, effect, route)])
    return work


def _utc(given: datetime | None) -> datetime | None:
    """One without a zone is left for the plan to refuse."""
    return given.astimezone(UTC) if given is not None and given.tzinfo is not None else given


def _what(parcel: Parcel) -> str:
    return units_text(sum(part.quantity for part in parcel.lines))
