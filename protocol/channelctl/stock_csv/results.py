"""What came of each row of a file of levels."""

import msgspec

from channel_protocol.stock import StockAnswer
from channelctl.bulk import Told, told_problems
from channelctl.output import Columns

__all__ = ["RESULT_COLUMNS", "StockResult", "answered", "result"]


class StockResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one row. With --json these are its fields, in this order."""

    row: int
    """The first row of the file is 1."""
    sku: str
    location: str
    outcome: str
    """`changed`, `unchanged`, `refused`, `unknown` (sent, not answered), `not tried`."""
    before: int | None = None
    """Units; None: nobody had counted it there."""
    after: int | None = None
    message: str = ""
    hint: str = ""
    code: str = ""


RESULT_COLUMNS: Columns[StockResult] = {
    "Row": "row",
    "SKU": "sku",
    "Location": "location",
    "Outcome": "outcome",
    "Before": "before",
    "After": "after",
    "Message": "message",
    "Hint": "hint",
}


def answered(row: int, sku: str, location: str, answer: StockAnswer) -> StockResult:
    """What the daemon did."""
    return StockResult(
        row=row,
        sku=sku,
        location=location,
        outcome=answer.outcome,
        before=answer.before,
        after=answer.after,
        message=told_problems(answer.problems),
        code="invalid" if answer.problems else "",
    )


def result(row: int, sku: str, location: str, told: Told) -> StockResult:
    """A row that has no answer of its own."""
    return StockResult(
        row=row,
        sku=sku,
        location=location,
        outcome=told.outcome,
        message=told.message,
        hint=told.hint,
        code=told.code,
    )
