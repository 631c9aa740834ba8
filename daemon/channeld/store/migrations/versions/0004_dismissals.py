"""Schema: quarantined orders can be dismissed, and the orders of each location are counted from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTED = "ix_orders_channel_id_state_updated_at"


def upgrade() -> None:
    op.add_column("quarantine", sa.Column("dismissed_at", sa.Integer, nullable=True))
    op.drop_index(COUNTED, "orders")
    op.create_index(
        COUNTED,
        "orders",
        ["channel_id", "state", "updated_at", "payment_mapped", "shipping_mapped", "location_id"],
        unique=False,
    )
