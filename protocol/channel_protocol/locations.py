"""Locations: where orders are sent from."""

from channel_protocol.base import Reply, Request, Row, WriteRequest


class LocationRow(Row, frozen=True, kw_only=True, tag="location"):
    """One location."""

    location: str
    kind: str
    """`own`, or `fba` for a fulfilment centre of Amazon's, whose orders are locked (semantics F1)."""
    channels: str = ""
    """Channels whose orders are saved here, comma-separated."""
    offered_by: str = ""
    """Channels that offer what lies here, comma-separated."""
    orders: int = 0
    """Orders that are saved here."""
    open_orders: int = 0
    """Those among them that are to be despatched."""


class ListLocations(Request, frozen=True, kw_only=True, tag="location.list"):
    """All locations, by name."""

    limit: int = 1000


class LocationList(Reply, frozen=True, kw_only=True, tag="location.list.reply"):
    rows: tuple[LocationRow, ...]


class AddLocation(WriteRequest, frozen=True, kw_only=True, tag="location.add"):
    """Add a location of your own."""

    location: str


class LocationAdded(Reply, frozen=True, kw_only=True, tag="location.add.reply"):
    row: LocationRow
