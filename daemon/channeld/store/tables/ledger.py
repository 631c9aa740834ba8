"""Outbound work: the ledger, the feeds that carry it, and what was done locally. Nothing personal is here."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, UniqueConstraint, text

from channeld.domain.ledger.effects import Component, Effect
from channeld.domain.ledger.kinds import CANCELLATION, DESPATCH
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.order import Units
from channeld.store.columns import AsJson, Flag, Instant, OneOf, Words
from channeld.store.tables.base import table

FIRST_WORK_ID = 100_001
"""Ids are package references as well, and small ones are Seller Central's own (semantics C1)."""
OPEN_WORK_SQL = "state IN ('queued', 'sending', 'submitted', 'unknown')"
MAY_BE_SHOWN = (
    f"state = 'needs_attention' AND (kind IN ('{DESPATCH.name}', '{CANCELLATION.name}') OR in_doubt > 0)"
)
"""What needs a person, and Amazon may still show as done: refunds that may have been paid, and whatever an
order shows, also when it was refused, as others may have done it, or a feed that was given up."""
RUNNING = "state IN ('preparing', 'sending', 'submitted', 'unknown')"
"""Of feeds: the lane waits for it."""
ABANDONED = "state = 'abandoned' AND look_at IS NOT NULL"
"""Of feeds: given up, and Amazon is still asked how it stands."""

work = table(
    "work",
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("order_pk", Integer, ForeignKey("orders.id"), nullable=False),
    Column("order_id", Text, nullable=False),
    Column("effect", AsJson(Effect), nullable=False),
    Column("state", OneOf(State), nullable=False),
    Column("route", OneOf(Route), nullable=False),
    Column("follows", Integer, ForeignKey("work.id")),
    Column("feed_pk", Integer, ForeignKey("feeds.id")),
    Column("deadline", Instant),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("window_until", Instant),
    Column("sent_at", Instant),
    Column("submitted_at", Instant),
    Column("look_at", Instant),
    Column("looks", Integer, nullable=False),
    Column("in_doubt", Integer, nullable=False),
    Column("admitted_at", Instant),
    Column("ended_at", Instant),
    Column("reason", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("in_doubt_since", Instant),
    Index("ix_work_order_pk", "order_pk"),
    Index("ix_work_feed_pk", "feed_pk"),
    Index("ix_work_follows", "follows"),
    Index(
        "ix_work_open",
        "channel_id",
        "kind",
        "state",
        "route",
        "deadline",
        "next_at",
        sqlite_where=text(OPEN_WORK_SQL),
    ),
    Index("ix_work_open_orders", "order_id", sqlite_where=text(OPEN_WORK_SQL)),
    Index("ix_work_may_be_shown_orders", "order_id", sqlite_where=text(MAY_BE_SHOWN)),
    Index("ix_work_look_at", "channel_id", "kind", "look_at", sqlite_where=text("look_at IS NOT NULL")),
    Index("ix_work_needs_attention", "channel_id", sqlite_where=text("state = 'needs_attention'")),
    Index("ix_work_ended_at", "ended_at", "id", sqlite_where=text("ended_at IS NOT NULL")),
)

feeds = table(
    "feeds",
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("feed_type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("feed_id", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("marketplaces", Words, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("amazon_status", Text, nullable=False),
    Column("moved_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("submitted_at", Instant),
    Column("look_at", Instant),
    Column("looks", Integer, nullable=False),
    Column("adopted", Flag, nullable=False),
    Column("stuck_since", Instant),
    Column("ended_at", Instant),
    Column("successful", Integer),
    Column("with_error", Integer),
    Column("with_warning", Integer),
    Column("reason", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("silent_since", Instant),
    Index("uq_feeds_feed_id", "account_id", "feed_id", unique=True, sqlite_where=text("feed_id != ''")),
    Index("ix_feeds_account_id_feed_type", "account_id", "feed_type", "id"),
    Index("ix_feeds_running", "account_id", "feed_type", sqlite_where=text(RUNNING)),
    Index("ix_feeds_abandoned", "account_id", "feed_type", "look_at", sqlite_where=text(ABANDONED)),
)

feed_messages = table(
    "feed_messages",
    Column("feed_pk", Integer, ForeignKey("feeds.id"), primary_key=True),
    Column("message_id", Integer, primary_key=True),
    Column("work_id", Integer, ForeignKey("work.id"), nullable=False),
    Column("result", Text, nullable=False),
    Column("code", Text, nullable=False),
    Index("ix_feed_messages_work_id", "work_id"),
)

parcels = table(
    "parcels",
    Column("id", Integer, primary_key=True),
    Column("order_pk", Integer, ForeignKey("orders.id"), nullable=False),
    Column("work_id", Integer, ForeignKey("work.id")),
    Column("lines", AsJson(tuple[Units, ...]), nullable=False),
    Column("shipped_at", Instant, nullable=False),
    Column("carrier", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("tracking", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_parcels_order_pk", "order_pk"),
)

withdrawals = table(
    "withdrawals",
    Column("id", Integer, primary_key=True),
    Column("order_pk", Integer, ForeignKey("orders.id"), nullable=False),
    Column("work_id", Integer, ForeignKey("work.id")),
    Column("lines", AsJson(tuple[Units, ...]), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("gone", AsJson(tuple[Units, ...]), nullable=False, server_default=text("'[]'")),
    Index("ix_withdrawals_order_pk", "order_pk"),
)

transactions = table(
    "transactions",
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("transaction_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", Integer, nullable=False),
    Column("components", AsJson(tuple[Component, ...]), nullable=False),
    Column("posted_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id"), unique=True),
    Column("same_as", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("account_id", "transaction_id", "sku"),
    Index("ix_transactions_account_id_order_id", "account_id", "order_id"),
)
