"""Lines of all-orders reports to orders. Where they went, and all else that is personal, is not looked at."""

import re
from operator import itemgetter

from channeld.amazon.reports.columns import Columns
from channeld.amazon.reports.dates import Dates
from channeld.domain.listing.reported import BadRow
from channeld.domain.marketplaces import Marketplace
from channeld.domain.reported_order import ReportedOrder

__all__ = ["OrderReader"]

_WANTED = (
    "amazon-order-id",
    "last-updated-date",
    "purchase-date",
    "order-status",
    "sales-channel",
    "fulfillment-channel",
)
_ORDER_ID = re.compile(r"[A-Z0-9]{3}-[0-9]{7}-[0-9]{7}")
_WORDS = re.compile(r"[\w .()-]{0,60}")
"""Anything else would be a value of another column."""


class OrderReader:
    """Reads the lines of one all-orders report."""

    def __init__(self, columns: Columns, marketplace: Marketplace) -> None:
        self._columns = columns
        self._dates = Dates(marketplace)
        self._pick = itemgetter(*(columns.places.get(name, -1) for name in _WANTED))

    def read(self, raw: bytes) -> ReportedOrder | BadRow:
        """A line as the splitter gives it. Of one that cannot be used no text is kept."""
        cells, _ = self._columns.cells_of(raw)
        if len(cells) < self._columns.width:
            return BadRow(line=0, reason="it has too few columns")
        cells.append("")
        order_id, updated, purchased, status, sales_channel, fulfillment_channel = map(
            str.strip, self._pick(cells)
        )
        if not _ORDER_ID.fullmatch(order_id):
            return BadRow(line=0, reason="it has no order id")
        return ReportedOrder(
            order_id=order_id,
            updated_at=self._dates.instant(updated),
            purchased_at=self._dates.instant(purchased),
            status=_word(status),
            sales_channel=_word(sales_channel),
            fulfillment_channel=_word(fulfillment_channel),
        )


def _word(text: str) -> str:
    return text if _WORDS.fullmatch(text) else ""
