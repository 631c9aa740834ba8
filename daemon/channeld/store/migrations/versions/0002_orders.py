"""Schema: the order book."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORDERS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("fulfilled_by", sa.Text, nullable=False),
    sa.Column("location_id", sa.Integer, nullable=False),
    sa.Column("purchased_at", sa.Integer, nullable=False),
    sa.Column("received", sa.Text, nullable=False),
    sa.Column("received_offset_minutes", sa.Integer, nullable=False),
    sa.Column("updated_at", sa.Integer, nullable=False),
    sa.Column("first_stored_at", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Integer, nullable=False),
    sa.Column("first_disclosing_at", sa.Integer, nullable=True),
    sa.Column("ship_by_earliest", sa.Integer, nullable=True),
    sa.Column("ship_by_latest", sa.Integer, nullable=True),
    sa.Column("deliver_by_earliest", sa.Integer, nullable=True),
    sa.Column("deliver_by_latest", sa.Integer, nullable=True),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("grand_total", sa.Integer, nullable=True),
    sa.Column("delivery_tip", sa.Integer, nullable=False),
    sa.Column("payment_tag", sa.Text, nullable=False),
    sa.Column("payment_method", sa.Text, nullable=False),
    sa.Column("payment_mapped", sa.Integer, nullable=False),
    sa.Column("shipping_tag", sa.Text, nullable=False),
    sa.Column("shipping_service", sa.Text, nullable=False),
    sa.Column("shipping_mapped", sa.Integer, nullable=False),
    sa.Column("programs", sa.Text, nullable=False),
    sa.Column("replaces", sa.Text, nullable=False),
    sa.Column("email_state", sa.Text, nullable=False),
    sa.Column("business", sa.Integer, nullable=False),
    sa.Column("gift", sa.Integer, nullable=False),
    sa.Column("prime", sa.Integer, nullable=False),
    sa.Column("cancel_requested", sa.Integer, nullable=False),
    sa.Column("replacement", sa.Integer, nullable=False),
    sa.Column("reduces_stock", sa.Integer, nullable=False),
    sa.Column("despatch_duty", sa.Integer, nullable=False),
    sa.Column("incomplete", sa.Integer, nullable=False),
    sa.Column("shipped_at", sa.Integer, nullable=True),
    sa.Column("delivered_at", sa.Integer, nullable=True),
    sa.Column("tax_policy", sa.Text, nullable=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_orders_channel_id"),
    sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_orders_location_id"),
    sa.PrimaryKeyConstraint("id", name="pk_orders"),
    sa.UniqueConstraint("order_id", "channel_id", name="uq_orders_order_id_channel_id"),
)

ORDER_LINES = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("order_pk", sa.Integer, nullable=False),
    sa.Column("order_item_id", sa.Text, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("asin", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("fulfilled", sa.Integer, nullable=False),
    sa.Column("unfulfilled", sa.Integer, nullable=False),
    sa.Column("item_id", sa.Integer, nullable=True),
    sa.Column("facilitator", sa.Integer, nullable=False),
    sa.Column("cancel_requested", sa.Text, nullable=False),
    sa.Column("gift", sa.Integer, nullable=False),
    sa.Column("gift_wrap_level", sa.Text, nullable=False),
    sa.Column("business_price", sa.Integer, nullable=False),
    sa.Column("has_amounts", sa.Integer, nullable=False),
    sa.Column("amount_item", sa.Integer, nullable=True),
    sa.Column("amount_shipping", sa.Integer, nullable=True),
    sa.Column("amount_gift_wrap", sa.Integer, nullable=True),
    sa.Column("amount_cod_fee", sa.Integer, nullable=True),
    sa.Column("amount_other", sa.Integer, nullable=True),
    sa.Column("amount_discount", sa.Integer, nullable=True),
    sa.Column("amount_discount_shipping", sa.Integer, nullable=True),
    sa.Column("amount_tax", sa.Integer, nullable=True),
    sa.Column("amount_tax_item", sa.Integer, nullable=True),
    sa.Column("amount_tax_shipping", sa.Integer, nullable=True),
    sa.Column("amount_tax_gift_wrap", sa.Integer, nullable=True),
    sa.Column("amount_tax_cod_fee", sa.Integer, nullable=True),
    sa.Column("amount_tax_other", sa.Integer, nullable=True),
    sa.Column("amount_tax_discount", sa.Integer, nullable=True),
    sa.Column("amount_total", sa.Integer, nullable=True),
    sa.ForeignKeyConstraint(["order_pk"], ["orders.id"], name="fk_order_lines_order_pk", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name="pk_order_lines"),
    sa.UniqueConstraint("order_pk", "order_item_id", name="uq_order_lines_order_pk_order_item_id"),
)

PERSONAL_DATA = (
    sa.Column("order_pk", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=True),
    sa.Column("purge_at", sa.Integer, nullable=True),
    sa.Column("purged_at", sa.Integer, nullable=True),
    sa.ForeignKeyConstraint(
        ["order_pk"], ["orders.id"], name="fk_personal_data_order_pk", ondelete="CASCADE"
    ),
    sa.PrimaryKeyConstraint("order_pk", name="pk_personal_data"),
)


def upgrade() -> None:
    op.create_table("orders", *ORDERS, sqlite_strict=True)
    op.create_index(
        "ix_orders_channel_id_payment_tag",
        "orders",
        ["channel_id", "payment_tag", "payment_mapped"],
        unique=False,
    )
    op.create_index(
        "ix_orders_channel_id_shipping_tag",
        "orders",
        ["channel_id", "shipping_tag", "shipping_mapped"],
        unique=False,
    )
    op.create_index(
        "ix_orders_channel_id_state_updated_at",
        "orders",
        ["channel_id", "state", "updated_at", "payment_mapped", "shipping_mapped"],
        unique=False,
    )
    op.create_index("ix_orders_channel_id_updated_at", "orders", ["channel_id", "updated_at"], unique=False)
    op.create_index("ix_orders_state_updated_at", "orders", ["state", "updated_at"], unique=False)
    op.create_index("ix_orders_updated_at", "orders", ["updated_at"], unique=False)
    op.create_index(
        "ix_orders_email_pending",
        "orders",
        ["channel_id", "first_disclosing_at"],
        unique=False,
        sqlite_where=sa.text("email_state = 'pending'"),
    )
    op.create_table("order_lines", *ORDER_LINES, sqlite_strict=True)
    op.create_table("personal_data", *PERSONAL_DATA, sqlite_strict=True)
    op.create_index(
        "ix_personal_data_purge_at",
        "personal_data",
        ["purge_at"],
        unique=False,
        sqlite_where=sa.text("purged_at IS NULL"),
    )
