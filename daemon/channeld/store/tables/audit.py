"""The audit trail; triggers keep every UPDATE and DELETE away from it."""

from sqlalchemy import DDL, Column, ForeignKey, Index, Integer, Text, event, text

from channeld.store.columns import Instant, TextMap
from channeld.store.tables.base import table

audit = table(
    "audit",
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("account_id", Integer, ForeignKey("accounts.id")),
    Column("channel_id", Integer, ForeignKey("channels.id")),
    Column("order_id", Text),
    Column("code", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("details", TextMap, nullable=False),
    Column("sku", Text),
    Index("ix_audit_order_id", "order_id"),
    Index("ix_audit_channel_id", "channel_id"),
    Index("ix_audit_sku", "sku", sqlite_where=text("sku IS NOT NULL")),
)

for verb in ("UPDATE", "DELETE"):
    event.listen(
        audit,
        "after_create",
        DDL(
            f"CREATE TRIGGER audit_refuses_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        ),
    )
