"""Schema: what Amazon is to be told of stock, what it was told, and limits of single listings."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _desired()
    _stale()
    _told()
    _listings()


def _desired() -> None:
    op.create_table(
        "desired_stock",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("item_id", sa.Integer),
        sa.Column("owner_id", sa.Integer),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("differing", sa.Text, nullable=False),
        sa.Column("withheld", sa.Text, nullable=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("would", sa.Integer),
        sa.Column("last_valid", sa.Text, nullable=False),
        sa.Column("closed_at", sa.Integer),
        sa.Column("desired", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer),
        sa.Column("rank", sa.Integer),
        sa.Column("held_until", sa.Integer),
        sa.Column("dirty_since", sa.Integer),
        sa.Column("look_at", sa.Integer),
        sa.Column("flight", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_desired_stock_account_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["channels.id"], name="fk_desired_stock_owner_id"),
        sa.PrimaryKeyConstraint("account_id", "sku", name="pk_desired_stock"),
        sqlite_strict=True,
    )
    for name, columns, where in (
        ("due", ["account_id", "rank", "dirty_since"], "rank IS NOT NULL AND held_until IS NULL"),
        ("held_until", ["account_id", "held_until"], "held_until IS NOT NULL"),
        ("look_at", ["account_id", "look_at"], "look_at IS NOT NULL"),
        ("flight", ["account_id", "flight"], "flight IS NOT NULL"),
        ("closed_at", ["account_id"], "closed_at IS NOT NULL"),
        ("dirty", ["owner_id", "dirty_since"], "dirty_since IS NOT NULL"),
        (
            "attention",
            ["account_id", "differing", "issue", "closed_at"],
            "(differing <> '[]' OR issue <> '' OR closed_at IS NOT NULL)",
        ),
    ):
        op.create_index(f"ix_desired_stock_{name}", "desired_stock", columns, sqlite_where=sa.text(where))


def _stale() -> None:
    op.create_table(
        "stale_stock",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("since", sa.Integer, nullable=False),
        sa.Column("order_at", sa.Integer),
        sa.Column("urgent", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_stale_stock_account_id"),
        sa.PrimaryKeyConstraint("account_id", "sku", name="pk_stale_stock"),
        sqlite_strict=True,
    )
    op.create_index("ix_stale_stock_urgent", "stale_stock", ["account_id", "urgent", "since"])
    op.create_table(
        "stock_sweeps",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("after", sa.Text),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("since", sa.Integer),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_stock_sweeps_account_id"),
        sa.PrimaryKeyConstraint("account_id", name="pk_stock_sweeps"),
        sqlite_strict=True,
    )


def _told() -> None:
    op.create_table(
        "stock_sync",
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("synced_at", sa.Integer),
        sa.Column("computed_at", sa.Integer),
        sa.Column("drift_checked_at", sa.Integer),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_stock_sync_channel_id"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_stock_sync"),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_history",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer),
        sa.Column("handling", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_stock_history_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_history"),
        sqlite_strict=True,
    )
    op.create_index("ix_stock_history_sku", "stock_history", ["account_id", "sku"])
    op.create_index("ix_stock_history_at", "stock_history", ["at"])
    op.create_table(
        "stock_messages",
        sa.Column("feed_pk", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["feed_pk"], ["feeds.id"], name="fk_stock_messages_feed_pk"),
        sa.PrimaryKeyConstraint("feed_pk", "number", name="pk_stock_messages"),
        sqlite_strict=True,
    )


def _listings() -> None:
    op.create_table(
        "listing_limits",
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("end_when", sa.Integer),
        sa.Column("percentage", sa.Text),
        sa.Column("max_listed", sa.Integer),
        sa.Column("ignore_sync", sa.Integer),
        sa.Column("changed_at", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_listing_limits_channel_id"),
        sa.PrimaryKeyConstraint("channel_id", "sku", name="pk_listing_limits"),
        sqlite_strict=True,
    )
    op.create_table(
        "listings_down",
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_listings_down_channel_id"),
        sa.PrimaryKeyConstraint("channel_id", "sku", name="pk_listings_down"),
        sqlite_strict=True,
    )
