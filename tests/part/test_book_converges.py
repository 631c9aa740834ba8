"""However Amazon's views of orders arrive, the book ends up the same (semantics C0: out-of-order updates)."""

from itertools import count
from pathlib import Path

import anyio.from_thread
import anyio.to_thread
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.order import Amounts, IncomingLine, IncomingOrder
from channeld.domain.order_state import precedence
from channeld.store.order_records import OrderRecord
from tests.support.book_shop import Shop, open_shop
from tests.support.domain_orders import MINUTE, NOW, order

STATES = {"PENDING": "parked", "UNSHIPPED": "open", "CANCELLED": "cancelled", "NEW_AT_AMAZON": "parked"}
"""Without shipped ones: whether such an order was seen before it was shipped is its history."""
IDS = ("order-1", "order-2", "order-3")
AMOUNTS = Amounts(item=1200, tax=200, total=1200)
PHONE = {"recipient.deliveryAddress.phone": "01"}
MAIL = {"buyer.buyerEmail": "x@marketplace.example"}


class View(msgspec.Struct, frozen=True):
    """One look at one order. What a look does not show is blank; what two of them show is the same."""

    order_id: str
    minute: int
    status: str
    has_money: bool
    has_second_line: bool
    has_mail: bool
    has_phone: bool

    def of(self, run: int) -> "View":
        """The same look at an order that only this run knows."""
        return msgspec.structs.replace(self, order_id=f"{self.order_id}-{run}")

    def incoming(self) -> IncomingOrder:
        first = IncomingLine(
            order_item_id="1",
            sku="MUG",
            quantity=self.minute + 1,
            amounts=AMOUNTS if self.has_money else None,
        )
        second = IncomingLine(order_item_id="2", sku="CUP", quantity=1)
        return order(
            self.status,
            order_id=self.order_id,
            updated_at=NOW + self.minute * MINUTE,
            lines=(first, second) if self.has_second_line else (first,),
            currency="GBP" if self.has_money else "",
            grand_total=1200 if self.has_money else None,
            personal=(MAIL if self.has_mail else {}) | (PHONE if self.has_phone else {}),
        )


VIEWS = st.builds(
    View,
    st.sampled_from(IDS),
    st.integers(0, 3),
    st.sampled_from(sorted(STATES)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
PAGES = st.lists(st.lists(VIEWS, max_size=5), min_size=1, max_size=6)


def expected(views: list[View]) -> tuple[object, ...]:
    """The latest view, and of the others what it does not show."""
    latest = max(views, key=lambda view: precedence(NOW + view.minute * MINUTE, view.status))
    has_money = any(view.has_money for view in views)
    lines = {("1", latest.minute + 1, AMOUNTS if has_money else None)}
    if any(view.has_second_line for view in views):
        lines.add(("2", 1, None))
    personal = (MAIL if any(v.has_mail for v in views) else {}) | (
        PHONE if any(v.has_phone for v in views) else {}
    )
    return (
        latest.status,
        STATES[latest.status],
        NOW + latest.minute * MINUTE,
        ("GBP", 1200) if has_money else ("", None),
        lines,
        personal,
    )


def found(record: OrderRecord, personal: dict[str, str]) -> tuple[object, ...]:
    return (
        record.status,
        record.state,
        record.updated_at,
        (record.currency, record.grand_total),
        {(line.order_item_id, line.quantity, line.amounts) for line in record.lines},
        personal,
    )


async def test_any_order_and_repetition_of_views_ends_in_the_same_book(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        runs = count()

        @settings(max_examples=25, deadline=None, derandomize=True)
        @given(PAGES)
        def arrive(pages: list[list[View]]) -> None:
            run = next(runs)
            own = [[view.of(run) for view in page] for page in pages]
            anyio.from_thread.run(_arrives, shop, own)

        await anyio.to_thread.run_sync(arrive)


async def _arrives(shop: Shop, pages: list[list[View]]) -> None:
    """These pages come in; the book is as it should be, and the same views change nothing any more."""
    for page in pages:
        await shop.apply(*(view.incoming() for view in page))
    seen = [view for page in pages for view in page]
    for order_id in {view.order_id for view in seen}:
        record, personal = await shop.order(order_id), await shop.personal(order_id)
        views = [view for view in seen if view.order_id == order_id]
        assert found(record, personal) == expected(views)
    assert set(await shop.apply(*(view.incoming() for view in seen))) <= {"unchanged"}
