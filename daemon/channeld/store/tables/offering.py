"""What Amazon is to be told of each seller SKU's stock, what it was told, and what is stale of it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, text

from channeld.domain.stock.desired import Desired
from channeld.domain.stock.route import Route
from channeld.store.columns import AsJson, Flag, Instant, OneOf, Words
from channeld.store.tables.base import table

DUE = "rank IS NOT NULL AND held_until IS NULL"
"""Of desired stock: it may be sent now."""
ATTENTION = "(differing <> '[]' OR issue <> '' OR closed_at IS NOT NULL)"
"""Of desired stock: a person should look at it."""

desired_stock = table(
    "desired_stock",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("item_id", Integer),
    Column("owner_id", Integer, ForeignKey("channels.id")),
    Column("channels", Words, nullable=False),
    Column("differing", Words, nullable=False),
    Column("withheld", Text, nullable=False),
    Column("issue", Text, nullable=False),
    Column("would", Integer),
    Column("last_valid", AsJson(dict[str, int]), nullable=False),
    Column("closed_at", Instant),
    Column("desired", AsJson(Desired), nullable=False),
    Column("quantity", Integer),
    Column("rank", Integer),
    Column("held_until", Instant),
    Column("dirty_since", Instant),
    Column("look_at", Instant),
    Column("flight", OneOf(Route)),
    Column("version", Integer, nullable=False),
    Index("ix_desired_stock_due", "account_id", "rank", "dirty_since", sqlite_where=text(DUE)),
    Index(
        "ix_desired_stock_held_until", "account_id", "held_until", sqlite_where=text("held_until IS NOT NULL")
    ),
    Index("ix_desired_stock_look_at", "account_id", "look_at", sqlite_where=text("look_at IS NOT NULL")),
    Index("ix_desired_stock_flight", "account_id", "flight", sqlite_where=text("flight IS NOT NULL")),
    Index("ix_desired_stock_closed_at", "account_id", sqlite_where=text("closed_at IS NOT NULL")),
    Index("ix_desired_stock_dirty", "owner_id", "dirty_since", sqlite_where=text("dirty_since IS NOT NULL")),
    Index(
        "ix_desired_stock_attention",
        "account_id",
        "differing",
        "issue",
        "closed_at",
        sqlite_where=text(ATTENTION),
    ),
)
"""`desired` is the whole state of the SKU; the columns after it are what of it is searched for.

`owner_id`: the channel by which it is sent; `channels`: those that take part; `differing`: those of
them that would say something else. `withheld`: why nothing, or less, is sent. `would`: the quantity if no
channel were in dry run. `last_valid`: channel → the last valid handling time of a product. `closed_at`: when
it was seen that somebody closed it at Amazon.
"""

stale_stock = table(
    "stale_stock",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("mark", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("order_at", Instant),
    Column("urgent", Flag, nullable=False),
    Index("ix_stale_stock_urgent", "account_id", "urgent", "since"),
)
"""SKUs of which the value has to be computed anew. `mark` grows with each reason; `order_at`: when Amazon
last changed its own number, by an order or a cancellation; `urgent`: units may be gone."""

stock_sweeps = table(
    "stock_sweeps",
    Column("account_id", Integer, ForeignKey("accounts.id"), primary_key=True),
    Column("after", Text),
    Column("mark", Integer, nullable=False),
    Column("since", Instant),
)
"""Accounts that send stock, or have to stop it. `after`: the SKU up to which all are computed anew; without
one there is nothing to be gone through."""

stock_sync = table(
    "stock_sync",
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True),
    Column("synced_at", Instant),
    Column("computed_at", Instant),
    Column("drift_checked_at", Instant),
)

stock_history = table(
    "stock_history",
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("sku", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("quantity", Integer),
    Column("handling", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_stock_history_sku", "account_id", "sku"),
    Index("ix_stock_history_at", "at"),
)
"""What happened to the value of a SKU; kept for 90 days."""

stock_messages = table(
    "stock_messages",
    Column("feed_pk", Integer, ForeignKey("feeds.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sku", Text, nullable=False),
)
"""Messages of listings feeds; gone when their feed has ended for every SKU."""

listing_limits = table(
    "listing_limits",
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("end_when", Integer),
    Column("percentage", Text),
    Column("max_listed", Integer),
    Column("ignore_sync", Flag),
    Column("changed_at", Instant, nullable=False),
)
"""What is set for single listings and overrides the channel; NULL: not set here."""

listings_down = table(
    "listings_down",
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("why", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Listings that the last read has shown as down at Amazon for another reason than a zero."""
