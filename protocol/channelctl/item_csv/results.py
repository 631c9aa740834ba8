"""What came of each row of a file of items."""

import msgspec

from channel_protocol.items import ItemAnswer
from channelctl.bulk import Told, told_problems
from channelctl.output import Columns

__all__ = ["RESULT_COLUMNS", "ItemResult", "answered", "result"]


class ItemResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one row. With --json these are its fields, in this order."""

    row: int
    """The first row of the file is 1."""
    sku: str
    outcome: str
    """`created`, `changed`, `unchanged`, `refused`, `unknown` (sent, not answered), `not tried`."""
    linked: int = 0
    """Listings of that SKU that are linked to it now by themselves."""
    message: str = ""
    hint: str = ""
    code: str = ""


RESULT_COLUMNS: Columns[ItemResult] = {
    "Row": "row",
    "SKU": "sku",
    "Outcome": "outcome",
    "Listings linked": lambda result: result.linked or "",
    "Message": "message",
    "Hint": "hint",
}


def answered(row: int, answer: ItemAnswer) -> ItemResult:
    """What the daemon did."""
    code = "invalid" if answer.problems else ""
    return ItemResult(
        row=row,
        sku=answer.sku,
        outcome=answer.outcome,
        linked=answer.linked,
        message=told_problems(answer.problems),
        code=code,
    )


def result(row: int, sku: str, told: Told) -> ItemResult:
    """A row that has no answer of its own."""
    return ItemResult(
        row=row, sku=sku, outcome=told.outcome, message=told.message, hint=told.hint, code=told.code
    )
