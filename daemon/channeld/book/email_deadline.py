"""E-mail addresses that did not come within the hour: the alternate, or the literal, stands in (C4)."""

from datetime import datetime, timedelta

from channeld.domain.booking_audit import email_settled
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.email import LOOK_UPS, settled
from channeld.domain.reread import Reread
from channeld.store import audit, channels, order_email, rereads
from channeld.store.audit import AuditEntry
from channeld.store.unit import Unit

__all__ = ["GRACE", "settle_overdue"]

ORDERS_PER_UNIT = 500
GRACE = timedelta(minutes=2)
"""The last look-up is made at the deadline; a late answer does not hold the deadline up for longer."""


def settle_overdue(unit: Unit, channel_id: int, now: datetime, grace: timedelta = GRACE) -> int:
    """Let the deadline pass for orders that have waited an hour; how many. Nothing depends on Amazon."""
    channel = channels.get(unit.connection, channel_id)
    if channel is None:
        return 0
    overdue = order_email.waiting_since(
        unit.connection, channel_id, now - LOOK_UPS[-1] - grace, ORDERS_PER_UNIT
    )
    if not overdue:
        return 0
    state = settled(ChannelSettings.of(channel.settings).not_disclosed_email)
    entry = email_settled(state)
    order_email.settle(unit, overdue, state, now)
    rereads.settle(unit, channel.account_id, [(each.order_id, Reread.EMAIL) for each in overdue], now)
    audit.add_many(
        unit,
        [
            AuditEntry(
                at=now,
                code=entry.code,
                text=entry.text,
                account_id=channel.account_id,
                channel_id=channel_id,
                order_id=each.order_id,
            )
            for each in overdue
        ],
    )
    return len(overdue)
