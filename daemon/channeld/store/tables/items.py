"""The seller's own items, and which listing is which of them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, text

from channeld.store.columns import Flag, Instant
from channeld.store.tables.base import table

items = table(
    "items",
    Column("id", Integer, primary_key=True),
    Column("sku", Text, nullable=False, unique=True),
    Column("sku_folded", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_items_sku_folded", "sku_folded"),
    Index("ix_items_title_key", "title_key"),
)

item_barcodes = table(
    "item_barcodes",
    Column("item_id", Integer, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("barcode", Text, primary_key=True),
    Index("ix_item_barcodes_barcode", "barcode"),
)

item_properties = table(
    "item_properties",
    Column("item_id", Integer, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Index("ix_item_properties_asin", "value", sqlite_where=text("lower(name) = 'asin'")),
)

item_components = table(
    "item_components",
    Column("kit_id", Integer, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("component_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("quantity", Integer, nullable=False),
    Index("ix_item_components_component_id", "component_id"),
)

links = table(
    "links",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("item_id", Integer, ForeignKey("items.id")),
    Column("automatic", Flag, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_links_item_id", "item_id"),
)
"""A seller SKU, on all channels of its account → item. Without one: a person unlinked it, and so it stays."""
