"""What people make of a listing's price: saved, approved, dropped, sent once more (semantics G1)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from channeld.domain.money import format_amount
from channeld.domain.price import debounce
from channeld.domain.price.guard import Bounds, Hold, judge
from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import Event, State, moved

__all__ = [
    "SWITCHED_OFF",
    "aimed",
    "approved",
    "bounded",
    "compared",
    "dropped",
    "pushed",
    "saved",
    "switched_off",
]

SWITCHED_OFF = "Price Change was off"
"""Why a saved price is not sent."""


def saved(
    row: ListingPrice, minor: int, *, is_on: bool, listed: int | None, by: str, now: datetime
) -> ListingPrice:
    """A price was saved; the newest wins, and does not wait for what failed before.

    `is_on`: the channel's Price Change. `listed`: what the newest report shows.
    """
    if row.state is State.CONFIRMED and minor == row.confirmed == row.saved:
        return row
    newest = debounce.saved(row.burst, minor, now)
    after = replace(
        row,
        saved=minor,
        first_saved_at=newest.first_at,
        saved_at=now,
        by=by,
        approved=row.approved if row.approved == minor else None,
        not_before=None,
        failures=0,
        reason="",
    )
    return aimed(after, is_on=is_on, listed=listed)


def bounded(row: ListingPrice, bounds: Bounds, *, listed: int | None) -> ListingPrice:
    """Other bounds; what waits is judged by them, and an approval by the ones before counts no more."""
    if bounds == row.bounds:
        return row
    after = replace(row, least=bounds.least, most=bounds.most, approved=None)
    is_waiting = after.state in (State.PENDING, State.HELD)
    return aimed(after, is_on=True, listed=listed) if is_waiting else after


def aimed(row: ListingPrice, *, is_on: bool, listed: int | None = None) -> ListingPrice:
    """As its saved price asks for; what is under way keeps its way."""
    if row.saved is None or row.state is State.SENDING:
        return row
    if row.state is State.SENT and (not is_on or row.saved == row.sent):
        return row
    if not is_on:
        return replace(_moved(row, Event.SAVED, Event.DROPPED, reason=SWITCHED_OFF), approved=None)
    if row.is_sure and row.saved == row.confirmed:
        return replace(_moved(row, Event.SAVED_AS_BEFORE), approved=None, failures=0, not_before=None)
    return _judged(row, listed)


def pushed(row: ListingPrice, *, listed: int | None) -> ListingPrice:
    """A person wants it sent, whatever Amazon is thought to have; guards hold it all the same."""
    if row.saved is None or row.state is State.SENDING:
        return row
    return _judged(replace(row, not_before=None, failures=0, reason=""), listed)


def approved(row: ListingPrice) -> ListingPrice:
    """That very price may go out. Raises `ImpossibleMove` for one that is not held."""
    return replace(_moved(row, Event.APPROVED), approved=row.saved)


def compared(row: ListingPrice, shown: int, currency: str, at: datetime) -> ListingPrice:
    """About to leave: judged once more, by the price that Amazon shows in this moment.

    Somebody may have changed it there since the one that it was judged by when it was saved. One that was
    never priced here, and has it already, is confirmed by that.
    """
    if shown == row.saved and row.confirmed is None and row.is_sure:
        return replace(
            _moved(row, Event.THERE_ALREADY),
            confirmed=shown,
            confirmed_at=at,
            approved=None,
            not_before=None,
            failures=0,
        )
    holds = judge(row.saved or 0, shown, row.bounds, approved=row.approved).holds
    if not holds:
        return row
    now = f"{Hold.CHANGE} from {format_amount(shown, currency)}, which Amazon shows now"
    after = _moved(row, Event.SAVED_TO_HOLD, reason=row.reason)
    return replace(after, holds=tuple(now if hold is Hold.CHANGE else str(hold) for hold in holds))


def dropped(row: ListingPrice) -> ListingPrice:
    """A person does not want it any more. Raises `ImpossibleMove` for what does not wait."""
    after = _moved(row, Event.DROPPED)
    return replace(after, saved=None, approved=None, not_before=None, failures=0, reason="")


def switched_off(row: ListingPrice) -> ListingPrice:
    """What waits is not sent, and stays saved."""
    if row.state not in (State.PENDING, State.HELD):
        return row
    return replace(_moved(row, Event.DROPPED, reason=SWITCHED_OFF), approved=None)


def _judged(row: ListingPrice, listed: int | None) -> ListingPrice:
    """Pending, or held for what stands against it."""
    holds = judge(row.saved or 0, row.before(listed), row.bounds, approved=row.approved).holds
    after = _moved(row, Event.SAVED_TO_HOLD if holds else Event.SAVED, reason=row.reason)
    return replace(after, holds=tuple(map(str, holds)))


def _moved(row: ListingPrice, *events: Event, reason: str = "") -> ListingPrice:
    return replace(row, state=_after(row.state, events), holds=(), reason=reason)


def _after(state: State, events: Sequence[Event]) -> State:
    for event in events:
        state = moved(state, event)
    return state
