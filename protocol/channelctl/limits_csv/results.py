"""What came of each row of a file of limits."""

import msgspec

from channel_protocol.offers import ListingSetAnswer
from channelctl.bulk import Told
from channelctl.output import Columns

__all__ = ["RESULT_COLUMNS", "LimitsResult", "answered", "result"]


class LimitsResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one row. With --json these are its fields, in this order."""

    row: int
    """The first row of the file is 1."""
    sku: str
    outcome: str
    """`changed`, `unchanged`, `refused`, `unknown` (sent, not answered), `not tried`."""
    message: str = ""
    hint: str = ""
    code: str = ""


RESULT_COLUMNS: Columns[LimitsResult] = {
    "Row": "row",
    "SKU": "sku",
    "Outcome": "outcome",
    "Message": "message",
    "Hint": "hint",
}


def answered(row: int, answer: ListingSetAnswer) -> LimitsResult:
    """What the daemon did."""
    code = "invalid" if answer.message else ""
    return LimitsResult(row=row, sku=answer.sku, outcome=answer.outcome, message=answer.message, code=code)


def result(row: int, sku: str, told: Told) -> LimitsResult:
    """A row that has no answer of its own."""
    return LimitsResult(
        row=row, sku=sku, outcome=told.outcome, message=told.message, hint=told.hint, code=told.code
    )
