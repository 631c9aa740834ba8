"""Orders: listing, showing, syncing and recovering them."""

from datetime import datetime

import msgspec

from channel_protocol.audit import AuditRow
from channel_protocol.base import Reply, Request, Row, WriteRequest


class OrderRow(Row, frozen=True, kw_only=True, tag="order"):
    """One order, without anything personal. Amounts are minor units of `currency`."""

    order_id: str
    channel: str
    account: str
    status: str
    """Amazon's word, such as `UNSHIPPED`."""
    state: str
    """`incomplete`, `parked`, `open`, `shipped`, `shipped elsewhere`, `cancelled`; for FBA `locked` or
    `fulfilled`."""
    fulfilled_by: str
    """`MERCHANT` or `AMAZON`."""
    location: str
    purchased_at: datetime
    received: str
    """Order Received Date: purchase time plus the channel's offset (semantics C6), local, without zone."""
    updated_at: datetime
    """Amazon's lastUpdatedTime."""
    ship_by: datetime | None
    deliver_by: datetime | None
    currency: str
    total: int | None
    """Computed from the stored components (semantics B2, B7); None while Amazon shows no reliable money."""
    tax: int | None
    units: int
    lines: int
    payment_method: str
    shipping_service: str
    email_state: str
    """`none`, `pending`, `disclosed`, `alternate` or `not disclosed` (semantics C4)."""
    flags: str = ""
    """Comma-separated: `business`, `gift`, `prime`, `cancel requested`, `replacement`, `unlinked`,
    `total differs`."""

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.order_id}"


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order. Amounts are minor units of the order's currency."""

    order_item_id: str
    sku: str
    asin: str
    title: str
    quantity: int
    fulfilled: int
    unfulfilled: int
    linked: bool
    net: int | None
    tax: int | None
    gross: int | None
    amazon_tax: int | None
    """The tax that Amazon reported for the line."""
    tax_rate: str
    """tax ÷ net, 4 decimals, for display only."""
    facilitator: bool
    """Whether Amazon collects and remits the tax."""
    components: dict[str, int]
    """What Amazon reported, by component; minor units."""
    cancel_requested: str = ""
    gift_wrap: str = ""


class ListOrders(Request, frozen=True, kw_only=True, tag="order.list"):
    """Orders, the most recently updated first."""

    channel: str | None = None
    state: str | None = None
    limit: int = 100


class OrderList(Reply, frozen=True, kw_only=True, tag="order.list.reply"):
    rows: tuple[OrderRow, ...]


class ShowOrder(Request, frozen=True, kw_only=True, tag="order.show"):
    """One order with its lines and its audit trail."""

    order_id: str
    channel: str | None = None


class OrderShown(Reply, frozen=True, kw_only=True, tag="order.show.reply"):
    row: OrderRow
    items: tuple[OrderLine, ...]
    explanation: tuple[str, ...]
    """How the total comes about, and what differs from Amazon's own total, in words."""
    facts: dict[str, str]
    """More of the order: programs, windows, replaced order, stock duty, personal data kept until …"""
    audit: tuple[AuditRow, ...]


class RevealOrder(WriteRequest, frozen=True, kw_only=True, tag="order.reveal"):
    """The personal data of one order. For writers only, and audited."""

    order_id: str
    channel: str | None = None


class OrderPersonal(Reply, frozen=True, kw_only=True, tag="order.reveal.reply"):
    order_id: str
    channel: str
    removed_at: datetime | None
    """When the data was removed for good; `fields` is empty then."""
    fields: dict[str, str]
    """Such as `email`, `name`, `address_line1`, `gift_message 1`."""

    def __repr__(self) -> str:
        return f"OrderPersonal(order_id={self.order_id!r}, …)"


class SyncOrders(WriteRequest, frozen=True, kw_only=True, tag="order.sync"):
    """Search for changed orders now, as soon as the account's budget allows."""

    channel: str | None = None
    """None: every enabled channel."""
    wait: float = 0.0
    """Seconds to wait for the search to be complete; `still_waiting` when they run out."""


class OrdersSynced(Reply, frozen=True, kw_only=True, tag="order.sync.reply"):
    complete: bool
    """False when nobody waited."""
    applied: int
    """Orders inserted or changed by the search that was waited for."""
    waits_for: str = ""
    until: datetime | None = None


class RewindOrders(WriteRequest, frozen=True, kw_only=True, tag="order.rewind"):
    """Set a channel's order cursor back, so that orders are read again. Duplicates are impossible."""

    channel: str
    to: datetime
    confirmed: bool = False
    """False: change nothing, say what would be read again."""


class OrdersRewound(Reply, frozen=True, kw_only=True, tag="order.rewind.reply"):
    done: bool
    message: str


class RecoverOrder(WriteRequest, frozen=True, kw_only=True, tag="order.recover"):
    """Read one order by its id and insert or re-apply it, also after its personal data was removed."""

    order_id: str
    channel: str | None = None
    """Needed only for an order that is not stored yet, when more than one account exists."""
    wait: float = 30.0


class OrderRecovered(Reply, frozen=True, kw_only=True, tag="order.recover.reply"):
    complete: bool
    outcome: str
    """`inserted`, `changed`, `unchanged`, `quarantined`, `skipped`, or empty when nobody waited."""
    row: OrderRow | None = None


class QuarantineRow(Row, frozen=True, kw_only=True, tag="quarantined"):
    """An order that could not be applied. Its payload is kept, and it is tried again by itself.

    One whose id cannot be read either is not: its `order_id` is one of our own making, and it has no
    `next_attempt`.
    """

    order_id: str
    channel: str
    account: str
    reason: str
    hint: str
    since: datetime
    attempts: int
    next_attempt: datetime | None
    field: str = ""
    """Where in Amazon's answer the fault is."""
    dismissed_at: datetime | None = None
    """When a person decided that nothing has to be done about it."""

    @property
    def key(self) -> str:
        return f"{self.account}/{self.order_id}"


class ListQuarantine(Request, frozen=True, kw_only=True, tag="order.quarantine"):
    """Orders that could not be applied, oldest first; at the end those that were dismissed."""

    channel: str | None = None
    limit: int = 100


class QuarantineList(Reply, frozen=True, kw_only=True, tag="order.quarantine.reply"):
    rows: tuple[QuarantineRow, ...]


class DismissOrder(WriteRequest, frozen=True, kw_only=True, tag="order.dismiss"):
    """A quarantined order no longer needs attention. It stays in the quarantine and is tried again as before.

    It needs attention again when Amazon sends something else for it, or something else is wrong with it.
    """

    order_id: str
    account: str | None = None
    """Needed only when several accounts have a quarantined order of that id."""


class OrderDismissed(Reply, frozen=True, kw_only=True, tag="order.dismiss.reply"):
    row: QuarantineRow
