"""Prices that people have saved for listings, and what became of each."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Text, text

from channeld.domain.price.states import State
from channeld.store.columns import Flag, Instant, OneOf, Words
from channeld.store.tables.base import table

OPEN = "state NOT IN ('no change', 'confirmed')"
"""Of prices: something is still to happen, by itself or by a person."""

prices = table(
    "prices",
    Column("channel_id", Integer, ForeignKey("channels.id"), primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("state", OneOf(State), nullable=False),
    Column("saved", Integer),
    Column("first_saved_at", Instant),
    Column("saved_at", Instant),
    Column("by", Text, nullable=False),
    Column("least", Integer),
    Column("most", Integer),
    Column("holds", Words, nullable=False),
    Column("approved", Integer),
    Column("flight", Integer),
    Column("was_sure", Flag, nullable=False),
    Column("sent", Integer),
    Column("sent_at", Instant),
    Column("submission", Text, nullable=False),
    Column("shown", Integer),
    Column("shown_at", Instant),
    Column("confirmed", Integer),
    Column("confirmed_at", Instant),
    Column("is_sure", Flag, nullable=False),
    Column("settles_at", Instant),
    Column("look_at", Instant),
    Column("not_before", Instant),
    Column("failures", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_prices_due_at", "channel_id", "due_at", sqlite_where=text("due_at IS NOT NULL")),
    Index("ix_prices_look_at", "channel_id", "look_at", sqlite_where=text("look_at IS NOT NULL")),
    Index("ix_prices_open", "channel_id", "state", "sku", sqlite_where=text(OPEN)),
)
"""The fields of a `ListingPrice`, and when it may leave (`due_at`): only of what is pending."""

price_history = table(
    "price_history",
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("channel_id", Integer, ForeignKey("channels.id"), nullable=False),
    Column("sku", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("price", Integer),
    Column("reference", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_price_history_sku", "channel_id", "sku"),
    Index("ix_price_history_at", "at"),
)
"""What happened to the price of a listing; kept for 90 days."""
