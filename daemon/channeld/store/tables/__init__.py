"""The schema, declared once. `metadata` knows all tables when this package has been imported."""

from channeld.store.tables.accounts import accounts, channels, locations, mappings, meta, searches
from channeld.store.tables.audit import audit
from channeld.store.tables.backfills import backfill_orders, backfills, order_comparisons
from channeld.store.tables.base import metadata
from channeld.store.tables.items import item_barcodes, item_components, item_properties, items, links
from channeld.store.tables.ledger import feed_messages, feeds, parcels, transactions, withdrawals, work
from channeld.store.tables.listings import listing_details, listing_downloads, listings
from channeld.store.tables.offering import (
    desired_stock,
    listing_limits,
    listings_down,
    stale_stock,
    stock_history,
    stock_messages,
    stock_sweeps,
    stock_sync,
)
from channeld.store.tables.orders import AMOUNTS, order_lines, orders, personal_data
from channeld.store.tables.prices import price_history, prices
from channeld.store.tables.reports import order_gaps, report_faults, reports
from channeld.store.tables.stock import stock_changes, stock_levels
from channeld.store.tables.upkeep import budgets, commands, halts, left_alone, quarantine, rereads

__all__ = [
    "AMOUNTS",
    "accounts",
    "audit",
    "backfill_orders",
    "backfills",
    "budgets",
    "channels",
    "commands",
    "desired_stock",
    "feed_messages",
    "feeds",
    "halts",
    "item_barcodes",
    "item_components",
    "item_properties",
    "items",
    "left_alone",
    "links",
    "listing_details",
    "listing_downloads",
    "listing_limits",
    "listings",
    "listings_down",
    "locations",
    "mappings",
    "meta",
    "metadata",
    "order_comparisons",
    "order_gaps",
    "order_lines",
    "orders",
    "parcels",
    "personal_data",
    "price_history",
    "prices",
    "quarantine",
    "report_faults",
    "reports",
    "rereads",
    "searches",
    "stale_stock",
    "stock_changes",
    "stock_history",
    "stock_levels",
    "stock_messages",
    "stock_sweeps",
    "stock_sync",
    "transactions",
    "withdrawals",
    "work",
]
