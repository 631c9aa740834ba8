"""Lines of listing reports to listings. Fast, as a report may have a million of them."""

from collections.abc import Mapping
from operator import itemgetter

from channeld.amazon.reports.columns import Columns
from channeld.amazon.reports.dates import Dates
from channeld.amazon.reports.numbers import Numbers
from channeld.domain.listing.reported import BadRow, ListingStatus, ReportedListing
from channeld.domain.marketplaces import Marketplace

__all__ = ["ListingReader"]

_WANTED = (
    "seller-sku",
    "asin1",
    "listing-id",
    "item-name",
    "price",
    "quantity",
    "status",
    "item-condition",
    "fulfillment-channel",
    "open-date",
    "product-id",
    "product-id-type",
)
_STATUS: Mapping[str, ListingStatus] = {
    "active": "active",
    "aktiv": "active",
    "actif": "active",
    "attivo": "active",
    "activo": "active",
    "inactive": "inactive",
    "inaktiv": "inactive",
    "inactif": "inactive",
    "inattivo": "inactive",
    "inactivo": "inactive",
    "incomplete": "incomplete",
    "unvollständig": "incomplete",
    "incomplet": "incomplete",
    "incompleto": "incomplete",
}
_BY_ASIN = "1"
"""The product's id is the ASIN. Some marketplaces leave the ASIN's own columns empty."""
_AMAZONS = ("AMAZON", "AFN")
_LONGEST, _LONGEST_SKU = 1_000, 400
_LONGEST_TEXT = 500


class ListingReader:
    """Reads the lines of one listing report."""

    def __init__(self, columns: Columns, marketplace: Marketplace) -> None:
        self._columns = columns
        numbers = Numbers(marketplace)
        self._price, self._quantity = numbers.price, numbers.quantity
        self._instant = Dates(marketplace).instant
        self._pick = itemgetter(*(columns.places.get(name, -1) for name in _WANTED))

    def read(self, raw: bytes) -> ReportedListing | BadRow:
        """A line as the splitter gives it. What cannot be read in it is left empty and named in `unread`."""
        cells, lost = self._columns.cells_of(raw)
        if len(cells) < self._columns.width:
            return _bad("it has too few columns", cells)
        cells.append("")
        (
            sku, asin, listing_id, title, price, quantity, status, condition, channel, opened,
            product_id, product_id_type,
        ) = [cell.strip() for cell in self._pick(cells)]  # fmt: skip
        if not 0 < len(sku) <= _LONGEST_SKU:
            reason = "it has a SKU that is too long" if sku else "it has no SKU"
            return _bad(reason, cells[:-1])
        is_amazons = channel.upper().startswith(_AMAZONS)
        minor = self._price(price) if price else None
        units = self._quantity(quantity) if quantity and not is_amazons else None
        opened_at = self._instant(opened) if opened else None
        word = _STATUS.get(status.casefold(), "") if status else ""
        unread: list[str] = []
        if price and minor is None:
            unread.append("price")
        if quantity and units is None and not is_amazons:
            unread.append("quantity")
        if opened and opened_at is None:
            unread.append("open-date")
        if status and not word:
            unread.append("status")
        return ReportedListing(
            sku=sku,
            asin=asin or (product_id if product_id_type == _BY_ASIN else ""),
            listing_id=listing_id,
            title=title[:_LONGEST],
            price_minor=minor,
            quantity=units,
            status=word,
            condition=condition,
            fulfillment_channel=channel,
            opened_at=opened_at,
            product_id=product_id,
            product_id_type=product_id_type,
            unread=tuple(unread),
            lost_letters=lost,
        )


def _bad(reason: str, cells: list[str]) -> BadRow:
    return BadRow(line=0, reason=reason, text="\t".join(cells)[:_LONGEST_TEXT])
