"""Accounts, their channels, and the daemon's own facts."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text

from channeld.store.columns import Flag, Instant, TextMap, Words
from channeld.store.tables.base import table

meta = table(
    "meta",
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

accounts = table(
    "accounts",
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("seller_id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("endpoint", Text),
    Column("auth_endpoint", Text),
    Column("secrets", LargeBinary),
    Column("secret_set_at", Instant),
    Column("order_poll_seconds", Integer, nullable=False),
    Column("last_live_started_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("version", Integer, nullable=False),
)
Index("uq_accounts_name", accounts.c.name, unique=True, sqlite_where=text("removed_at IS NULL"))

channels = table(
    "channels",
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("marketplace_id", Text, nullable=False),
    Column("settings", TextMap, nullable=False),
    Column("enabled", Flag, nullable=False),
    Column("first_enabled_at", Instant),
    Column("order_sync_date", Instant),
    Column("order_cursor", Instant),
    Column("order_sync_of", Instant),
    Column("trouble", Text, nullable=False),
    Column("trouble_hint", Text, nullable=False),
    Column("trouble_since", Instant),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("version", Integer, nullable=False),
)
Index("uq_channels_name", channels.c.name, unique=True, sqlite_where=text("removed_at IS NULL"))
Index(
    "uq_channels_account_id_marketplace_id",
    channels.c.account_id,
    channels.c.marketplace_id,
    unique=True,
    sqlite_where=text("removed_at IS NULL"),
)

locations = table(
    "locations",
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("channel_id", Integer, ForeignKey("channels.id"), unique=True),
)

mappings = table(
    "mappings",
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("target", Text, nullable=False),
)

searches = table(
    "searches",
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel_ids", Words, nullable=False),
    Column("query", Text, nullable=False),
    Column("page_token", Text, nullable=False),
    Column("next_page", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("slice_from", Instant),
    Column("slice_to", Instant),
    Column("applied", Integer, nullable=False),
    UniqueConstraint("account_id", "kind"),
)
