"""The forms by which an order is answered, as data, and the requests that are made of them."""

from collections.abc import Callable
from typing import TypeVar

from textual.content import Content

from channel_protocol.order_answers import CancelOrder, ProcessOrder, RefundOrder
from channel_protocol.orders import OrderRow
from channeltop import specs
from channeltop.screens.entry import Entry, EntryField, Misread

__all__ = ["cancel_form", "process_form", "refund_form"]

CANCEL_REASONS = (
    "NoInventory",
    "BuyerCanceled",
    "ShippingAddressUndeliverable",
    "PricingError",
    "GeneralAdjustment",
)
REFUND_REASONS = (
    "CustomerReturn",
    "CustomerCancel",
    "CouldNotShip",
    "DifferentItem",
    "GeneralAdjustment",
    "Other",
)
"""The usual ones of Amazon's, offered while typing; what is wrong is what the daemon says."""

T = TypeVar("T")


def process_form(row: OrderRow) -> Entry:
    """A parcel has left; its answer is the daemon's."""
    return Entry(
        f"Process {row.order_id}",
        Content("Amazon is told that a parcel has left now, if the channel's Despatch notes are on."),
        [
            EntryField(key="tracking", label="Tracking number (empty: untracked)"),
            EntryField(key="service", label="Service of yours", offered=(row.shipping_service,)),
            EntryField(key="carrier", label="Carrier (empty: as the service is mapped)"),
            EntryField(key="lines", label="What of it, such as SKU=2; SKU=1 (empty: all that is left)"),
            EntryField(
                key="force",
                label="Tell Amazon all the same (yes or no)",
                after="shipped_already processed_already",
            ),
        ],
        lambda texts: ProcessOrder(
            command_id="",
            order_id=row.order_id,
            channel=row.channel,
            carrier=texts["carrier"] or None,
            service=texts["service"],
            tracking=texts["tracking"],
            lines=_read("lines", specs.units, texts["lines"]),
            force=_read("force", specs.yes, texts["force"]),
        ),
        saves_on="ctrl+s",
        saves="process",
    )


def cancel_form(row: OrderRow) -> Entry:
    """What would be cancelled; its answer is a preview."""
    return Entry(
        f"Cancel {row.order_id}",
        Content("What it does is shown before anything is done."),
        [
            EntryField(key="reason", label="Reason, in Amazon's word", offered=CANCEL_REASONS),
            EntryField(key="lines", label="What of it, such as SKU=2; SKU=1 (empty: the whole order)"),
        ],
        lambda texts: CancelOrder(
            command_id="",
            order_id=row.order_id,
            channel=row.channel,
            reason=texts["reason"],
            lines=_read("lines", specs.units, texts["lines"]),
            preview=True,
        ),
        saves_on="ctrl+s",
        saves="preview",
    )


def refund_form(row: OrderRow) -> Entry:
    """What would be given back; its answer is a preview in money."""
    return Entry(
        f"Refund {row.order_id}",
        Content("The amounts are shown before anything is done."),
        [
            EntryField(
                key="lines",
                label="What of it, such as SKU; SKU=1; SKU:Principal=10.00 (empty: all that is left)",
            ),
            EntryField(
                key="reason", label="Reason, in Amazon's word", text=REFUND_REASONS[0], offered=REFUND_REASONS
            ),
            EntryField(
                key="again",
                label="Again, although the same was refunded lately (yes or no)",
                after="refunded_lately",
            ),
        ],
        lambda texts: RefundOrder(
            command_id="",
            order_id=row.order_id,
            channel=row.channel,
            reason=texts["reason"],
            parts=_read("lines", specs.parts, texts["lines"]),
            again=_read("again", specs.yes, texts["again"]),
            preview=True,
        ),
        saves_on="ctrl+s",
        saves="preview",
    )


def _read(key: str, reader: Callable[[str], T], typed: str) -> T:
    try:
        return reader(typed)
    except ValueError as error:
        raise Misread(key, str(error)) from None
