"""Schema: items, listings, their links and downloads, reports, and orders found missing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ITEMS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("sku_folded", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_key", sa.Text, nullable=False),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_items"),
    sa.UniqueConstraint("sku", name="uq_items_sku"),
)

ITEM_BARCODES = (
    sa.Column("item_id", sa.Integer, nullable=False),
    sa.Column("barcode", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_item_barcodes_item_id", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("item_id", "barcode", name="pk_item_barcodes"),
)

ITEM_PROPERTIES = (
    sa.Column("item_id", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_item_properties_item_id", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("item_id", "name", name="pk_item_properties"),
)

ITEM_COMPONENTS = (
    sa.Column("kit_id", sa.Integer, nullable=False),
    sa.Column("component_id", sa.Integer, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["kit_id"], ["items.id"], name="fk_item_components_kit_id", ondelete="CASCADE"),
    sa.ForeignKeyConstraint(["component_id"], ["items.id"], name="fk_item_components_component_id"),
    sa.PrimaryKeyConstraint("kit_id", "component_id", name="pk_item_components"),
)

LINKS = (
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("item_id", sa.Integer, nullable=True),
    sa.Column("automatic", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_links_account_id"),
    sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_links_item_id"),
    sa.PrimaryKeyConstraint("account_id", "sku", name="pk_links"),
)

REPORTS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=True),
    sa.Column("report_type", sa.Text, nullable=False),
    sa.Column("marketplaces", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("data_from", sa.Integer, nullable=True),
    sa.Column("data_to", sa.Integer, nullable=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("report_id", sa.Text, nullable=False),
    sa.Column("document_id", sa.Text, nullable=False),
    sa.Column("amazon_status", sa.Text, nullable=False),
    sa.Column("fresh", sa.Integer, nullable=False),
    sa.Column("reused", sa.Integer, nullable=False),
    sa.Column("repeats", sa.Integer, nullable=True),
    sa.Column("created_at", sa.Integer, nullable=False),
    sa.Column("sent_at", sa.Integer, nullable=True),
    sa.Column("submitted_at", sa.Integer, nullable=True),
    sa.Column("available_at", sa.Integer, nullable=True),
    sa.Column("ended_at", sa.Integer, nullable=True),
    sa.Column("next_at", sa.Integer, nullable=False),
    sa.Column("looks", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("unanswered", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=True),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("bad_rows", sa.Integer, nullable=False),
    sa.Column("letters_lost", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_reports_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_reports_channel_id"),
    sa.ForeignKeyConstraint(["repeats"], ["reports.id"], name="fk_reports_repeats"),
    sa.PrimaryKeyConstraint("id", name="pk_reports"),
)

REPORT_FAULTS = (
    sa.Column("report_pk", sa.Integer, nullable=False),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(
        ["report_pk"], ["reports.id"], name="fk_report_faults_report_pk", ondelete="CASCADE"
    ),
    sa.PrimaryKeyConstraint("report_pk", "line", name="pk_report_faults"),
)

ORDER_GAPS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("report_pk", sa.Integer, nullable=False),
    sa.Column("account_id", sa.Integer, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("found_at", sa.Integer, nullable=False),
    sa.Column("settled_at", sa.Integer, nullable=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(["report_pk"], ["reports.id"], name="fk_order_gaps_report_pk"),
    sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_order_gaps_account_id"),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_order_gaps_channel_id"),
    sa.PrimaryKeyConstraint("id", name="pk_order_gaps"),
    sa.UniqueConstraint("report_pk", "order_id", name="uq_order_gaps_report_pk_order_id"),
)

LISTINGS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("sku_folded", sa.Text, nullable=False),
    sa.Column("asin", sa.Text, nullable=False),
    sa.Column("listing_id", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_key", sa.Text, nullable=False),
    sa.Column("price", sa.Integer, nullable=True),
    sa.Column("quantity", sa.Integer, nullable=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("condition", sa.Text, nullable=False),
    sa.Column("fulfilled_by", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("product_id_type", sa.Text, nullable=False),
    sa.Column("opened_at", sa.Integer, nullable=True),
    sa.Column("presence", sa.Text, nullable=False),
    sa.Column("missed", sa.Integer, nullable=False),
    sa.Column("missing_since", sa.Integer, nullable=True),
    sa.Column("fingerprint", sa.Integer, nullable=False),
    sa.Column("first_seen_at", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Integer, nullable=False),
    sa.Column("details_at", sa.Integer, nullable=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_listings_channel_id"),
    sa.PrimaryKeyConstraint("id", name="pk_listings"),
    sa.UniqueConstraint("channel_id", "sku", name="uq_listings_channel_id_sku"),
)

LISTING_DETAILS = (
    sa.Column("listing_pk", sa.Integer, nullable=False),
    sa.Column("read_at", sa.Integer, nullable=False),
    sa.Column("product_type", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(
        ["listing_pk"], ["listings.id"], name="fk_listing_details_listing_pk", ondelete="CASCADE"
    ),
    sa.PrimaryKeyConstraint("listing_pk", name="pk_listing_details"),
)

LISTING_DOWNLOADS = (
    sa.Column("id", sa.Integer, nullable=False),
    sa.Column("channel_id", sa.Integer, nullable=False),
    sa.Column("automatic", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("full", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("phase", sa.Text, nullable=False),
    sa.Column("report_pk", sa.Integer, nullable=True),
    sa.Column("started_at", sa.Integer, nullable=False),
    sa.Column("fetch_at", sa.Integer, nullable=True),
    sa.Column("process_at", sa.Integer, nullable=True),
    sa.Column("details_at", sa.Integer, nullable=True),
    sa.Column("ended_at", sa.Integer, nullable=True),
    sa.Column("rows_total", sa.Integer, nullable=True),
    sa.Column("rows_done", sa.Integer, nullable=False),
    sa.Column("details_total", sa.Integer, nullable=True),
    sa.Column("details_done", sa.Integer, nullable=False),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("missing", sa.Integer, nullable=False),
    sa.Column("gone", sa.Integer, nullable=False),
    sa.Column("returned", sa.Integer, nullable=False),
    sa.Column("bad_rows", sa.Integer, nullable=False),
    sa.Column("letters_lost", sa.Integer, nullable=False),
    sa.Column("listed", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("complete", sa.Integer, nullable=False),
    sa.Column("doubt", sa.Text, nullable=False),
    sa.Column("fetches", sa.Integer, nullable=False),
    sa.Column("look_at", sa.Integer, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("hint", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_listing_downloads_channel_id"),
    sa.ForeignKeyConstraint(["report_pk"], ["reports.id"], name="fk_listing_downloads_report_pk"),
    sa.PrimaryKeyConstraint("id", name="pk_listing_downloads"),
)

TABLES = {
    "items": ITEMS,
    "item_barcodes": ITEM_BARCODES,
    "item_properties": ITEM_PROPERTIES,
    "item_components": ITEM_COMPONENTS,
    "links": LINKS,
    "reports": REPORTS,
    "report_faults": REPORT_FAULTS,
    "order_gaps": ORDER_GAPS,
    "listings": LISTINGS,
    "listing_details": LISTING_DETAILS,
    "listing_downloads": LISTING_DOWNLOADS,
}
INDEXES = (
    ("ix_items_sku_folded", "items", ["sku_folded"], False, None),
    ("ix_items_title_key", "items", ["title_key"], False, None),
    ("ix_item_barcodes_barcode", "item_barcodes", ["barcode"], False, None),
    ("ix_item_components_component_id", "item_components", ["component_id"], False, None),
    ("ix_item_properties_asin", "item_properties", ["value"], False, sa.text("lower(name) = 'asin'")),
    ("ix_links_item_id", "links", ["item_id"], False, None),
    ("ix_audit_sku", "audit", ["sku"], False, sa.text("sku IS NOT NULL")),
    ("ix_reports_account_id_report_type", "reports", ["account_id", "report_type", "id"], False, None),
    ("ix_reports_channel_id", "reports", ["channel_id", "id"], False, None),
    ("ix_reports_open", "reports", ["account_id", "next_at"], False, sa.text("ended_at IS NULL")),
    (
        "ix_order_gaps_account_id_order_id",
        "order_gaps",
        ["account_id", "order_id"],
        False,
        sa.text("settled_at IS NULL"),
    ),
    ("ix_listings_asin", "listings", ["asin"], False, None),
    ("ix_listings_channel_id_presence", "listings", ["channel_id", "presence"], False, None),
    ("ix_listings_sku", "listings", ["sku"], False, None),
    ("ix_listings_sku_folded", "listings", ["sku_folded"], False, None),
    ("ix_listing_downloads_channel_id", "listing_downloads", ["channel_id", "id"], False, None),
    ("uq_listing_downloads_running", "listing_downloads", ["channel_id"], True, sa.text("state = 'running'")),
)


def upgrade() -> None:
    for name, items in TABLES.items():
        op.create_table(name, *items, sqlite_strict=True)
    op.add_column("audit", sa.Column("sku", sa.Text, nullable=True))
    for name, table, columns, is_unique, where in INDEXES:
        op.create_index(name, table, columns, unique=is_unique, sqlite_where=where)
