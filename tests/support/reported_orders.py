"""Orders as Amazon's all-orders report shows them, and such a report that is there, for tests."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from channeld.book.reports.wishing import wish
from channeld.domain.report.states import State
from channeld.domain.report.types import ORDERS
from channeld.domain.reported_order import ReportedOrder
from channeld.store import reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit
from tests.support.book_shop import Shop
from tests.support.domain_orders import order

__all__ = ["available_report", "numbered", "reported"]

UK = "A1F83G8C2ARO7P"


def reported(order_id: str = "", *, at: datetime, **changed: Any) -> ReportedOrder:
    """One that changed then."""
    found = ReportedOrder(
        order_id=order_id or order().order_id,
        updated_at=at,
        purchased_at=at - timedelta(days=1),
        status="Unshipped",
        sales_channel="Amazon.co.uk",
        fulfillment_channel="Merchant",
    )
    return replace(found, **changed)


def numbered(number: int) -> str:
    """An order id."""
    return f"203-{number:07}-0000001"


async def available_report(
    shop: Shop, purpose: str, start: datetime, end: datetime, *, marketplaces: tuple[str, ...] = (UK,)
) -> ReportRecord:
    """Amazon has made it."""

    def make(unit: Unit) -> ReportRecord:
        wanted = wish(
            unit,
            account_id=shop.account_id,
            report_type=ORDERS.name,
            marketplaces=marketplaces,
            purpose=purpose,
            now=shop.now,
            data_from=start,
            data_to=end,
        )
        return reports.save(unit, replace(wanted, state=State.AVAILABLE, document_id="D"))

    return await shop.store.write(make)
