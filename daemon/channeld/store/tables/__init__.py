"""The schema, declared once. `metadata` knows all tables when this package has been imported."""

from channeld.store.tables.accounts import accounts, channels, locations, mappings, meta, searches
from channeld.store.tables.audit import audit
from channeld.store.tables.base import metadata
from channeld.store.tables.ledger import feed_messages, feeds, parcels, transactions, withdrawals, work
from channeld.store.tables.orders import AMOUNTS, order_lines, orders, personal_data
from channeld.store.tables.upkeep import budgets, commands, halts, left_alone, quarantine, rereads

__all__ = [
    "AMOUNTS",
    "accounts",
    "audit",
    "budgets",
    "channels",
    "commands",
    "feed_messages",
    "feeds",
    "halts",
    "left_alone",
    "locations",
    "mappings",
    "meta",
    "metadata",
    "order_lines",
    "orders",
    "parcels",
    "personal_data",
    "quarantine",
    "rereads",
    "searches",
    "transactions",
    "withdrawals",
    "work",
]
