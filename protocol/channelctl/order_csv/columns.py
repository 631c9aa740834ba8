"""The columns that a CSV file may have, for each of the three verbs, as data."""

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["CANCEL", "PROCESS", "REFUND", "Column", "described"]


class Column(NamedTuple):
    """One column of a file."""

    name: str
    meaning: str
    required: bool = False


ORDER_ID = Column("order_id", "Amazon's order id", required=True)
CHANNEL = Column("channel", "needed only if several channels have the order")
LINE = Column("line", "SKU or order item id")
REF = Column("ref", "any word of yours; rows that are alike are done once for each ref")

PROCESS = (
    ORDER_ID,
    CHANNEL,
    Column("carrier", "Amazon's carrier code or a name; empty: mapped from the service"),
    Column("service", "your service, or the carrier's method"),
    Column("tracking", "tracking number; empty: untracked"),
    Column("line", "SKU or order item id; empty: everything still to be sent"),
    Column("quantity", "units of the line in the parcel; with a line only"),
    Column("shipped_at", "such as 2026-01-31T12:00:00Z; without zone local; empty: now"),
    REF,
)
CANCEL = (
    ORDER_ID,
    CHANNEL,
    Column("reason", "one of Amazon's, such as NoInventory or BuyerCanceled", required=True),
    Column("line", "SKU or order item id; empty: the whole order"),
    Column("quantity", "units of the line; with a line only"),
    REF,
)
REFUND = (
    ORDER_ID,
    CHANNEL,
    Column("reason", "one of Amazon's; empty: CustomerReturn"),
    Column("line", "SKU or order item id; empty: everything that is left of the order"),
    Column("quantity", "units of the line; empty: all that is left of it"),
    Column("component", "Principal, Shipping …; with an amount only"),
    Column("amount", "such as 10.00, in the order's currency"),
    Column("again", "yes: also if the same was refunded within 7 days"),
    REF,
)


def described(columns: Sequence[Column]) -> str:
    """The columns and how a file is read, for `--help`."""
    told = "\n".join(f"  {each.name:<11} {each.meaning}" for each in columns)
    needed = " and ".join(each.name for each in columns if each.required)
    return f"""\b
Columns of the CSV of --from, in any order; only {needed} must be there:
{told}

The first row has the columns' names; comma, semicolon or tab; UTF-8. Each row is a request of its own and
gets an answer with its number (the first row is 1, as in a spreadsheet); a row that is refused does not keep
the others from being done. Loading a file twice does nothing twice (for 90 days). Exit code 1 if a row was
refused.
"""
