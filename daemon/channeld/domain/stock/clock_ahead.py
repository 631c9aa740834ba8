"""Times of a row that lie in the future: the clock was ahead when they were written. They count as now.

Without that nothing of the SKU would be proven, or sent again after an order, until that time has come.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from channeld.domain.stock.desired import SETTLES, Desired, Proof

__all__ = ["not_ahead"]

_LONGEST_PAUSE = timedelta(hours=6)


def not_ahead(row: Desired, now: datetime) -> Desired:
    """The same with no time that cannot be.

    When messages began to leave, and when units were shown, stays: as now, they would seem to be later than
    orders of which nobody knows whether they are (what asks for them takes such a time for unknown).
    """
    return replace(
        row,
        sent=row.sent and replace(row.sent, at=min(row.sent.at, now)),
        proof=row.proof and _proof(row.proof, now),
        settles_at=_at_most(row.settles_at, now + SETTLES),
        look_at=_at_most(row.look_at, now + _LONGEST_PAUSE),
        not_before=_at_most(row.not_before, now + _LONGEST_PAUSE),
        dirty_since=_at_most(row.dirty_since, now),
    )


def _proof(proof: Proof, now: datetime) -> Proof:
    return replace(
        proof,
        at=min(proof.at, now),
        lacking_since=_at_most(proof.lacking_since, now),
    )


def _at_most(at: datetime | None, latest: datetime) -> datetime | None:
    return None if at is None else min(at, latest)
