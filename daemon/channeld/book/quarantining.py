"""Orders that cannot be read or applied: kept whole, shown with their reason, tried again (semantics C5)."""

from datetime import datetime

import msgspec

from channeld.book.apply import Outcome
from channeld.book.desk import Desk
from channeld.domain.reread import Reread as Why
from channeld.domain.reread import next_at
from channeld.domain.retention import KEPT
from channeld.store import audit, quarantine
from channeld.store.audit import AuditEntry
from channeld.store.quarantine import Quarantined
from channeld.store.unit import Unit

__all__ = ["Damaged", "put_in_quarantine"]


class Damaged(msgspec.Struct, frozen=True, kw_only=True):
    """An order that could not be applied, as far as it is known."""

    order_id: str
    """Empty if that could not be read."""
    marketplace_id: str
    """Empty if that could not be read either."""
    reason: str
    """What is wrong with it; never a value of it."""
    field: str
    updated_at: datetime | None
    personal: dict[str, str]
    payload: bytes

    def __repr__(self) -> str:
        return f"Damaged(order_id={self.order_id!r}, field={self.field!r}, …)"


def put_in_quarantine(unit: Unit, desk: Desk, damaged: Damaged) -> Outcome:
    """Keep an order that could not be applied. It tells of it once, and again when the reason changes."""
    channel = desk.channels.get(damaged.marketplace_id)
    channel_id = channel.channel.id if channel else None
    order_id = damaged.order_id or _stand_in(desk, damaged)
    before = quarantine.get(unit.connection, desk.account_id, order_id)
    first_at = before.first_at if before else desk.now
    entry = Quarantined(
        account_id=desk.account_id,
        order_id=order_id,
        channel_id=channel_id,
        reason=damaged.reason,
        field=damaged.field,
        first_at=first_at,
        last_at=desk.now,
        next_attempt_at=next_at(Why.QUARANTINE, first_at, desk.now) if damaged.order_id else None,
        updated_at=damaged.updated_at,
        purge_at=(damaged.updated_at or desk.now) + KEPT,
    )
    quarantine.put(unit, desk.cipher, entry, damaged.payload, damaged.personal)
    if before is None or (before.reason, before.field) != (damaged.reason, damaged.field):
        _tell(unit, desk, entry)
    if before is None:  # its channel's actor sleeps until what was due when it last looked
        unit.changed("reread", *([channel_id] if channel_id else _channel_ids(desk)))
    return Outcome(
        order_id=order_id, channel_id=channel_id, what="quarantined", updated_at=damaged.updated_at
    )


def _stand_in(desk: Desk, damaged: Damaged) -> str:
    """The same for the same bytes, another one for any others; keyed, as what is personal goes into it."""
    personal = msgspec.json.encode(sorted(damaged.personal.items()))
    digest = desk.cipher.digest(damaged.payload + b"\0" + personal)
    return f"unreadable-{digest.hex()[:16]}"


def _channel_ids(desk: Desk) -> list[int]:
    return [channel.channel.id for channel in desk.channels.values()]


def _tell(unit: Unit, desk: Desk, entry: Quarantined) -> None:
    what = f"{entry.field} {entry.reason}" if entry.field else entry.reason
    then = "kept and tried again" if entry.next_attempt_at else "kept"
    audit.add(
        unit,
        AuditEntry(
            at=desk.now,
            code="order.quarantined",
            text=f"Order not applied: {what}; it is {then}",
            by=desk.by,
            account_id=desk.account_id,
            channel_id=entry.channel_id,
            order_id=entry.order_id,
        ),
    )
