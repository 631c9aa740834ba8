"""Schema: the ledger of outbound work, feeds, what was done locally, and Amazon's transactions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FEEDS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("feed_type", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("feed_id", sa.Text, nullable=False),
    sa.Column("document_id", sa.Text, nullable=False),
    sa.Column("marketplaces", sa.Text, nullable=False),
    sa.Column("messages", sa.Integer, nullable=False),
    sa.Column("amazon_status", sa.Text, nullable=False),
    sa.Column("moved_at", sa.Integer, nullable=True),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("sent_at", sa.Integer, nullable=True),
    sa.Column("submitted_at", sa.Integer, nullable=True),
    sa.Column("look_at", sa.Integer, nullable=True),
    sa.Column("looks", sa.Integer, nullable=False),
    sa.Column("adopted", sa.Integer, nullable=False),
    sa.Column("stuck_since", sa.Integer, nullable=True),
    sa.Column("ended_at", sa.Integer, nullable=True),
    sa.Column("successful", sa.Integer, nullable=True),
    sa.Column("with_error", sa.Integer, nullable=True),
    sa.Column("with_warning", sa.Integer, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_feeds_account_id"),
    sa.PrimaryKeyConstraint("id", name="pk_feeds"),
)

WORK = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=False),
    sa.Column("order_pk", sa.Integer, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("effect", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("route", sa.Text, nullable=False),
    sa.Column("follows", sa.Integer, nullable=True),
    sa.Column("feed_pk", sa.Integer, nullable=True),
    sa.Column("deadline", sa.Integer, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", sa.Integer, nullable=False),
    sa.Column("window_until", sa.Integer, nullable=True),
    sa.Column("sent_at", sa.Integer, nullable=True),
    sa.Column("submitted_at", sa.Integer, nullable=True),
    sa.Column("look_at", sa.Integer, nullable=True),
    sa.Column("looks", sa.Integer, nullable=False),
    sa.Column("in_doubt", sa.Integer, nullable=False),
    sa.Column("admitted_at", sa.Integer, nullable=True),
    sa.Column("ended_at", sa.Integer, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_work_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_work_channel_id"),
    sa.ForeignKeyConstraint(["order_pk"], ["orders.id"], name="fk_work_order_pk"),
    sa.ForeignKeyConstraint(["follows"], ["work.id"], name="fk_work_follows"),
    sa.ForeignKeyConstraint(["feed_pk"], ["feeds.id"], name="fk_work_feed_pk"),
    sa.PrimaryKeyConstraint("id", name="pk_work"),
    sa.UniqueConstraint("key", name="uq_work_key"),
)

FEED_MESSAGES = (
    sa.Column("feed_pk", sa.Integer, nullable=False),
    sa.Column("message_id", sa.Integer, nullable=False),
    sa.Column("work_id", sa.Integer, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["feed_pk"], ["feeds.id"], name="fk_feed_messages_feed_pk"),
    sa.ForeignKeyConstraint(["work_id"], ["work.id"], name="fk_feed_messages_work_id"),
    sa.PrimaryKeyConstraint("feed_pk", "message_id", name="pk_feed_messages"),
)

PARCELS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("order_pk", sa.Integer, nullable=False),
    sa.Column("work_id", sa.Integer, nullable=True),
    sa.Column("lines", sa.Text, nullable=False),
    sa.Column("shipped_at", sa.Integer, nullable=False),
    sa.Column("carrier", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("tracking", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["order_pk"], ["orders.id"], name="fk_parcels_order_pk"),
    sa.ForeignKeyConstraint(["work_id"], ["work.id"], name="fk_parcels_work_id"),
    sa.PrimaryKeyConstraint("id", name="pk_parcels"),
)

WITHDRAWALS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("order_pk", sa.Integer, nullable=False),
    sa.Column("work_id", sa.Integer, nullable=True),
    sa.Column("lines", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["order_pk"], ["orders.id"], name="fk_withdrawals_order_pk"),
    sa.ForeignKeyConstraint(["work_id"], ["work.id"], name="fk_withdrawals_work_id"),
    sa.PrimaryKeyConstraint("id", name="pk_withdrawals"),
)

TRANSACTIONS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("transaction_id", sa.Text, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("minor", sa.Integer, nullable=False),
    sa.Column("components", sa.Text, nullable=False),
    sa.Column("posted_at", sa.Integer, nullable=False),
    sa.Column("seen_at", sa.Integer, nullable=False),
    sa.Column("work_id", sa.Integer, nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_transactions_account_id"),
    sa.ForeignKeyConstraint(["work_id"], ["work.id"], name="fk_transactions_work_id"),
    sa.PrimaryKeyConstraint("id", name="pk_transactions"),
    sa.UniqueConstraint(
        "account_id", "transaction_id", "sku", name="uq_transactions_account_id_transaction_id_sku"
    ),
    sa.UniqueConstraint("work_id", name="uq_transactions_work_id"),
)

OPEN = sa.text("state IN ('queued', 'sending', 'submitted', 'unknown')")
TABLES = {
    "feeds": FEEDS,
    "work": WORK,
    "feed_messages": FEED_MESSAGES,
    "parcels": PARCELS,
    "withdrawals": WITHDRAWALS,
    "transactions": TRANSACTIONS,
}
INDEXES = (
    ("ix_feeds_account_id_feed_type", "feeds", ["account_id", "feed_type", "id"], False, None),
    ("uq_feeds_feed_id", "feeds", ["account_id", "feed_id"], True, sa.text("feed_id != ''")),
    ("ix_work_feed_pk", "work", ["feed_pk"], False, None),
    ("ix_work_follows", "work", ["follows"], False, None),
    ("ix_work_look_at", "work", ["channel_id", "kind", "look_at"], False, sa.text("look_at IS NOT NULL")),
    ("ix_work_ended_at", "work", ["ended_at", "id"], False, sa.text("ended_at IS NOT NULL")),
    ("ix_work_needs_attention", "work", ["channel_id"], False, sa.text("state = 'needs_attention'")),
    ("ix_work_open", "work", ["channel_id", "kind", "state", "route", "deadline", "next_at"], False, OPEN),
    ("ix_work_open_orders", "work", ["order_id"], False, OPEN),
    ("ix_work_order_pk", "work", ["order_pk"], False, None),
    ("ix_feed_messages_work_id", "feed_messages", ["work_id"], False, None),
    ("ix_orders_to_send", "orders", ["ship_by_latest", "id"], False, sa.text("despatch_duty = 1")),
    ("ix_parcels_order_pk", "parcels", ["order_pk"], False, None),
    ("ix_withdrawals_order_pk", "withdrawals", ["order_pk"], False, None),
    ("ix_transactions_account_id_order_id", "transactions", ["account_id", "order_id"], False, None),
)


def upgrade() -> None:
    for name, items in TABLES.items():
        op.create_table(name, *items, sqlite_strict=True)
    for name, table, columns, is_unique, where in INDEXES:
        op.create_index(name, table, columns, unique=is_unique, sqlite_where=where)
