"""What a line of a report makes of a listing that is known, or that is not."""

from datetime import datetime
from typing import NamedTuple

from channeld.domain.listing.linking import folded, title_key
from channeld.domain.listing.reported import ReportedListing

__all__ = ["Facts", "facts_of", "has_lost_letters", "is_same_title"]

_LOST = ("?", "\ufffd")
_AMAZONS = ("AMAZON", "AFN")
_COLUMN = {"price": "price", "quantity": "quantity", "open-date": "opened_at", "status": "status"}
"""Of what may be there and not be readable."""


class Facts(NamedTuple):
    """What is stored of a line, by the names of the columns."""

    sku: str
    sku_folded: str
    asin: str
    listing_id: str
    title: str
    title_key: str
    price: int | None
    quantity: int | None
    status: str
    condition: str
    fulfilled_by: str
    product_id: str
    product_id_type: str
    opened_at: datetime | None


def facts_of(line: ReportedListing, before: Facts | None = None) -> Facts:
    """`before`: what is stored. What the line has and cannot be read stays, and the title if it is the line's
    with the letters that this lost."""
    shown = _shown(line, before)
    if before is None or not line.unread:
        return shown
    return shown._replace(**{_COLUMN[name]: getattr(before, _COLUMN[name]) for name in line.unread})


def _shown(line: ReportedListing, before: Facts | None) -> Facts:
    is_same = before is not None and is_same_title(line.title, before.title)
    title = before.title if before is not None and is_same else line.title
    return Facts(
        line.sku,
        before.sku_folded if before is not None else folded(line.sku),
        line.asin,
        line.listing_id,
        title,
        before.title_key if before is not None and is_same else title_key(title),
        line.price_minor,
        line.quantity,
        line.status,
        line.condition,
        "AMAZON" if line.fulfillment_channel.upper().startswith(_AMAZONS) else "MERCHANT",
        line.product_id,
        line.product_id_type,
        line.opened_at,
    )


def has_lost_letters(title: str) -> bool:
    """Whether there may have been letters that the report's charset lacks (Amazon's reference, section 7)."""
    return any(sign in title for sign in _LOST)


def is_same_title(damaged: str, whole: str) -> bool:
    """Whether one is the other but for letters that were lost on the way, each of which left its mark.

    Letters beyond the first 65,536 are two to Amazon.
    """
    if damaged == whole:
        return True
    return has_lost_letters(damaged) and any(_matches(damaged, each) for each in (whole, _doubled(whole)))


def _matches(damaged: str, whole: str) -> bool:
    if len(damaged) != len(whole):
        return False
    return all(one == other or one in _LOST for one, other in zip(damaged, whole, strict=True))


def _doubled(text: str) -> str:
    return "".join(sign * 2 if ord(sign) > 0xFFFF else sign for sign in text)
