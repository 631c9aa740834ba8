"""An item made of a listing: what the reports show of it, and of its full details what a stock item needs."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from channeld.domain.item import LONGEST_TITLE, LONGEST_VALUE, Wish
from channeld.domain.listing.details import ListingDetails
from channeld.domain.listing.linking import ListingFacts

__all__ = ["FullRead", "item_of"]


class FullRead(Protocol):
    """What a full read of a listing gave."""

    @property
    def product_type(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def details(self) -> ListingDetails: ...


class _Value(msgspec.Struct):
    value: str | None = None


_ATTRIBUTES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUES = msgspec.json.Decoder(list[_Value])


def item_of(listing: ListingFacts, read: FullRead | None) -> Wish:
    """The item that the listing becomes. Its barcode is the product id, unless that is an ASIN."""
    return Wish(
        sku=listing.sku,
        title=_text(" ".join(listing.title.split()), LONGEST_TITLE),
        barcodes=(listing.barcode,) if listing.barcode else (),
        properties=_properties(read) if read else {},
        components=(),
    )


def _properties(read: FullRead) -> dict[str, str]:
    """By their documented names; those without a value are left out."""
    related = read.details.relationships
    parents = [sku for each in related if each.kind == "VARIATION" for sku in each.parent_skus]
    named = {
        "brand": _brand(read.details.attributes),
        "description": read.description,
        "images": _whole_lines(read.details.images),
        "product type": read.product_type,
        "variation parent": _whole_lines(parents),
    }
    return {name: text for name, value in named.items() if (text := _text(value, LONGEST_VALUE))}


def _brand(attributes: msgspec.Raw) -> str:
    """Empty for one that is not there, or is not as Amazon documents it."""
    try:
        found = _ATTRIBUTES.decode(attributes).get("brand")
        values = _VALUES.decode(found) if found else []
    except (ValueError, RecursionError):
        return ""
    return next((each.value for each in values if each.value), "")


def _whole_lines(values: Iterable[str]) -> str:
    """One a line, as many as a property can have: half an address leads nowhere."""
    lines = ""
    for value in values:
        longer = f"{lines}\n{value}" if lines else value
        if len(longer) > LONGEST_VALUE:
            break
        lines = longer
    return lines


def _text(value: str, longest: int) -> str:
    """Other people's words without what steers a terminal, and no longer than an item may have."""
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(each for each in plain if each in "\n\t" or not (each < " " or "\x7f" <= each < "\xa0"))
    return visible[:longest].strip()
