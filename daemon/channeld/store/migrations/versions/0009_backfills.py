"""Schema: how far orders have been compared with reports; backfills that read orders by their ids, too."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_comparisons",
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("compared_to", sa.Integer, nullable=True),
        sa.Column("told_pk", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_order_comparisons_channel_id"),
        sa.PrimaryKeyConstraint("channel_id", name="pk_order_comparisons"),
        sqlite_strict=True,
    )
    op.create_table(
        "backfills",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("report_pk", sa.Integer, nullable=False),
        sa.Column("channel_ids", sa.Text, nullable=False),
        sa.Column("data_from", sa.Integer, nullable=False),
        sa.Column("data_to", sa.Integer, nullable=False),
        sa.Column("running", sa.Integer, nullable=False),
        sa.Column("orders", sa.Integer, nullable=False),
        sa.Column("started_at", sa.Integer, nullable=False),
        sa.Column("moved_at", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_backfills_account_id"),
        sa.ForeignKeyConstraint(["report_pk"], ["reports.id"], name="fk_backfills_report_pk"),
        sa.PrimaryKeyConstraint("account_id", name="pk_backfills"),
        sqlite_strict=True,
    )
    op.create_table(
        "backfill_orders",
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["backfills.account_id"],
            name="fk_backfill_orders_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_backfill_orders_channel_id"),
        sa.PrimaryKeyConstraint("account_id", "order_id", name="pk_backfill_orders"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_backfill_orders_account_id_updated_at",
        "backfill_orders",
        ["account_id", "updated_at", "order_id"],
    )
