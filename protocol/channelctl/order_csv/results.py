"""What came of each row of a file, as a row of its own: a table for people, JSON Lines for programs."""

from collections import Counter
from collections.abc import Iterable, Sequence

import click
import msgspec

from channel_protocol.errors import ClientError
from channel_protocol.order_answers import OrderCancelled, OrderProcessed, OrderRefunded
from channelctl.output import Columns, note, print_table
from channelctl.words import money

__all__ = ["Result", "answered", "failed", "print_line", "print_results", "refused", "refused_by", "sums"]

FAILED = "refused", "rejected", "unknown", "not tried"
NOT_SENT = "Nothing was given back, or will be. When its reason is gone, load the row again."


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one row. With --json these are its fields, in this order."""

    row: int
    """The first row of the file is 1."""
    order_id: str
    channel: str = ""
    outcome: str
    """As the daemon says (`queued`, `not required`, `not sent`, `rejected`, `preview`), or `refused`, `same`
    (as an earlier row), `unknown` (sent, not answered), `not tried`."""
    message: str
    hint: str = ""
    code: str = ""
    """Of a refusal, or `not_sent` for a refund that is not and will not be given back."""
    amount: int | None = None
    """Minor units of `currency`."""
    currency: str = ""
    here_only: bool = False
    """A cancellation that Amazon is not told of: no money goes back."""


COLUMNS: Columns[Result] = {
    "Row": "row",
    "Order": "order_id",
    "Channel": "channel",
    "Outcome": "outcome",
    "Amount": lambda result: "" if result.amount is None else money(result.amount, result.currency),
    "Message": "message",
    "Hint": "hint",
}


def answered(row: int, answer: OrderProcessed | OrderCancelled | OrderRefunded) -> Result:
    """What the daemon did, or would do."""
    if isinstance(answer, OrderRefunded) and answer.outcome == "not sent":
        return Result(
            row=row,
            order_id=answer.order_id,
            channel=answer.channel,
            outcome=answer.outcome,
            message=answer.message,
            hint=NOT_SENT,
            code="not_sent",
        )
    amount = None if isinstance(answer, OrderProcessed) else answer.amount
    return Result(
        row=row,
        order_id=answer.order_id,
        channel=answer.channel,
        outcome=answer.outcome,
        message=answer.message,
        amount=amount,
        currency="" if isinstance(answer, OrderProcessed) else answer.currency,
        here_only=isinstance(answer, OrderCancelled) and answer.here_only,
    )


def refused(row: int, order_id: str, code: str, message: str, hint: str = "") -> Result:
    """Nothing of the row was done."""
    return Result(row=row, order_id=order_id, outcome="refused", message=message, hint=hint, code=code)


def refused_by(row: int, order_id: str, error: ClientError) -> Result:
    """Nothing of the row was done, as the daemon says; with every field that is wrong."""
    told = [
        f"{each.key}: {each.message}" + (f" (did you mean {each.nearest}?)" if each.nearest else "")
        for each in error.problems
    ]
    return refused(row, order_id, error.code, " ".join((error.message, *told)), error.hint)


def failed(results: Iterable[Result]) -> bool:
    """Whether a row was not done as it says."""
    return any(result.outcome in FAILED or result.code for result in results)


def sums(results: Iterable[Result]) -> str:
    """The money of all of them by currency, such as `12.00 EUR and 3.00 GBP`; empty without any."""
    totals: Counter[str] = Counter()
    for result in results:
        if result.amount is not None:
            totals[result.currency] += result.amount
    return " and ".join(money(total, currency) for currency, total in sorted(totals.items()))


def print_line(result: Result) -> None:
    """One JSON line."""
    click.echo(msgspec.json.encode(result))


def print_results(results: Sequence[Result]) -> None:
    """A table, and how many came out how; nothing when nobody was asked."""
    if not results:
        return
    print_table(results, COLUMNS)
    counted = Counter(result.outcome for result in results)
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in counted.items())
    note(f"\n{len(results):,} {'row' if len(results) == 1 else 'rows'}: {told}.")
