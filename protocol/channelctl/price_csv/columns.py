"""The columns of a file of prices."""

from channelctl.order_csv.columns import Column

__all__ = ["COLUMNS", "DESCRIBED", "NONE"]

NONE = "none"
"""In a cell of a bound: there is none from now on."""

COLUMNS = (
    Column("sku", "the listing's; capitals count", required=True),
    Column("price", "such as 19.99; empty: it stays as it is"),
    Column("min_price", f"below it a price waits for approval; {NONE}: no minimum; empty: as it is"),
    Column("max_price", f"above it a price waits for approval; {NONE}: no maximum; empty: as it is"),
    Column("currency", "must be the marketplace's; empty: it is"),
)

_described = "\n".join(f"  {each.name:<10} {each.meaning}" for each in COLUMNS)
DESCRIBED = f"""\b
Columns of the CSV, in any order; only sku must be there:
{_described}

The first row has the columns' names; comma, semicolon or tab; UTF-8. Every row is answered; one that is
refused or held for approval does not keep the others from being done. Loading a file twice changes nothing
the second time.
"""
