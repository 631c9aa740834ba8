"""The columns of a file of prices."""

from channelctl.order_csv.columns import Column

__all__ = ["COLUMNS", "DESCRIBED", "NONE", "SHOWN"]

NONE = "none"
"""In a cell of a bound: there is none from now on."""

COLUMNS = (
    Column("sku", "the listing's; capitals count", required=True),
    Column("price", "such as 19.99; empty: it stays as it is"),
    Column("min_price", f"below it a price waits for approval; {NONE}: no minimum; empty: as it is"),
    Column("max_price", f"above it a price waits for approval; {NONE}: no maximum; empty: as it is"),
    Column("currency", "must be the marketplace's; empty: it is"),
)

SHOWN = ("not_sent",)
"""What an export has beside, for reading only."""

_described = "\n".join(f"  {each.name:<10} {each.meaning}" for each in COLUMNS)
DESCRIBED = f"""\b
Columns of the CSV, in any order; only sku must be there:
{_described}

`price export` has one more column, which is passed over here: not_sent is a saved price that waits for
approval, was refused, or was not sent as Price Change was off. Loading the file leaves it so; written into
the column price it is saved once more.

The first row has the columns' names; comma, semicolon or tab; UTF-8. Every row is answered; one that is
refused or held for approval does not keep the others from being done. Loading a file twice changes nothing
the second time.
"""
