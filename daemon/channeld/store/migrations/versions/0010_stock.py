"""Schema: levels of stock with every change of them; units of a line that were taken out of stock."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SHIPPED = "UPDATE order_lines SET taken = fulfilled WHERE fulfilled > 0"

PROCESSED = """
    UPDATE order_lines SET taken = max(fulfilled, coalesce((
        SELECT sum(json_extract(units.value, '$.quantity'))
        FROM parcels JOIN json_each(parcels.lines) AS units LEFT JOIN work ON work.id = parcels.work_id
        WHERE parcels.order_pk = order_lines.order_pk AND coalesce(work.state, '') != 'dismissed'
            AND json_extract(units.value, '$.order_item_id') = order_lines.order_item_id), 0))
    WHERE order_pk IN (SELECT order_pk FROM parcels)
"""
"""Parcels that were taken back by dismissing their notes have not left."""

RECENT_STAY = """
    CREATE TRIGGER stock_changes_refuses_delete BEFORE DELETE ON stock_changes
    WHEN OLD.at >= (SELECT max(at) FROM stock_changes) - 7776000000000
    BEGIN SELECT RAISE(ABORT, 'the log of stock is append-only'); END
"""
"""What is older than the newest 90 days (in microseconds) may go."""


def upgrade() -> None:
    op.add_column("order_lines", sa.Column("taken", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.execute(SHIPPED)
    op.execute(PROCESSED)
    op.create_index(
        "ix_order_lines_item_id",
        "order_lines",
        ["item_id"],
        sqlite_where=sa.text("item_id IS NOT NULL AND taken < ordered"),
    )
    op.create_table(
        "stock_levels",
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("location_id", sa.Integer, nullable=False),
        sa.Column("physical", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_stock_levels_item_id"),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_stock_levels_location_id"),
        sa.PrimaryKeyConstraint("item_id", "location_id", name="pk_stock_levels"),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("location_id", sa.Integer, nullable=False),
        sa.Column("before", sa.Integer, nullable=True),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_stock_changes_item_id"),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_stock_changes_location_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_changes"),
        sqlite_strict=True,
    )
    op.create_index("ix_stock_changes_item_id", "stock_changes", ["item_id"])
    op.create_index("ix_stock_changes_reference", "stock_changes", ["reference"])
    op.create_index("ix_stock_changes_at", "stock_changes", ["at"])
    op.execute(
        "CREATE TRIGGER stock_changes_refuses_update BEFORE UPDATE ON stock_changes "
        "BEGIN SELECT RAISE(ABORT, 'the log of stock is append-only'); END"
    )
    op.execute(RECENT_STAY.strip())
