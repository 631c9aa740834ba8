"""That orders left the book with their buyers' data goes into the audit trail (semantics P1)."""

from channeld.commands.asking import Asked, find_channel
from channeld.store import audit
from channeld.store.unit import Unit

__all__ = ["note_exported"]


def note_exported(unit: Unit, asked: Asked, channel_name: str | None, count: int) -> None:
    """Who exported the personal data of how many orders; nothing of the data itself."""
    channel = find_channel(unit.connection, channel_name) if channel_name else None
    orders = "1 order" if count == 1 else f"{count:,} orders"
    audit.add(
        unit,
        asked.entry(
            "order.exported",
            f"Personal data of {orders} exported",
            account_id=channel.account_id if channel else None,
            channel_id=channel.id if channel else None,
        ),
    )
