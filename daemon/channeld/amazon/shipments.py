"""Telling Amazon of a parcel that has left (Amazon's reference, section 5.1)."""

import msgspec

from channeld.amazon.instants import format_instant
from channeld.amazon.operations import CONFIRM_SHIPMENT, Call
from channeld.domain.ledger.effects import Despatch

__all__ = ["confirm_shipment_call"]

_OTHER = "Other"


class _Item(msgspec.Struct, rename="camel"):
    order_item_id: str
    quantity: int


class _PackageDetail(msgspec.Struct, kw_only=True, rename="camel", omit_defaults=True):
    package_reference_id: str
    carrier_code: str
    carrier_name: str = ""
    shipping_method: str = ""
    tracking_number: str
    ship_date: str
    order_items: list[_Item]


class _Confirmation(msgspec.Struct, rename="camel"):
    marketplace_id: str
    package_detail: _PackageDetail


def confirm_shipment_call(order_id: str, marketplace_id: str, reference: int, effect: Despatch) -> Call[None]:
    """Confirm that parcel; the same `reference` again edits it. The same bytes for the same effect.

    Raises `ValueError` for one that this route cannot say: without tracking, or without anything in it.
    """
    if not effect.tracking:
        raise ValueError("an untracked parcel is told by feed")
    if not effect.lines or reference < 1:
        raise ValueError("a parcel has lines and a reference above zero")
    detail = _PackageDetail(
        package_reference_id=str(reference),
        carrier_code=effect.carrier_code,
        carrier_name=effect.carrier_name if effect.carrier_code == _OTHER else "",
        shipping_method=effect.method,
        tracking_number=effect.tracking,
        ship_date=format_instant(effect.shipped_at),
        order_items=[_Item(line.order_item_id, line.quantity) for line in effect.lines],
    )
    return Call(
        operation=CONFIRM_SHIPMENT,
        path_params=(("orderId", order_id),),
        body=msgspec.json.encode(_Confirmation(marketplace_id, detail)),
    )
