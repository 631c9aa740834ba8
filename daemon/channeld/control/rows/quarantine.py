"""Orders that could not be applied, on the wire: what is wrong and what to do, never a value of theirs."""

from channel_protocol.orders import QuarantineRow
from channeld.store.names import Names
from channeld.store.quarantine import Quarantined

__all__ = ["quarantine_row"]


def quarantine_row(entry: Quarantined, known: Names) -> QuarantineRow:
    """One order that could not be applied."""
    return QuarantineRow(
        version=entry.attempts,
        order_id=entry.order_id,
        channel=known.channel(entry.channel_id),
        account=known.account(entry.account_id),
        reason=f"{entry.field} {entry.reason}" if entry.field else entry.reason,
        hint=_hint(entry),
        since=entry.first_at,
        attempts=entry.attempts,
        next_attempt=entry.next_attempt_at,
        field=entry.field,
        dismissed_at=entry.dismissed_at,
    )


def _hint(entry: Quarantined) -> str:
    if entry.next_attempt_at is None:
        what = "Its id cannot be read either, so it is not tried again. Look for it in Seller Central"
        done = f", then `channelctl order dismiss {entry.order_id}`."
        return f"{what}{'.' if entry.dismissed_at else done}"
    dismissed = "It was dismissed, and is" if entry.dismissed_at else "It is"
    return f"{dismissed} tried again by itself; `channelctl order recover {entry.order_id}` tries now."
