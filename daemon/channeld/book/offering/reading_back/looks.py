"""What a direct read makes of a SKU's row: confirmed, drifted, closed by hand, on sale again (I17)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from channeld.amazon.listings.availability import read_availability
from channeld.book.offering.moves import days_text
from channeld.domain.listing.item import ItemRead
from channeld.domain.stock.desired import Desired
from channeld.domain.stock.reading_back import closed, is_closed, read
from channeld.domain.stock.relist import Closure
from channeld.domain.stock.value import Shown
from channeld.store.audit import AuditEntry
from channeld.store.desired_stock import DesiredRow
from channeld.store.stock_history import Event, Happened

__all__ = ["AGAIN_AFTER", "Look", "looked_at", "not_yet", "unread"]

AGAIN_AFTER = timedelta(hours=1)
"""When Amazon would not show it."""
_TOO_EARLY = timedelta(minutes=5)
_COMPUTED_BY_THEN = timedelta(minutes=1)
_UNTOLD = "Amazon shows no quantity of it."
_UNKNOWN = "Amazon does not know the SKU."
_UP_AGAIN = "It is on sale again at Amazon, so it is sent again."
_CLOSED = "Somebody closed it at Amazon, so it is not put up again."


class Look(NamedTuple):
    """What comes of it."""

    row: DesiredRow
    happened: Happened | None = None
    entry: AuditEntry | None = None
    is_stale: bool = False
    """It has to be computed anew."""


def looked_at(row: DesiredRow, item: ItemRead | None, at: datetime, orders_until: datetime | None) -> Look:
    """A read that was asked for then shows this; None: Amazon knows no such SKU.

    `orders_until`: the book has every order that was made until then; None: nobody can say.
    """
    if item is None:
        return Look(_settled(row), _happened(row, "shown", at, None, _UNKNOWN))
    available = read_availability(item)
    if available.is_amazons:
        return Look(_settled(row), _happened(row, "shown", at, None, Closure.AMAZONS.value))
    if available.quantity is None:
        return Look(unread(row, _UNTOLD, at))
    shown = Shown(
        quantity=available.quantity, days=available.lead_time, tells_days=available.is_lead_time_shown
    )
    if row.closed_at is not None and row.desired.computed is None:
        return _closed_before(row, shown, at)
    if is_closed(row.desired, shown, at, orders_until=orders_until):
        return _closed_now(row, shown, at)
    return _read(row, shown, at, orders_until)


def unread(row: DesiredRow, why: str, at: datetime) -> DesiredRow:
    """Amazon has not shown it; it is read again later."""
    is_worth_it = row.desired.look_at is not None and row.desired.computed is not None
    later = at + AGAIN_AFTER if is_worth_it else None
    return replace(row, desired=replace(row.desired, look_at=later, reason=why))


def not_yet(row: DesiredRow, now: datetime) -> DesiredRow:
    """It is about to be computed anew, so what is shown proves nothing of what it is to be told."""
    if row.desired.look_at is None:
        return row
    return replace(row, desired=replace(row.desired, look_at=now + _COMPUTED_BY_THEN))


def _read(row: DesiredRow, shown: Shown, at: datetime, orders_until: datetime | None) -> Look:
    before = row.desired
    after = _later(read(before, shown, at, orders_until=orders_until), at)
    happened = _happened(row, "shown", at, shown, after.reason) if _is_news(before, after, shown) else None
    return Look(replace(row, desired=after), happened)


def _closed_now(row: DesiredRow, shown: Shown, at: datetime) -> Look:
    desired = closed(row.desired, shown, at)
    entry = AuditEntry(
        at=at,
        code="listing.closed",
        text=f"{_CLOSED} `channelctl stock push {row.sku}` does.",
        account_id=row.account_id,
        channel_id=row.owner_id,
        sku=row.sku,
    )
    after = replace(row, desired=desired, closed_at=at, withheld=Closure.BY_HAND.value)
    return Look(after, _happened(row, "closed", at, shown, _CLOSED), entry, is_stale=True)


def _closed_before(row: DesiredRow, shown: Shown, at: datetime) -> Look:
    """It stays closed until units are shown again: somebody has put it up."""
    if shown.quantity == 0 or row.closed_at is None or at < row.closed_at:
        return Look(_settled(row))
    entry = AuditEntry(
        at=at,
        code="listing.opened",
        text=_UP_AGAIN,
        account_id=row.account_id,
        channel_id=row.owner_id,
        sku=row.sku,
    )
    opened = replace(_settled(row), closed_at=None)
    return Look(opened, _happened(row, "shown", at, shown, _UP_AGAIN), entry, is_stale=True)


def _settled(row: DesiredRow) -> DesiredRow:
    """Another look would show the same."""
    return replace(row, desired=replace(row.desired, look_at=None))


def _later(desired: Desired, at: datetime) -> Desired:
    """A read that proves nothing yet is not repeated at once."""
    if desired.look_at is None or desired.look_at > at:
        return desired
    if desired.computed is None:
        return replace(desired, look_at=None)
    return replace(desired, look_at=max(desired.settles_at or at, at + _TOO_EARLY))


def _is_news(before: Desired, after: Desired, shown: Shown) -> bool:
    if after.is_confirmed:
        return not before.is_confirmed
    is_told = before.standing is not None and before.standing.is_shown_by(shown)
    return not is_told and after.proof is not None and (before.proof is None or before.proof.shown != shown)


def _happened(row: DesiredRow, event: Event, at: datetime, shown: Shown | None, note: str) -> Happened:
    return Happened(
        at=at,
        account_id=row.account_id,
        sku=row.sku,
        event=event,
        quantity=shown.quantity if shown else None,
        handling=days_text(shown.days) if shown and shown.tells_days else "",
        note=note,
    )
