"""What a read of Amazon's side makes of a SKU's desired state (design, section 4; semantics D1).

A report is cached for hours, so it only makes a direct read worth its request; a direct read is believed once
every message that was sent must have been applied.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from channeld.domain.stock.desired import SETTLES, Desired, Proof
from channeld.domain.stock.pushing import DOUBTED, computed, failed, marked
from channeld.domain.stock.value import Shown

__all__ = ["closed", "is_closed", "may_have_taken", "read", "reported"]

ORDERS_COME_IN = timedelta(minutes=5)
"""Fewer units than were told: buyers may have them, whose orders are not in the book yet."""
UNKNOWN_FOR = timedelta(hours=1)
"""While nobody can say which orders there are, what is lacking is looked at no more often after so long, and
so often: it is left as it is shown, as sending it again would sell those units twice."""


def reported(row: Desired, shown: Shown, as_of: datetime, now: datetime) -> Desired:
    """A listing report shows this, as it was at `as_of`. What differs is read directly, and no more."""
    is_older = row.sent is not None and as_of < row.sent.at + SETTLES
    if row.computed is None or row.computed.is_shown_by(shown) or is_older or _proves_nothing(row, as_of):
        return row
    return row if row.is_dirty else replace(row, look_at=now)


def read(row: Desired, shown: Shown, asked_at: datetime, *, orders_until: datetime | None) -> Desired:
    """A direct read that was asked for then shows this.

    `orders_until`: the book has every order that was made until then. None: nobody can say. Units that are
    lacking were not sold if it had all orders when they were first seen to be lacking.
    """
    if row.computed is None or _proves_nothing(row, asked_at):
        return row
    all_applied = row.sent is None or asked_at >= row.sent.at + SETTLES
    is_told = row.standing is not None and row.standing.is_shown_by(shown)
    if row.computed.is_shown_by(shown) and (all_applied or (is_told and not row.is_dirty)):
        return _confirmed(row, shown, asked_at)
    if row.is_dirty or row.standing is None:  # what is sent next is looked for again
        return _seen(row, shown, asked_at) if is_told else replace(row, look_at=None)
    if row.sent is not None and not all_applied:
        return replace(row, look_at=row.sent.at + SETTLES)
    if shown.quantity < row.standing.quantity:
        lacking = _lacking(row, shown, asked_at)
        if not _had_all_orders(lacking, orders_until):
            return _waiting_for_orders(row, lacking, orders_until)
    reason = f"Amazon shows {_said(shown)} after it was told {row.standing.quantity}"
    after = _seen(replace(row, standing=None), shown, asked_at)
    return marked(failed(after, DOUBTED, reason, asked_at), asked_at)


def is_closed(row: Desired, shown: Shown, asked_at: datetime, *, orders_until: datetime | None) -> bool:
    """Whether somebody has closed the listing at Amazon: units that were shown there are none by now.

    What never came to be seen is no closure, as the message may have had no effect.
    """
    if row.computed is None or row.is_dirty or _proves_nothing(row, asked_at):
        return False
    if row.standing is None or not row.standing.quantity or shown.quantity:
        return False
    if row.sent is not None and asked_at < row.sent.at + SETTLES:
        return False
    lacking = _lacking(row, shown, asked_at)
    return lacking.up_at is not None and _had_all_orders(lacking, orders_until)


def closed(row: Desired, shown: Shown, asked_at: datetime) -> Desired:
    """What `is_closed` has found to be so. The proof stays, for an order that comes to be known after all."""
    after = computed(replace(row, standing=None), None, asked_at)
    return replace(after, proof=_lacking(row, shown, asked_at))


def may_have_taken(row: Desired, sold_at: datetime, now: datetime) -> bool:
    """Whether an order that was made then may be what took the units of a listing that counts as closed."""
    up_at = row.proof.up_at if row.proof else None
    if up_at is None or up_at > now:  # the clock was ahead
        return True
    return sold_at >= up_at - ORDERS_COME_IN  # what a read shows may be minutes old


def _waiting_for_orders(row: Desired, lacking: Proof, orders_until: datetime | None) -> Desired:
    """Those that are not in the book yet may explain it."""
    since = lacking.lacking_since or lacking.at
    if orders_until is not None or lacking.at < since + UNKNOWN_FOR:
        return replace(row, proof=lacking, look_at=lacking.at + ORDERS_COME_IN)
    told = row.standing.quantity if row.standing else 0
    shown = f"Amazon shows {_said(lacking.shown)} after it was told {told}"
    reason = f"{shown}; orders that cannot be read may explain it"
    return replace(row, proof=lacking, look_at=lacking.at + UNKNOWN_FOR, reason=reason)


def _lacking(row: Desired, shown: Shown, at: datetime) -> Proof:
    """With the first such read. None at all is not the same as fewer: the last may have been sold since."""
    before = row.proof
    if before is None or (row.sent is not None and before.at < row.sent.at):
        return Proof(shown=shown, at=at, lacking_since=at)
    is_alike = bool(before.shown.quantity) == bool(shown.quantity)
    since = before.lacking_since if is_alike else None
    up_at = before.at if before.shown.quantity else before.up_at
    return Proof(shown=shown, at=at, lacking_since=since or at, up_at=up_at)


def _had_all_orders(lacking: Proof, orders_until: datetime | None) -> bool:
    """An order may come late, as it is found by its last change, so a while more is asked for."""
    since = lacking.lacking_since or lacking.at
    return orders_until is not None and orders_until >= since + ORDERS_COME_IN


def _proves_nothing(row: Desired, at: datetime) -> bool:
    """A message is under way, or an older one may still be applied, or this is older than the last one."""
    is_settling = row.settles_at is not None and at < row.settles_at
    is_older = row.sent is not None and at < row.sent.at
    return bool(row.flight or row.shadows) or is_settling or is_older


def _confirmed(row: Desired, shown: Shown, at: datetime) -> Desired:
    after = replace(row, standing=row.computed, feared=None, failures=0, not_before=None, reason="")
    return marked(_seen(after, shown, at), at)


def _seen(row: Desired, shown: Shown, at: datetime) -> Desired:
    return replace(row, proof=Proof(shown=shown, at=at), look_at=None)


def _said(shown: Shown) -> str:
    return f"{shown.quantity}" + (f" with {shown.days} days" if shown.days else "")
