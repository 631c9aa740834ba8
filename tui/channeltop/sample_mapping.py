"""Mapped and unmapped words, and locations, always the same: for pictures of the monitor."""

from collections.abc import Mapping

from channel_protocol.locations import LocationRow
from channel_protocol.mappings import MappingRow

__all__ = ["LOCATIONS", "WORDS"]


def _word(kind: str, channel: str, tag: str, target: str | None, orders: int, unmapped: int) -> MappingRow:
    return MappingRow(kind=kind, channel=channel, tag=tag, target=target, orders=orders, unmapped=unmapped)


WORDS: Mapping[str, tuple[MappingRow, ...]] = {
    "payment": (
        _word("payment", "de-main", "CREDITCARD", "Card", 2104, 0),
        _word("payment", "de-main", "INVOICE", "Bank transfer", 203, 12),
        _word("payment", "fr-main", "CREDITCARD", "Card", 966, 0),
        _word("payment", "fr-main", "CREDITCARD+GIFTCARD", None, 2, 2),
        _word("payment", "uk-main", "COD", "Cash", 0, 0),
        _word("payment", "uk-main", "CREDITCARD", "Card", 4821, 0),
    ),
    "shipping": (
        _word("shipping", "de-main", "STANDARD", "DHL parcel", 2011, 0),
        _word("shipping", "uk-main", "NEXT_DAY", "Royal Mail Special", 310, 0),
        _word("shipping", "uk-main", "STANDARD", "Royal Mail 48", 4511, 31),
    ),
    "despatch": (
        _word("despatch", "de-main", "DHL parcel", "DHL / DHL Paket", 0, 0),
        _word("despatch", "uk-main", "Dragonfly", "Other: Dragonfly / Next Day", 0, 0),
        _word("despatch", "uk-main", "Royal Mail 48", "Royal Mail / Tracked 48", 0, 0),
    ),
}
LOCATIONS = (
    LocationRow(
        location="Default",
        kind="own",
        channels="de-main, fr-main, us-main",
        orders=3646,
        open_orders=34,
        offered_by="uk-main, de-main, us-main",
    ),
    LocationRow(location="FBA uk-main", kind="fba", channels="uk-main", orders=412, open_orders=0),
    LocationRow(
        location="Leeds", kind="own", channels="uk-main", orders=4409, open_orders=37, offered_by="uk-main"
    ),
)
