"""Answering an order: process it (despatch), cancel it, refund it; committed before it is answered."""

from datetime import datetime

import msgspec

from channel_protocol.base import Reply, Request, Row, WriteRequest
from channel_protocol.work import WorkRow


class LineUnits(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one line, named by the order item's id or, where it is the only one, by its SKU."""

    line: str
    quantity: int
    sku: str = ""
    """Of answers, where `line` is the order item's id; in a request it says nothing."""


class ProcessOrder(WriteRequest, frozen=True, kw_only=True, tag="order.process"):
    """A parcel of the order has left: Amazon is told if the channel's Despatch notes are on."""

    order_id: str
    channel: str | None = None
    carrier: str | None = None
    """Amazon's carrier code, or a name of your own; None: the mapping of `service` decides."""
    service: str = ""
    """Your own service; mapped to a carrier and method of Amazon's, or told as the method with `carrier`."""
    tracking: str = ""
    """Empty: untracked."""
    lines: tuple[LineUnits, ...] = ()
    """What is in the parcel; none: every unit that is still to be sent."""
    shipped_at: datetime | None = None
    """None: now. Never in the future and never before the purchase."""
    force: bool = False
    """Also when Amazon shows the units as shipped already, or when a parcel with the same tracking and these
    units in it was processed before."""


class OrderProcessed(Reply, frozen=True, kw_only=True, tag="order.process.reply"):
    order_id: str
    channel: str
    parcel: tuple[LineUnits, ...]
    """By order item id, with the SKUs."""
    outcome: str
    """`queued`, `not required` (Despatch notes are off) or `rejected` (channel disabled or removed)."""
    message: str
    row: WorkRow | None = None
    """The note; None when there is none."""
    left: int
    """Units of the order that are still to be sent."""


class CancelOrder(WriteRequest, frozen=True, kw_only=True, tag="order.cancel"):
    """Units of the order will not be sent: Amazon is told if the channel's Order Cancellations are on.

    Amazon gives the buyer the money back for what is cancelled.
    """

    order_id: str
    channel: str | None = None
    reason: str
    """One of Amazon's reasons, such as `NoInventory` or `BuyerCanceled`."""
    lines: tuple[LineUnits, ...] = ()
    """None: the whole order."""
    preview: bool = False
    """Change nothing; say what would be cancelled and what the buyer gets back."""
    deed_id: str = ""
    """With `preview`: the `command_id` that the deed would have. If that was done already, its answer is
    given again (`done`), so that a file that is loaded anew is not taken for a second wish."""
    amount_seen: int | None = None
    """The amount that a preview showed, in minor units: with another one by now nothing is done
    (`changed_meanwhile`). It is no part of what is asked for: a repeat may leave it out."""


class OrderCancelled(Reply, frozen=True, kw_only=True, tag="order.cancel.reply"):
    order_id: str
    channel: str
    done: bool
    outcome: str
    """`queued`, `not sent` (Order Cancellations are off), `rejected`, or `preview`."""
    message: str
    lines: tuple[LineUnits, ...]
    """By order item id, with the SKUs."""
    currency: str
    amount: int | None
    """What the buyer gets back; minor units; None while Amazon shows no reliable money, or `here_only`."""
    here_only: bool = False
    """Amazon is not told, now or later (`not sent`, `rejected`, or a preview of such): no money goes back."""
    row: WorkRow | None = None


class RefundPart(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be given back for one line. Without quantity and amounts: all that is left of it."""

    line: str
    """The order item's id or, where it is the only one, its SKU."""
    quantity: int | None = None
    """The share of so many units, with its tax; shipping and gift wrap only when they are named."""
    amounts: dict[str, str] = {}
    """Amounts as decimals by component, such as `{"Principal": "10.00", "Shipping": "2.50"}`."""


class RefundOrder(WriteRequest, frozen=True, kw_only=True, tag="order.refund"):
    """Money back, in full or by line. Shipped: an adjustment; not shipped: by cancelling."""

    order_id: str
    channel: str | None = None
    reason: str = "CustomerReturn"
    """One of Amazon's reasons."""
    parts: tuple[RefundPart, ...] = ()
    """None: everything that is left."""
    preview: bool = False
    """Change nothing; answer with the amounts."""
    deed_id: str = ""
    """With `preview`: the `command_id` that the deed would have, as in `order.cancel`."""
    again: bool = False
    """Also when the same amount of the same line was refunded within the last 7 days."""
    amount_seen: int | None = None
    """The amount that a preview showed, in minor units: with another one by now nothing is done
    (`changed_meanwhile`). It is no part of what is asked for: a repeat may leave it out."""


class RefundLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a refund; minor units."""

    order_item_id: str
    sku: str
    title: str
    components: dict[str, int]
    amount: int
    charged: int
    refunded: int
    """What had been given back before."""
    left: int
    """What could be given back after this."""
    by_cancellation: bool
    """Not shipped: Amazon gives it back when it cancels."""
    work_id: int | None = None


class OrderRefunded(Reply, frozen=True, kw_only=True, tag="order.refund.reply"):
    order_id: str
    channel: str
    done: bool
    outcome: str
    """`queued`, `not sent` (Order Refunds or the channel are off: nothing is or would be queued), or
    `preview`."""
    message: str
    currency: str
    amount: int
    lines: tuple[RefundLine, ...]


class DueRow(Row, frozen=True, kw_only=True, tag="due"):
    """An order that is still to be sent: the ship-by board."""

    order_id: str
    channel: str
    account: str
    marketplace: str
    """Its country code."""
    zone: str
    """The marketplace's time zone, such as `Europe/London`."""
    ship_by: datetime | None
    units: int
    """Still to be sent, or sent and not told to Amazon yet."""
    risk: str
    """`overdue`, `at risk` (within 24 hours), `on track`, or empty without a ship-by time."""
    note: str
    """How its note stands: empty (not processed), or the state of the note that is behind most."""
    service: str
    flags: str = ""

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.order_id}"


class ListDue(Request, frozen=True, kw_only=True, tag="order.due"):
    """Orders to be sent, the nearest ship-by time first."""

    channel: str | None = None
    limit: int = 500


class DueList(Reply, frozen=True, kw_only=True, tag="order.due.reply"):
    rows: tuple[DueRow, ...]
    overdue: int
    at_risk: int
    on_track: int
