"""Schema: prices of listings, and what happened to each."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _prices()
    _history()


def _prices() -> None:
    op.create_table(
        "prices",
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("saved", sa.Integer),
        sa.Column("first_saved_at", sa.Integer),
        sa.Column("saved_at", sa.Integer),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("least", sa.Integer),
        sa.Column("most", sa.Integer),
        sa.Column("holds", sa.Text, nullable=False),
        sa.Column("approved", sa.Integer),
        sa.Column("flight", sa.Integer),
        sa.Column("was_sure", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer),
        sa.Column("sent_at", sa.Integer),
        sa.Column("submission", sa.Text, nullable=False),
        sa.Column("shown", sa.Integer),
        sa.Column("shown_at", sa.Integer),
        sa.Column("confirmed", sa.Integer),
        sa.Column("confirmed_at", sa.Integer),
        sa.Column("is_sure", sa.Integer, nullable=False),
        sa.Column("settles_at", sa.Integer),
        sa.Column("look_at", sa.Integer),
        sa.Column("not_before", sa.Integer),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("due_at", sa.Integer),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_prices_channel_id"),
        sa.PrimaryKeyConstraint("channel_id", "sku", name="pk_prices"),
        sqlite_strict=True,
    )
    for name, columns, where in (
        ("due_at", ["channel_id", "due_at"], "due_at IS NOT NULL"),
        ("look_at", ["channel_id", "look_at"], "look_at IS NOT NULL"),
        ("open", ["channel_id", "state", "sku"], "state NOT IN ('no change', 'confirmed')"),
    ):
        op.create_index(f"ix_prices_{name}", "prices", columns, sqlite_where=sa.text(where))


def _history() -> None:
    op.create_table(
        "price_history",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("price", sa.Integer),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_price_history_channel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_price_history"),
        sqlite_strict=True,
    )
    op.create_index("ix_price_history_sku", "price_history", ["channel_id", "sku"])
    op.create_index("ix_price_history_at", "price_history", ["at"])
