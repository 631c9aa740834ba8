"""What happens next to a SKU that Amazon is told of, in a sentence for people (design, section 4)."""

from datetime import datetime

from channeld.domain.stock.desired import Desired
from channeld.domain.stock.route import Route

__all__ = ["awaiting"]

_WAY = {Route.PATCH: "in a request of its own", Route.FEED: "in a feed"}


def awaiting(row: Desired, now: datetime, *, is_stale: bool = False, held: str = "") -> str:
    """Empty when nothing is awaited.

    `is_stale`: it is still to be computed anew; `held`: why nothing leaves at all at present.
    """
    stale = "It is about to be computed anew." if is_stale else ""
    return f"{stale} {_next(row, now, held)}".strip()


def _next(row: Desired, now: datetime, held: str) -> str:
    if row.computed is None:
        return ""
    if row.flight is not None:
        way = _WAY[row.flight.route]
        return f"It left {_at(row.flight.began_at)} {way}; Amazon's answer is awaited."
    if row.is_dirty:
        return f"It is held: {held}." if held else _sending(row, now)
    if row.shadows:
        return (
            f"A feed that has not ended has an older message ({', '.join(row.shadows)}):"
            " when it ends, the value is sent again and read back."
        )
    if row.look_at is not None:
        when = "now" if row.look_at <= now else _at(row.look_at)
        return _lacking(row, when) or f"It is read back {when}, as nothing that is older can undo it then."
    return ""


def _lacking(row: Desired, when: str) -> str:
    """Empty unless Amazon shows fewer units than it was told, and orders may explain it."""
    if row.proof is None or row.proof.lacking_since is None or row.standing is None:
        return ""
    shown, told = row.proof.shown.quantity, row.standing.quantity
    return (
        f"Amazon shows {shown} after it was told {told}: orders that are not read yet may explain it,"
        f" so it is not sent again. It is read once more {when}."
    )


def _sending(row: Desired, now: datetime) -> str:
    if row.not_before is not None and row.not_before > now:
        return f"It is sent again {_at(row.not_before)}. {row.reason}".strip()
    return f"It is sent when its turn comes. {row.reason}".strip()


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
