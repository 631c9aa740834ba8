"""The first exchange, and attaching to what happens."""

import msgspec

from channel_protocol.base import Message, Reply, Request

TOPICS = (
    "accounts",
    "actors",
    "audit",
    "budgets",
    "channels",
    "due",
    "feeds",
    "listing_downloads",
    "orders",
    "price_sync",
    "quarantine",
    "reports",
    "stock_sync",
    "work",
)
"""What can be subscribed to. A row's key in each is the row's `key` property."""


class Hello(Message, frozen=True, kw_only=True, tag="hello"):
    """The daemon's first line on every connection."""

    protocol: int
    daemon: str
    """The daemon's version."""
    boot_id: str
    """New at every start of the daemon; numbers of an earlier boot mean nothing."""
    may_write: bool
    """Whether this connection may send requests that change something."""


class Greet(Request, frozen=True, kw_only=True, tag="hello.client"):
    """Optional: the client names itself. Refused with `protocol_mismatch`, naming both sides."""

    protocol: int
    client: str


class Greeted(Reply, frozen=True, kw_only=True, tag="hello.welcome"):
    """The daemon speaks the client's protocol."""


class Subscribe(Request, frozen=True, kw_only=True, tag="subscribe"):
    """Attach to topics: one snapshot for each (in chunks if it is large), then numbered deltas.

    Subscribing again to a topic gives a fresh snapshot.
    """

    topics: tuple[str, ...]


class Detach(Request, frozen=True, kw_only=True, tag="unsubscribe"):
    """No more of these topics."""

    topics: tuple[str, ...]


class Attached(Reply, frozen=True, kw_only=True, tag="subscribed"):
    """The topics this connection is now attached to; their snapshots follow."""

    topics: tuple[str, ...]


class Snapshot(Message, frozen=True, kw_only=True, tag="snapshot"):
    """All rows of a topic as they are now. The first chunk replaces what the client had."""

    topic: str
    chunk: int
    """0 for the first."""
    last: bool
    """Whether the topic's deltas begin after this chunk, at number 1."""
    rows: msgspec.Raw
    """A JSON array of rows; `channel_protocol.codec.decode_rows` reads it."""


class Delta(Message, frozen=True, kw_only=True, tag="delta"):
    """These rows now look so; several changes of one row may have been merged."""

    topic: str
    number: int
    """1, 2, 3 … since the snapshot, on this connection."""
    rows: msgspec.Raw
    """A JSON array of rows."""
    gone: tuple[str, ...] = ()
    """Keys of rows that no longer exist."""
