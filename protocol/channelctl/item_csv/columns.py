"""The columns of a file of items."""

from channelctl.order_csv.columns import Column

__all__ = ["COLUMNS", "DESCRIBED", "PROPERTY"]

PROPERTY = "property:"
"""What the column of a property begins with; its name follows."""

COLUMNS = (
    Column("sku", "yours; capitals count", required=True),
    Column("title", "at most 500 characters"),
    Column("barcodes", "EAN, UPC, ISBN or codes of your own, with blanks between them"),
    Column("components", "of a kit: SKU=QUANTITY, with commas between them"),
)

_described = "\n".join(f"  {each.name:<13} {each.meaning}" for each in COLUMNS)
DESCRIBED = f"""\b
Columns of the CSV, in any order; only sku must be there:
{_described}
  {PROPERTY}NAME an extended property of that name

What stands in a cell is what the item is to have, and an empty one clears it; leave a column out to leave it
alone. A component with a comma in its SKU stands in quotation marks, as in a CSV: "CUP,BLUE=2",MUG=1.
JSON Lines have an object a line: sku, title, barcodes (a list), properties (an object: only those that are
named are changed, and an empty text removes one), components (a list of objects with sku and quantity).
"""
