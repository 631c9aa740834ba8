"""Items: the seller's own stock items."""

from datetime import datetime
from typing import Literal

import msgspec

from channel_protocol.audit import AuditRow
from channel_protocol.base import Problem, Reply, Request, Row, WriteRequest


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """What a kit is made of."""

    sku: str
    quantity: int


class ItemRow(Row, frozen=True, kw_only=True, tag="item"):
    """One item."""

    sku: str
    title: str
    barcodes: tuple[str, ...]
    properties: dict[str, str]
    """Extended properties by name."""
    components: tuple[Component, ...]
    """Of a kit; empty for what is no kit."""
    listings: int
    """That are linked to it."""
    created_at: datetime
    changed_at: datetime

    @property
    def key(self) -> str:
        return self.sku


class ListItems(Request, frozen=True, kw_only=True, tag="item.list"):
    """Items by SKU, a page at a time."""

    find: str = ""
    """Part of SKU, title or barcode."""
    after: str = ""
    """SKU of the last row of the page before."""
    limit: int = 100


class ItemList(Reply, frozen=True, kw_only=True, tag="item.list.reply"):
    rows: tuple[ItemRow, ...]
    more: bool


class LinkedListing(msgspec.Struct, frozen=True, kw_only=True):
    """A listing that is this item."""

    channel: str
    sku: str
    asin: str
    title: str
    presence: str


class ShowItem(Request, frozen=True, kw_only=True, tag="item.show"):
    """One item by its SKU."""

    sku: str


class ItemShown(Reply, frozen=True, kw_only=True, tag="item.show.reply"):
    row: ItemRow
    listings: tuple[LinkedListing, ...]
    kits: tuple[str, ...]
    """SKUs of kits that it is part of."""
    audit: tuple[AuditRow, ...]


class ItemFields(msgspec.Struct, frozen=True, kw_only=True):
    """What an item is to be; None leaves a field as it is."""

    sku: str
    title: str | None = None
    barcodes: tuple[str, ...] | None = None
    properties: dict[str, str] = {}
    """Only those that are named; an empty value removes one."""
    components: tuple[Component, ...] | None = None
    """An empty list makes it no kit."""


class SaveItems(WriteRequest, frozen=True, kw_only=True, tag="item.save"):
    """Add or change items, 500 at most. Each row is answered; rows with problems change nothing."""

    mode: Literal["add", "set", "import"]
    """`add` refuses what is there, `set` refuses what is not, `import` does either."""
    rows: tuple[ItemFields, ...]


class ItemAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    sku: str
    outcome: str
    """`created`, `changed`, `unchanged` or `refused`."""
    linked: int = 0
    """Listings of the same SKU that are linked to it now by themselves."""
    problems: tuple[Problem, ...] = ()


class ItemsSaved(Reply, frozen=True, kw_only=True, tag="item.save.reply"):
    answers: tuple[ItemAnswer, ...]
