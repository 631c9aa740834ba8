"""A price on its way to Amazon: under way, answered, read back (semantics G1).

A price is a value: what is in doubt is sent again. It counts as confirmed only when a direct read shows it
after the last moment at which an older request could be applied.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import Event, State, moved
from channeld.domain.price.wishes import aimed, switched_off
from channeld.domain.stock.desired import SETTLES
from channeld.domain.stock.pushing import DOUBTED, LOOK_AFTER

__all__ = ["begun", "lost", "not_sent", "read_back", "refused", "taken", "unread"]

UNREAD = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
"""Pauses after the first, second … read that told nothing of the price."""


def begun(row: ListingPrice, now: datetime) -> ListingPrice:
    """The saved price is about to leave; to be committed before it does. Raises `ImpossibleMove`."""
    return replace(
        row,
        state=moved(row.state, Event.BEGIN),
        flight=row.saved,
        was_sure=row.is_sure,
        is_sure=False,
        settles_at=_later(row.settles_at, row.sent_at + SETTLES if row.sent_at else None),
    )


def taken(row: ListingPrice, submission: str, now: datetime, *, is_on: bool) -> ListingPrice:
    """Amazon took it. Another one that was saved meanwhile is next."""
    after = replace(
        row,
        state=moved(row.state, Event.TAKEN),
        flight=None,
        sent=row.flight,
        sent_at=now,
        submission=submission,
        not_before=None,
        reason="",
        look_at=_together(max(row.settles_at or now, now + LOOK_AFTER)),
    )
    return aimed(after, is_on=is_on)


def refused(row: ListingPrice, reason: str, *, is_on: bool) -> ListingPrice:
    """Certainly without effect, by Amazon's word; `reason` is for people."""
    after = replace(
        row, state=moved(row.state, Event.REFUSED), flight=None, is_sure=row.was_sure, reason=reason
    )
    return after if row.saved == row.flight else aimed(after, is_on=is_on)


def not_sent(row: ListingPrice, reason: str, now: datetime, *, is_on: bool) -> ListingPrice:
    """Certainly without effect, and not for the price's sake. `reason`: it failed; without one it waited."""
    after = replace(row, state=moved(row.state, Event.NOT_SENT), flight=None, is_sure=row.was_sure)
    return _again(row, _failed(after, DOUBTED, reason, now) if reason else after, is_on=is_on)


def lost(row: ListingPrice, reason: str, now: datetime, *, is_on: bool) -> ListingPrice:
    """No answer, or one that contradicts itself; also for what a process was sending when it died."""
    after = replace(
        row,
        state=moved(row.state, Event.LOST),
        flight=None,
        settles_at=_later(row.settles_at, now + SETTLES),
    )
    return _again(row, _failed(after, DOUBTED, reason, now), is_on=is_on)


def read_back(row: ListingPrice, shown: int | None, asked_at: datetime, *, is_on: bool) -> ListingPrice:
    """A direct read that was asked for then shows this; None: the listing has no price.

    Another one that was saved meanwhile, even one that is held or was dropped, does not make it forgotten.
    """
    if not row.is_unread or row.sent_at is None or asked_at < row.sent_at:
        return row
    if row.settles_at is not None and asked_at < row.settles_at:
        return replace(row, look_at=row.settles_at)
    seen = replace(row, shown=shown, shown_at=asked_at)
    if shown != row.sent and asked_at < row.sent_at + SETTLES:
        return replace(seen, look_at=row.sent_at + SETTLES)
    if row.state is not State.SENT:
        return _beside(seen, asked_at, is_on=is_on)
    if shown == row.sent:
        return _confirmed(seen, asked_at)
    after = replace(seen, state=moved(row.state, Event.SHOWN_OTHERWISE), look_at=None)
    after = _failed(after, DOUBTED, "Amazon took it and shows another price", asked_at)
    return after if is_on else switched_off(after)


def unread(row: ListingPrice, reason: str, now: datetime) -> ListingPrice:
    """It could not be read back; that is tried again."""
    if not row.is_unread:
        return row
    if row.state is not State.SENT:  # its failures and reason are those of the price that was saved since
        since = now - (row.sent_at or now)
        return replace(row, look_at=now + min(UNREAD[-1], max(UNREAD[0], since)))
    after = _failed(row, UNREAD, reason, now)
    return replace(after, look_at=after.not_before, not_before=None)


def _confirmed(row: ListingPrice, at: datetime) -> ListingPrice:
    """A price that was saved while Price Change was off is not sent now: nobody has asked for it."""
    after = replace(
        row,
        state=moved(row.state, Event.CONFIRMED),
        confirmed=row.sent,
        confirmed_at=at,
        is_sure=True,
        approved=None,
        settles_at=None,
        look_at=None,
        failures=0,
        reason="",
    )
    return after if row.saved == row.sent else aimed(after, is_on=False)


def _beside(row: ListingPrice, at: datetime, *, is_on: bool) -> ListingPrice:
    """What Amazon has after all that was sent; what waits is judged by it."""
    after = replace(row, is_sure=True, settles_at=None, look_at=None, confirmed=row.shown, confirmed_at=at)
    is_judged = row.shown is not None and row.state in (State.PENDING, State.HELD)
    return aimed(after, is_on=is_on) if is_judged else after


def _again(before: ListingPrice, after: ListingPrice, *, is_on: bool) -> ListingPrice:
    """Pending once more; another price that was saved meanwhile is judged, and waits for no failure."""
    if not is_on:
        return switched_off(after)
    if before.saved == before.flight:
        return after
    return aimed(replace(after, failures=0, not_before=None, reason=""), is_on=True)


def _failed(row: ListingPrice, pauses: tuple[timedelta, ...], reason: str, now: datetime) -> ListingPrice:
    pause = pauses[min(row.failures, len(pauses) - 1)]
    return replace(row, failures=row.failures + 1, not_before=now + pause, reason=reason)


def _together(at: datetime) -> datetime:
    """The next half minute: what was sent together is read back with few requests."""
    past = timedelta(seconds=at.second % 30, microseconds=at.microsecond)
    return at + (timedelta(seconds=30) - past if past else past)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)
