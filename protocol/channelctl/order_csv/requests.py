"""From rows of a file to requests, each with a `command_id` that is made of what the row means.

So the same row, in the same file loaded anew or in another one, is the same command and is done once.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import msgspec

from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundOrder,
    RefundPart,
)
from channelctl.order_csv.cells import Cells
from channelctl.order_csv.columns import CANCEL, PROCESS, REFUND, Column
from channelctl.order_csv.results import Result, refused
from channelctl.order_csv.table import Row

__all__ = ["VERBS", "Command", "CsvVerb", "commands"]

Answer = OrderProcessed | OrderCancelled | OrderRefunded
Asking = ProcessOrder | CancelOrder | RefundOrder
UNTIL_LATER = "to-be-made"
"""The `command_id` of a request whose row has not been read whole."""
DIGITS = 48
"""Of the digest, so that a verb and a hyphen fit before it."""


class Command(NamedTuple):
    """A row, and the request that it stands for or why it is none."""

    row: int
    order_id: str
    request: Asking | Result


class CsvVerb(NamedTuple):
    """One of the three verbs."""

    name: str
    does: str
    """In a question: `Refund`."""
    columns: tuple[Column, ...]
    request: Callable[[Cells], Asking]
    answer: type[Answer]
    priced: bool
    """Whether money goes, so that it is looked at before."""


def commands(verb: CsvVerb, rows: Iterable[Row]) -> list[Command]:
    """One command for each row. A row that is like an earlier one is not asked for again."""
    first: dict[str, int] = {}
    found: list[Command] = []
    for row in rows:
        command = _command(verb, row)
        if not isinstance(command.request, Result):
            earlier = first.setdefault(command.request.command_id, row.number)
            command = command if earlier == row.number else _like(command, earlier)
        found.append(command)
    return found


def _command(verb: CsvVerb, row: Row) -> Command:
    cells = Cells(row.cells)
    order_id = row.cells.get("order_id", "")
    request = verb.request(cells)
    cells.text("ref")
    if problem := row.problem or "; ".join(cells.problems):
        sentence = problem if row.problem else f"The row is wrong: {problem}."
        return Command(row.number, order_id, refused(row.number, order_id, "invalid_row", sentence))
    identity = _identity(verb.name, cells.meaning)
    return Command(row.number, order_id, msgspec.structs.replace(request, command_id=identity))


def _identity(verb: str, meaning: Mapping[str, str]) -> str:
    told = msgspec.json.encode(sorted(meaning.items()))
    return f"{verb}-{hashlib.sha256(told).hexdigest()[:DIGITS]}"


def _like(command: Command, earlier: int) -> Command:
    message = f"Same as row {earlier}, and done once. Give each a ref of its own if both are meant."
    return command._replace(
        request=Result(row=command.row, order_id=command.order_id, outcome="same", message=message)
    )


def _process(cells: Cells) -> ProcessOrder:
    return ProcessOrder(
        command_id=UNTIL_LATER,
        order_id=cells.text("order_id", needed=True),
        channel=cells.word("channel") or None,
        carrier=cells.word("carrier") or None,
        service=cells.word("service"),
        tracking=cells.word("tracking"),
        lines=_units(cells),
        shipped_at=cells.instant("shipped_at"),
    )


def _cancel(cells: Cells) -> CancelOrder:
    return CancelOrder(
        command_id=UNTIL_LATER,
        order_id=cells.text("order_id", needed=True),
        channel=cells.word("channel") or None,
        reason=cells.word("reason", needed=True),
        lines=_units(cells),
    )


def _refund(cells: Cells) -> RefundOrder:
    return RefundOrder(
        command_id=UNTIL_LATER,
        order_id=cells.text("order_id", needed=True),
        channel=cells.word("channel") or None,
        reason=cells.word("reason", default="CustomerReturn"),
        parts=_parts(cells),
        again=cells.yes("again"),
    )


def _units(cells: Cells) -> tuple[LineUnits, ...]:
    cells.together("line", "quantity")
    line, quantity = cells.text("line"), cells.quantity()
    return (LineUnits(line=line, quantity=quantity),) if line and quantity else ()


def _parts(cells: Cells) -> tuple[RefundPart, ...]:
    cells.together("component", "amount")
    cells.only_with("quantity", "line")
    cells.only_with("amount", "line")
    line, component, amount = cells.text("line"), cells.word("component"), cells.amount()
    quantity = cells.quantity()
    if not line:
        return ()
    return (RefundPart(line=line, quantity=quantity, amounts={component: amount} if amount else {}),)


VERBS = {
    verb.name: verb
    for verb in (
        CsvVerb("process", "Process", PROCESS, _process, OrderProcessed, priced=False),
        CsvVerb("cancel", "Cancel", CANCEL, _cancel, OrderCancelled, priced=True),
        CsvVerb("refund", "Refund", REFUND, _refund, OrderRefunded, priced=True),
    )
}
