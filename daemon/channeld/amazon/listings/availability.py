"""The attribute `fulfillment_availability`: own stock and handling time, told and read (reference 8.3)."""

import msgspec

from channeld.amazon.listings.attributes import Entry, read_entries
from channeld.amazon.listings.patches import Patch, make_patch, whole_number
from channeld.domain.listing.item import ItemRead
from channeld.domain.stock.latency import Verb
from channeld.domain.stock.value import Value

__all__ = [
    "AVAILABILITY_DATA",
    "LEAD_TIMES",
    "ShownAvailability",
    "quantity_patch",
    "quantity_with_lead_time_patch",
    "quantity_without_lead_time_patch",
    "read_availability",
    "value_patch",
]

AVAILABILITY_DATA = ("fulfillmentAvailability", "attributes")
"""What a read has to include for `read_availability`."""
LEAD_TIMES = range(1, 31)
"""Days of handling time that can be promised."""

_AVAILABILITY, _LEAD_TIME, _OWN_STOCK = "fulfillment_availability", "lead_time_to_ship_max_days", "DEFAULT"


class ShownAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """What Amazon shows of a listing's own stock."""

    is_amazons: bool
    """Fulfilled by Amazon: nothing may be sent, as that would make it a listing of own stock."""
    quantity: int | None
    """None if it cannot be told, and for Amazon's own stock."""
    lead_time: int | None
    """Days; None for Amazon's default, if `is_lead_time_shown`."""
    is_lead_time_shown: bool
    """Whether the answer tells of a handling time at all."""


def quantity_patch(quantity: int) -> Patch:
    """The quantity alone: handling time and restock date stay as they are. Raises `ValueError` below zero."""
    return _merged({"quantity": _sayable(quantity)})


def quantity_with_lead_time_patch(quantity: int, days: int) -> Patch:
    """Both together; the restock date stays. Raises `ValueError` below zero, and for days that cannot be."""
    if days not in LEAD_TIMES:
        raise ValueError("a handling time is 1 to 30 days")
    return _merged({"quantity": _sayable(quantity), _LEAD_TIME: days})


def quantity_without_lead_time_patch(quantity: int) -> Patch:
    """The quantity, so that Amazon's default becomes the handling time. Raises `ValueError` below zero.

    A restock date goes as well: there is no way to drop the one and keep the other.
    """
    return make_patch("replace", _AVAILABILITY, [_OWN | {"quantity": _sayable(quantity)}])


def value_patch(value: Value) -> Patch:
    """What says all of it in one message. Raises `ValueError` for what cannot be said."""
    match value.lead_time.verb:
        case Verb.KEEP:
            return quantity_patch(value.quantity)
        case Verb.SET:
            return quantity_with_lead_time_patch(value.quantity, value.lead_time.days)
        case Verb.DROP:
            return quantity_without_lead_time_patch(value.quantity)


def read_availability(item: ItemRead) -> ShownAvailability:
    """What a read with `AVAILABILITY_DATA` tells of stock. What is not as documented is not told.

    The quantity is the one that Amazon offers; where it shows none, the one that it was told last.
    """
    entries = read_entries(item.attributes, _AVAILABILITY)
    channels = {_channel(entry) for entry in entries or ()} | {item.fulfillment_channel}
    is_amazons = bool(channels - {_OWN_STOCK, ""})
    own = [entry for entry in entries or () if _channel(entry) == _OWN_STOCK]
    days = [whole_number(entry[_LEAD_TIME]) for entry in own if _LEAD_TIME in entry]
    quantity = item.quantity
    if quantity is None and len(own) == 1:
        quantity = whole_number(own[0].get("quantity"))
    return ShownAvailability(
        is_amazons=is_amazons,
        quantity=None if is_amazons else quantity,
        lead_time=days[0] if len(days) == 1 else None,
        is_lead_time_shown=entries is not None and len(own) < 2 and None not in days,
    )


_OWN: dict[str, str | int] = {"fulfillment_channel_code": _OWN_STOCK}
_TEXT = msgspec.json.Decoder(str)


def _merged(said: dict[str, int]) -> Patch:
    return make_patch("merge", _AVAILABILITY, [_OWN | said])


def _sayable(quantity: int) -> int:
    if quantity < 0:
        raise ValueError("a quantity is not below zero")
    return quantity


def _channel(entry: Entry) -> str:
    """Empty for an entry without one."""
    try:
        return _TEXT.decode(entry.get("fulfillment_channel_code", b'""'))
    except ValueError:
        return ""
