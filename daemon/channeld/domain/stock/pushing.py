"""The moves of a SKU's desired state: computed, sent, answered, read back (design, section 4).

Whatever happens, it ends with the computed value at Amazon: what is in doubt is sent again, and counts as
confirmed only when a direct read shows it after the last moment at which an older message could be applied.
A repeat does no harm, as a quantity is a value and no difference.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from channeld.domain.stock.clock_ahead import not_ahead
from channeld.domain.stock.desired import SETTLES, Desired, Flight, Sent
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.route import Route
from channeld.domain.stock.value import Value

__all__ = [
    "LOOK_AFTER",
    "ImpossibleMove",
    "accepted",
    "begun",
    "changed_by_order",
    "computed",
    "failed",
    "feed_ended",
    "forced",
    "lost",
    "marked",
    "not_sent",
    "overtaken",
    "refused",
]

LOOK_AFTER = timedelta(minutes=2)
"""After an accepted message: earlier it is hardly ever to be seen."""
_MINUTE = timedelta(minutes=1)
DOUBTED = (timedelta(0), _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 60 * _MINUTE)
"""Pauses after the first, second … time that no answer came, or that Amazon shows something else."""
REFUSED = (15 * _MINUTE, 60 * _MINUTE, 6 * 60 * _MINUTE)
"""Pauses after Amazon has refused the value. It is tried again by itself, as the cause may be gone."""


class ImpossibleMove(Exception):
    """A message may not leave now: one is under way, or there is nothing to send."""


def computed(row: Desired, value: Value | None, now: datetime) -> Desired:
    """This is what Amazon is to be told from now on; a new value does not wait for what failed before."""
    if value == row.computed:
        return row
    after = replace(row, computed=value, version=row.version + 1, not_before=None, failures=0, reason="")
    if row.computed is None or value is None:  # meanwhile nobody has looked, or nobody will
        after = replace(after, proof=None, look_at=None)
    return marked(after, now)


def forced(row: Desired, now: datetime) -> Desired:
    """A person wants it sent, whatever Amazon is thought to have."""
    return marked(replace(row, standing=None, not_before=None), now)


def changed_by_order(row: Desired, at: datetime, now: datetime) -> Desired:
    """An order with the SKU was made then, or cancelled, so Amazon has changed its number itself.

    The value has to go out again though it may be the same: what Max Listed holds down would run out there.
    What began to leave after the order has set that right. A time in the future, as the clock was ahead,
    says nothing of that.
    """
    if row.flight is not None and not at < row.flight.began_at <= now:
        row = replace(row, flight=replace(row.flight, sold_since=True))
    if row.sent is not None and at < row.sent.began_at <= now:
        return row
    return marked(replace(row, standing=None), now)


def begun(row: Desired, route: Route, submission: str, now: datetime) -> Desired:
    """The computed value is about to leave; to be committed before it does. Raises `ImpossibleMove`."""
    row = not_ahead(row, now)
    if row.computed is None or not row.is_due(now):
        raise ImpossibleMove(f"a message for a SKU that is {row.stands(now)}")
    flight = Flight(value=row.computed, route=route, submission=submission, began_at=now)
    before = row.sent.at + SETTLES if row.sent else None
    return replace(row, flight=flight, settles_at=_later(row.settles_at, before), look_at=None)


def accepted(row: Desired, submission: str, now: datetime) -> Desired:
    """Amazon took the message; of a feed: its result says so. Late answers change nothing."""
    flight = _flight(row, submission)
    if flight is None:
        return row
    sent = Sent(
        value=flight.value, route=flight.route, submission=submission, began_at=flight.began_at, at=now
    )
    standing = None if flight.sold_since else flight.value
    after = replace(row, flight=None, sent=sent, standing=standing, not_before=None)
    return marked(_looking(after, now + LOOK_AFTER), now)


def refused(row: Desired, submission: str, reason: str, now: datetime) -> Desired:
    """Certainly without effect, by Amazon's word; `reason` is for people."""
    flight = _flight(row, submission)
    if flight is None:
        return row
    after = replace(row, flight=None, reason=reason)
    if row.computed is None or flight.value != row.computed:
        return marked(after, now)
    return marked(failed(after, REFUSED, reason, now), now)


def not_sent(row: Desired, submission: str, now: datetime) -> Desired:
    """Certainly without effect, and not for the value's sake: throttled, or not yet handed in."""
    if _flight(row, submission) is None:
        return row
    return marked(replace(row, flight=None), now)


def lost(row: Desired, submission: str, now: datetime) -> Desired:
    """No answer, or one that contradicts itself; also for what a process was doing when it died.

    The present value goes out again. A feed of which the end is not known shadows the SKU until `feed_ended`.
    """
    flight = _flight(row, submission)
    if flight is None:
        return row
    after = _outdated(row, flight, now)
    return marked(failed(after, DOUBTED, "Amazon's answer was lost", now), now)


def overtaken(row: Desired, now: datetime) -> Desired:
    """Its message sits in a feed that does not move, so the present value is to go another way.

    Raises `ImpossibleMove` unless it is in a feed.
    """
    if row.flight is None or row.flight.route is not Route.FEED:
        raise ImpossibleMove("nothing of it is in a feed")
    return marked(_outdated(row, row.flight, now), now)


def feed_ended(row: Desired, submission: str, now: datetime) -> Desired:
    """A feed that shadowed the SKU has ended, however, or was never made: it may just have been applied.

    So the present value is sent again, and read back when nothing of that feed can come any more.
    """
    if submission not in row.shadows:
        return row
    after = replace(
        row,
        shadows=tuple(each for each in row.shadows if each != submission),
        settles_at=_later(row.settles_at, now + SETTLES),
        standing=None,
    )
    return marked(after, now)


def failed(row: Desired, pauses: tuple[timedelta, ...], reason: str, now: datetime) -> Desired:
    """It is tried again after a pause that grows with the failures of this value."""
    pause = pauses[min(row.failures, len(pauses) - 1)]
    return replace(row, failures=row.failures + 1, not_before=now + pause, reason=reason)


def marked(row: Desired, now: datetime) -> Desired:
    """With what follows from the rest: since when it is dirty, and that what is unproven is looked at.

    A handling time that is left alone may be changed by anybody: what was said of it counts no more.
    """
    if row.standing is not None and row.computed is not None and row.computed.lead_time == KEEP:
        row = replace(row, standing=replace(row.standing, lead_time=KEEP))
    if row.is_dirty:
        return replace(row, dirty_since=row.dirty_since or now)
    row = replace(row, dirty_since=None)
    return row if row.is_confirmed or row.look_at is not None else _looking(row, now)


def _outdated(row: Desired, flight: Flight, now: datetime) -> Desired:
    """The flight's message may be applied at any time, or never."""
    feared = max(row.feared or 0, flight.value.quantity)
    after = replace(row, flight=None, standing=None, feared=feared)
    if flight.route is Route.FEED:
        return replace(after, shadows=(*row.shadows, flight.submission))
    return replace(after, settles_at=_later(row.settles_at, now + SETTLES))


def _flight(row: Desired, submission: str) -> Flight | None:
    return row.flight if row.flight is not None and row.flight.submission == submission else None


def _looking(row: Desired, earliest: datetime) -> Desired:
    """Read back when it proves something: nothing under way, no older message to come."""
    if row.computed is None or row.flight or row.shadows:
        return replace(row, look_at=None)
    return replace(row, look_at=_later(row.settles_at, earliest))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)
