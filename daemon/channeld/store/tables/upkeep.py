"""What is still to be done or tried again, and what was asked for."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.types import REAL

from channeld.store.columns import Flag, Instant, Packed
from channeld.store.tables.base import table

quarantine = table(
    "quarantine",
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("order_id", Text, nullable=False),
    Column("channel_id", Integer, ForeignKey("channels.id")),
    Column("reason", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("next_attempt_at", Instant),
    Column("updated_at", Instant),
    Column("payload", Packed, nullable=False),
    Column("sealed", LargeBinary),
    Column("purge_at", Instant),
    Column("dismissed_at", Instant),
    UniqueConstraint("account_id", "order_id"),
    Index("ix_quarantine_next_attempt_at", "next_attempt_at"),
    Index("ix_quarantine_purge_at", "purge_at", sqlite_where=text("sealed IS NOT NULL")),
)

rereads = table(
    "rereads",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id")),
    Column("first_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("done_at", Instant),
    Column("outcome", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_rereads_channel_id_due_at", "channel_id", "due_at", sqlite_where=text("done_at IS NULL")),
    Index("ix_rereads_account_id_due_at", "account_id", "due_at", sqlite_where=text("done_at IS NULL")),
)

left_alone = table(
    "left_alone",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("order_id", Text, primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id")),
    Index("ix_left_alone_channel_id", "channel_id"),
)

commands = table(
    "commands",
    Column("command_id", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("request_type", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("sealed", Flag, nullable=False),
    Index("ix_commands_at", "at"),
)

budgets = table(
    "budgets",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("tokens", REAL, nullable=False),
    Column("rate", REAL, nullable=False),
    Column("burst", REAL, nullable=False),
    Column("at", Instant, nullable=False),
)

halts = table(
    "halts",
    Column("actor", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("group", Text, nullable=False),
)
