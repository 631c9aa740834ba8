"""Reports that Amazon is asked for, what cannot be read of them, and orders that they show to be missing."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, UniqueConstraint, text

from channeld.domain.report.states import State
from channeld.store.columns import Flag, Instant, OneOf, TextMap, Words
from channeld.store.tables.base import table

reports = table(
    "reports",
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("channel_id", Integer, ForeignKey("channels.id")),
    Column("report_type", Text, nullable=False),
    Column("marketplaces", Words, nullable=False),
    Column("options", TextMap, nullable=False),
    Column("data_from", Instant),
    Column("data_to", Instant),
    Column("purpose", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("state", OneOf(State), nullable=False),
    Column("report_id", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("amazon_status", Text, nullable=False),
    Column("fresh", Flag, nullable=False),
    Column("reused", Flag, nullable=False),
    Column("repeats", Integer, ForeignKey("reports.id")),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("submitted_at", Instant),
    Column("available_at", Instant),
    Column("ended_at", Instant),
    Column("next_at", Instant, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),
    Column("rows", Integer),
    Column("columns", Words, nullable=False),
    Column("bad_rows", Integer, nullable=False),
    Column("letters_lost", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_reports_account_id_report_type", "account_id", "report_type", "id"),
    Index("ix_reports_open", "account_id", "next_at", sqlite_where=text("ended_at IS NULL")),
    Index("ix_reports_channel_id", "channel_id", "id"),
)
"""`purpose`: `listings`, `gaps`, `backfill`, `person`. `repeats`: the stuck report that it stands in for.

`fresh`: no report that Amazon has already may serve."""

report_faults = table(
    "report_faults",
    Column("report_pk", Integer, ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
)
"""The first rows that could not be read. `text` is empty for reports with buyers' data."""

order_gaps = table(
    "order_gaps",
    Column("id", Integer, primary_key=True),
    Column("report_pk", Integer, ForeignKey("reports.id"), nullable=False),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("order_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("outcome", Text, nullable=False),
    UniqueConstraint("report_pk", "order_id"),
    Index(
        "ix_order_gaps_account_id_order_id", "account_id", "order_id", sqlite_where=text("settled_at IS NULL")
    ),
)
"""`kind`: `missing` (not in the book) or `behind` (Amazon's is newer). `outcome`: of the read by id."""
