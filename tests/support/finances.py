"""An order that was shipped, and what Amazon's finances show of it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channeld.amazon.finances import Transaction, TransactionItem
from channeld.book.ledger.refunds import book_finances
from channeld.domain.order import Amounts, IncomingLine
from channeld.store.ledger_records import WorkRecord
from channeld.store.unit import Unit
from tests.support.book_shop import ORDER
from tests.support.domain_orders import UK_LINE
from tests.support.ledger_shop import LedgerShop

__all__ = ["CHARGED", "MUG", "TWO_MUGS", "paid", "seen"]

CHARGED = 1200
"""What the buyer of the mug paid."""


def _twice(amounts: Amounts) -> Amounts:
    return Amounts(**{name: 2 * (getattr(amounts, name) or 0) for name in amounts.__struct_fields__})


assert UK_LINE.amounts is not None
MUG: IncomingLine = msgspec.structs.replace(UK_LINE, sku="SKU-1", fulfilled=1)
"""It has left."""
TWO_MUGS: IncomingLine = msgspec.structs.replace(
    MUG, quantity=2, fulfilled=2, amounts=_twice(UK_LINE.amounts)
)
"""Two of them for twice as much."""


def paid(minor: int, at: datetime, number: int = 1, *, sku: str = "SKU-1") -> Transaction:
    """Money given back."""
    return Transaction(
        transaction_id=f"T{number}",
        kind="Refund",
        status="RELEASED",
        order_id=ORDER,
        posted_at=at,
        currency="GBP",
        items=(TransactionItem(sku=sku, currency="GBP", minor=minor),),
    )


async def seen(
    house: LedgerShop, row: WorkRecord, shown: Sequence[Transaction], unreadable: int = 0
) -> WorkRecord:
    """The row after its order's finances were read."""
    shop = house.shop

    def book(unit: Unit) -> None:
        book_finances(unit, shop.account_id, ORDER, shown, shop.now, house.stamp, unreadable=unreadable)

    await shop.store.write(book)
    return await house.row(row.id)
