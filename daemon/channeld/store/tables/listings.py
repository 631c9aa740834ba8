"""Listings as Amazon's reports show them, their details, and the downloads that bring them in.

Money is minor units of the marketplace's currency.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text

from channeld.store.columns import Flag, Instant, Packed
from channeld.store.tables.base import table

listings = table(
    "listings",
    Column("id", Integer, primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("sku", Text, nullable=False),
    Column("sku_folded", Text, nullable=False),
    Column("asin", Text, nullable=False),
    Column("listing_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("price", Integer),
    Column("quantity", Integer),
    Column("status", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("fulfilled_by", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("product_id_type", Text, nullable=False),
    Column("opened_at", Instant),
    Column("presence", Text, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("missing_since", Instant),
    Column("fingerprint", Integer, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("details_at", Instant),
    Column("version", Integer, nullable=False),
    UniqueConstraint("channel_id", "sku"),
    Index("ix_listings_sku", "sku"),
    Index("ix_listings_sku_folded", "sku_folded"),
    Index("ix_listings_channel_id_presence", "channel_id", "presence"),
    Index("ix_listings_asin", "asin"),
)
"""`presence`: `listed`, `missing` (not in the last complete report), `gone` (nor in the one before).

`missed`: no longer used, and 0 in new rows.
"""

listing_details = table(
    "listing_details",
    Column("listing_pk", Integer, ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True),
    Column("read_at", Instant, nullable=False),
    Column("product_type", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("content", Packed, nullable=False),
)
"""`content`: what the full read gave (attributes, images, relationships, issues), as JSON."""

listing_downloads = table(
    "listing_downloads",
    Column("id", Integer, primary_key=True),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("automatic", Flag, nullable=False),
    Column("by", Text, nullable=False),
    Column("full", Flag, nullable=False),
    Column("state", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("report_pk", Integer, ForeignKey("reports.id")),
    Column("started_at", Instant, nullable=False),
    Column("fetch_at", Instant),
    Column("process_at", Instant),
    Column("details_at", Instant),
    Column("ended_at", Instant),
    Column("rows_total", Integer),
    Column("rows_done", Integer, nullable=False),
    Column("details_total", Integer),
    Column("details_done", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("bad_rows", Integer, nullable=False),
    Column("letters_lost", Integer, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("complete", Flag, nullable=False),
    Column("doubt", Text, nullable=False),
    Column("fetches", Integer, nullable=False),
    Column("look_at", Instant),
    Column("reason", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_listing_downloads_channel_id", "channel_id", "id"),
    Index("uq_listing_downloads_running", "channel_id", unique=True, sqlite_where=text("state = 'running'")),
)
"""`state`: `running`, `done`, `failed`, `abandoned`. `phase`: `waiting`, `fetching`, `processing`, `details`.

`complete`: it was not cut short, so what it lacks counts as missing; else `doubt` says what is wrong with it.
`look_at`: when its document is fetched again.
"""
