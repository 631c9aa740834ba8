"""What came of each row of a file of prices."""

import msgspec

from channel_protocol.prices import PriceAnswer
from channelctl.bulk import Told, told_problems
from channelctl.output import Columns
from channelctl.words import money

__all__ = ["RESULT_COLUMNS", "PriceResult", "answered", "result"]


class PriceResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one row. With --json these are its fields, in this order."""

    row: int
    """The first row of the file is 1."""
    sku: str
    outcome: str
    """`pending`, `held`, `saved`, `unchanged`, `refused`, `unknown` (sent, not answered), `not tried`."""
    before: int | None = None
    """Minor units; None: no price was known."""
    after: int | None = None
    currency: str = ""
    message: str = ""
    hint: str = ""
    code: str = ""


RESULT_COLUMNS: Columns[PriceResult] = {
    "Row": "row",
    "SKU": "sku",
    "Outcome": "outcome",
    "Before": lambda row: "" if row.before is None else money(row.before, row.currency),
    "After": lambda row: "" if row.after is None else money(row.after, row.currency),
    "Message": "message",
    "Hint": "hint",
}


def answered(row: int, sku: str, currency: str, answer: PriceAnswer) -> PriceResult:
    """What the daemon did."""
    return PriceResult(
        row=row,
        sku=sku,
        outcome=answer.outcome,
        before=answer.before,
        after=answer.after,
        currency=currency,
        message=told_problems(answer.problems) or answer.note,
        code="invalid" if answer.problems else "",
    )


def result(row: int, sku: str, told: Told) -> PriceResult:
    """A row that has no answer of its own."""
    return PriceResult(
        row=row, sku=sku, outcome=told.outcome, message=told.message, hint=told.hint, code=told.code
    )
