"""Stock: how much the seller has of each item, where, and how it came about."""

from datetime import datetime
from typing import Literal

import msgspec

from channel_protocol.base import Problem, Reply, Request, Row, WriteRequest


class StockRow(Row, frozen=True, kw_only=True, tag="stock"):
    """An item at one location."""

    sku: str
    location: str
    kit: bool
    """A kit has no level of its own."""
    physical: int | None
    """The seller's count less what has left since; may be below zero. None: nobody has counted it there."""
    reserved: int
    """Units of open and parked orders that have neither left nor been cancelled."""
    available: int | None
    """Physical less reserved; of a kit, how many can be built. None: not counted, it or a component."""

    @property
    def key(self) -> str:
        return f"{self.sku}/{self.location}"


class ListStock(Request, frozen=True, kw_only=True, tag="stock.list"):
    """Items that are counted, and kits, by SKU, a page at a time. A page may be empty and not the last."""

    sku: str = ""
    """Only that item."""
    location: str = ""
    """Only there."""
    below: int | None = None
    """Only where less than that is available."""
    after: str = ""
    """`after` of the page before."""
    limit: int = 100
    """Items that are looked at, 500 at most."""


class StockList(Reply, frozen=True, kw_only=True, tag="stock.list.reply"):
    rows: tuple[StockRow, ...]
    after: str
    """SKU of the last item that was looked at."""
    more: bool


class StockChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a level."""

    id: int
    at: datetime
    location: str
    before: int | None
    """None: nobody had counted it."""
    after: int
    cause: str
    """`set`, `adjusted`, `import` or `order`."""
    reference: str
    """Amazon's order id, or the reason that was given."""
    by: str


class StockReservation(msgspec.Struct, frozen=True, kw_only=True):
    """What an order reserves of an item, also as a part of kits."""

    order_id: str
    channel: str
    location: str
    state: str
    """`open` or `parked`."""
    units: int


class ShowStock(Request, frozen=True, kw_only=True, tag="stock.show"):
    """One item at all its locations, with its log and what reserves it."""

    sku: str
    before: int | None = None
    """Of the log: only entries with a smaller id, the next page."""
    limit: int = 100
    """Entries of the log and orders, 500 at most of each."""


class StockShown(Reply, frozen=True, kw_only=True, tag="stock.show.reply"):
    sku: str
    kit: bool
    rows: tuple[StockRow, ...]
    reservations: tuple[StockReservation, ...]
    """The oldest order first."""
    orders: int
    """How many reserve it."""
    changes: tuple[StockChangeRow, ...]
    """The newest first; the last 90 days."""
    more: bool
    """The log has older ones."""


class StockLevel(msgspec.Struct, frozen=True, kw_only=True):
    """How many units there are; with `add`, how many more or fewer."""

    sku: str
    location: str
    units: int


class SaveStock(WriteRequest, frozen=True, kw_only=True, tag="stock.save"):
    """Say how much lies where, 500 rows at most, each answered.

    `set` and `add` are all or nothing; of an `import`, rows with problems stop no other.
    """

    mode: Literal["set", "add", "import"]
    """`add`: units are added to what is there, or taken from it."""
    rows: tuple[StockLevel, ...]
    reason: str = ""


class StockAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row."""

    outcome: str
    """`changed`, `unchanged` or `refused`."""
    before: int | None = None
    """None: nobody had counted it."""
    after: int | None = None
    problems: tuple[Problem, ...] = ()


class StockSaved(Reply, frozen=True, kw_only=True, tag="stock.save.reply"):
    answers: tuple[StockAnswer, ...]
