"""How far orders have been compared with Amazon's reports, and orders of a backfill that are read by id."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Text

from channeld.store.columns import Flag, Instant, Words
from channeld.store.tables.base import table

order_comparisons = table(
    "order_comparisons",
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True),
    Column("compared_to", Instant),
    Column("told_pk", Integer, nullable=False),
)
"""`told_pk`: the last report of which the audit trail says that there was nothing to compare, or 0."""

backfills = table(
    "backfills",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("report_pk", Integer, ForeignKey("reports.id"), nullable=False),
    Column("channel_ids", Words, nullable=False),
    Column("data_from", Instant, nullable=False),
    Column("data_to", Instant, nullable=False),
    Column("running", Flag, nullable=False),
    Column("orders", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),
)
"""One for an account at most. Until it is `running` its orders are still being collected from the report."""

backfill_orders = table(
    "backfill_orders",
    Column("account_id", Integer, ForeignKey("backfills.account_id", ondelete="CASCADE"), primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("wanted", Flag, nullable=False),
    Index("ix_backfill_orders_account_id_updated_at", "account_id", "updated_at", "order_id"),
)
"""What is not in the book yet. Not `wanted`: only searches show them, and they take room on their pages."""
