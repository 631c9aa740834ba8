"""What the seller has of each item, where, and every change of it."""

from sqlalchemy import DDL, Column, ForeignKey, Index, Integer, Text, event

from channeld.store.columns import Instant
from channeld.store.tables.base import table

stock_levels = table(
    "stock_levels",
    Column("item_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("location_id", Integer, ForeignKey("locations.id"), primary_key=True),
    Column("physical", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)

stock_changes = table(
    "stock_changes",
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("item_id", Integer, ForeignKey("items.id"), nullable=False),
    Column("location_id", Integer, ForeignKey("locations.id"), nullable=False),
    Column("before", Integer),
    Column("after", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_stock_changes_item_id", "item_id"),
    Index("ix_stock_changes_reference", "reference"),
    Index("ix_stock_changes_at", "at"),
)
"""Without `before`: there was no level. It is never changed; what is older than its newest 90 days may go."""

event.listen(
    stock_changes,
    "after_create",
    DDL(
        "CREATE TRIGGER stock_changes_refuses_update BEFORE UPDATE ON stock_changes "
        "BEGIN SELECT RAISE(ABORT, 'the log of stock is append-only'); END"
    ),
)
event.listen(
    stock_changes,
    "after_create",
    DDL(
        "CREATE TRIGGER stock_changes_refuses_delete BEFORE DELETE ON stock_changes "
        "WHEN OLD.at >= (SELECT max(at) FROM stock_changes) - 7776000000000 "
        "BEGIN SELECT RAISE(ABORT, 'the log of stock is append-only'); END"
    ),
)
