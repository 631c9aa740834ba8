"""What a report of orders must have for its orders to be compared."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from channeld.amazon.documents.places import ResultDocument
from channeld.amazon.errors import UnreadableReport
from channeld.amazon.transport import make_client
from channeld.concerns.reported_orders import ReportedOrders
from channeld.domain.reported_order import ReportedOrder
from tests.support.book_shop import open_shop
from tests.support.fake_clock import FakeClock
from tests.support.reported_orders import UK, available_report

DE = "A1PA6795UKMFR9"
NAMES = ("amazon-order-id", "last-updated-date", "sales-channel", "order-status")
VALUES = ("203-0000001-0000001", "2026-11-20T10:00:00+00:00", "Amazon.co.uk", "Unshipped")


class Line:
    async def send(self, *_: object) -> ResultDocument:
        return ResultDocument(url="https://documents.test/D", gzip=False)


async def _wire(text: str) -> AsyncGenerator[bytes]:
    yield text.encode()


async def read(
    folder: Path, marketplaces: tuple[str, ...], without: str
) -> tuple[list[ReportedOrder], ReportedOrders]:
    """The orders of a report of one line without that column."""
    places = [place for place, name in enumerate(NAMES) if name != without]
    text = "".join("\t".join(line[place] for place in places) + "\r\n" for line in (NAMES, VALUES))
    answer = httpx.MockTransport(lambda request: httpx.Response(200, content=_wire(text)))
    async with open_shop(folder) as shop, make_client(answer) as http:
        hour = timedelta(hours=1)
        report = await available_report(shop, "gaps", shop.now - hour, shop.now, marketplaces=marketplaces)
        kit: Any = SimpleNamespace(http=http, clock=FakeClock())
        reading = ReportedOrders(kit, cast(Any, Line()), report)
        return [order async for page in reading.pages() for order in page], reading


@pytest.mark.parametrize(
    ("marketplaces", "without"),
    [((UK,), "last-updated-date"), ((UK, DE), "sales-channel"), ((UK,), "amazon-order-id")],
)
async def test_a_report_whose_orders_cannot_be_compared_is_unreadable(
    tmp_path: Path, marketplaces: tuple[str, ...], without: str
) -> None:
    with pytest.raises(UnreadableReport, match=without):
        await read(tmp_path, marketplaces, without)


async def test_all_orders_of_a_report_of_one_channel_are_its_own(tmp_path: Path) -> None:
    (order,), reading = await read(tmp_path, (UK,), "sales-channel")
    assert (order.sales_channel, reading.rows, reading.bad) == ("Amazon.co.uk", 1, 0)
