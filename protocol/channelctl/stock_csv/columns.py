"""The columns of a file of levels."""

from channelctl.order_csv.columns import Column

__all__ = ["COLUMNS", "DESCRIBED", "SHOWN"]

COLUMNS = (
    Column("sku", "the item's; capitals count", required=True),
    Column("location", "one of your own", required=True),
    Column("units", "how many lie there, a whole number from 0", required=True),
)
SHOWN = ("reserved", "available")
"""What an export has beside, for reading only."""

_described = "\n".join(f"  {each.name:<9} {each.meaning}" for each in COLUMNS)
DESCRIBED = f"""\b
Columns of the CSV, in any order; all of them must be there:
{_described}

The columns {" and ".join(SHOWN)} of `stock export` may stay: they are passed over. The first row has the
columns' names; comma, semicolon or tab; UTF-8. Every row is answered; one that is refused does not keep the
others from being done. Loading a file twice changes nothing the second time, unless units have left since.
"""
