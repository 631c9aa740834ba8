"""Mapping of payment and shipping, inbound: the channel's word to one of your own; and of despatch, outbound:
a service of yours to a carrier and method of Amazon's (semantics I14, I15)."""

from channel_protocol.base import Reply, Request, Row, WriteRequest


class MappingRow(Row, frozen=True, kw_only=True, tag="mapping"):
    """One word of a channel: mapped, or met on orders and not mapped yet."""

    kind: str
    """`payment`, `shipping` or `despatch`."""
    channel: str
    tag: str
    """The channel's word, such as `CREDITCARD` or `NEXT_DAY`, or for despatch your service; compared trimmed
    and case-blind."""
    target: str | None
    """Your own method or service, for despatch `CARRIER / METHOD`; None while it is not mapped."""
    orders: int
    """Orders met with this word."""
    unmapped: int
    """Those among them that were stored with the default."""


class ListMappings(Request, frozen=True, kw_only=True, tag="mapping.list"):
    """Mapped words and words met on orders, of one channel or of all."""

    kind: str
    channel: str | None = None
    limit: int = 1000


class MappingList(Reply, frozen=True, kw_only=True, tag="mapping.list.reply"):
    rows: tuple[MappingRow, ...]


class SetMapping(WriteRequest, frozen=True, kw_only=True, tag="mapping.set"):
    """Map a word. Orders downloaded afterwards follow it; earlier ones stay as they are."""

    kind: str
    channel: str
    tag: str
    target: str


class MappingChanged(Reply, frozen=True, kw_only=True, tag="mapping.set.reply"):
    row: MappingRow
    note: str = ""
    """What Amazon will be told of a carrier without a code, as that may be a code that was mistyped."""


class RemoveMapping(WriteRequest, frozen=True, kw_only=True, tag="mapping.remove"):
    """Forget a mapping; orders downloaded afterwards get the default."""

    kind: str
    channel: str
    tag: str


class MappingRemoved(Reply, frozen=True, kw_only=True, tag="mapping.remove.reply"):
    kind: str
    channel: str
    tag: str
