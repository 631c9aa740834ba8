"""The columns of a file of limits."""

from channelctl.order_csv.columns import Column

__all__ = ["COLUMNS", "DESCRIBED", "SETTINGS", "ZERO"]

ZERO = "zero"
"""In a cell: the number 0, which alone sets nothing."""

SETTINGS = (
    Column("end_when", f"0 is offered when what can be sold reaches it or is less; {ZERO}: not before 0"),
    Column("stock_percentage", "that share of what can be sold is offered"),
    Column("max_listed", "no more than that is offered"),
    Column("ignore_sync", "on: no stock of it is sent; off; empty: on for FBA"),
)
COLUMNS = (Column("sku", "the listing's; capitals count", required=True), *SETTINGS)

_described = "\n".join(f"  {each.name:<16} {each.meaning}" for each in COLUMNS)
DESCRIBED = f"""\b
Columns of the CSV, in any order; only sku must be there:
{_described}

An empty cell, and a number of 0 as in files of Linnworks', sets nothing: the channel's own counts; for a 0
that counts write {ZERO}. What has no column stays as it is. `listing export CHANNEL FILE --limits` writes
such a file. The first row has the columns' names; comma, semicolon or tab; UTF-8. Every row is answered; one
that is refused does not keep the others from being done. Loading a file twice changes nothing the second
time.
"""
