"""Up to where each channel's orders were compared with Amazon's reports."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.unit import Unit

__all__ = ["compared_to", "note_compared", "note_told", "told"]

_table = tables.order_comparisons


def compared_to(connection: Connection, channel_ids: Collection[int]) -> dict[int, datetime]:
    """By channel; those that were never compared are left out."""
    c = _table.c
    query = select(c.channel_id, c.compared_to).where(
        c.channel_id.in_(channel_ids), c.compared_to.is_not(None)
    )
    return {row.channel_id: row.compared_to for row in connection.execute(query)}


def note_compared(unit: Unit, channel_id: int, to: datetime) -> None:
    """A channel was compared up to then."""
    statement = insert(_table).values(channel_id=channel_id, compared_to=to, told_pk=0)
    unit.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id"], set_={"compared_to": statement.excluded.compared_to}
        )
    )


def note_told(unit: Unit, channel_id: int, report_pk: int) -> None:
    """It was said that this report had nothing to compare."""
    statement = insert(_table).values(channel_id=channel_id, compared_to=None, told_pk=report_pk)
    unit.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id"], set_={"told_pk": statement.excluded.told_pk}
        )
    )


def told(connection: Connection, account_id: int) -> int:
    """The last report of which that was said for any channel of the account, also a removed one; or 0."""
    c, channels = _table.c, tables.channels.c
    of_account = select(channels.id).where(channels.account_id == account_id)
    return connection.scalar(select(func.max(c.told_pk)).where(c.channel_id.in_(of_account))) or 0
