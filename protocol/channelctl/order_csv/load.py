"""Carrying out a file: what costs money is looked at as a whole and asked about once, then row by row.

Every row is answered, also when the daemon goes or a person breaks it off in the middle.
"""

from collections.abc import Callable, Iterator, Sequence

import click
import msgspec

from channel_protocol.errors import ClientError, DaemonLost, RequestRefused
from channel_protocol.order_answers import CancelOrder, RefundOrder
from channelctl.asking import confirm
from channelctl.commands.order_answers.preview import preview_of
from channelctl.given_file import read_text
from channelctl.link import Link
from channelctl.order_csv.requests import VERBS, Command, CsvVerb, commands
from channelctl.order_csv.results import (
    Result,
    answered,
    failed,
    print_line,
    print_results,
    refused_by,
    sums,
)
from channelctl.order_csv.table import read_table
from channelctl.output import note
from channelctl.shared import Caller

__all__ = ["load"]

LARGEST = 16
"""MiB of a file."""
LOAD_AGAIN = "Load the file again when channeld runs: what is done already is not done twice."
Emit = Callable[[Result], None]


def load(caller: Caller, name: str, source: str, *, yes: bool) -> None:
    """Do what a file says and print a result for each row. Ends with exit code 1 if one of them failed.

    Raises `ClientError` for a file that cannot be read, `DaemonUnreachable`, or when a person says no.
    """
    verb = VERBS[name]
    rows = read_table(read_text(source, most=LARGEST, what="a file of orders"), verb.columns)
    planned = commands(verb, rows)
    if not planned and not caller.json:
        note("The file has no row below its first one: nothing to do.")
    if verb.priced and not yes:
        planned = _looked_at(caller, verb, planned)
    if _carried_out(caller, verb, planned):
        click.get_current_context().exit(1)


def _looked_at(caller: Caller, verb: CsvVerb, planned: Sequence[Command]) -> list[Command]:
    """Ask what each row would cost, and a person whether it is meant. What is refused stays so."""
    with caller.connect() as link:
        looks = [_look(link, verb, command) for command in planned]
    open_ = [look for look in looks if look.outcome == "preview"]
    if open_:
        if not caller.json:
            print_results(looks)
        confirm(_question(verb, open_, len(looks)), yes=False)
    return [
        _agreed(command, look) if look.outcome == "preview" else command._replace(request=look)
        for command, look in zip(planned, looks, strict=True)
    ]


def _agreed(command: Command, look: Result) -> Command:
    """The deed for the money that was shown, and for no other."""
    request = command.request
    if isinstance(request, CancelOrder | RefundOrder):
        return command._replace(request=msgspec.structs.replace(request, amount_seen=look.amount))
    return command


def _look(link: Link, verb: CsvVerb, command: Command) -> Result:
    """Of a row that an earlier load has done: its answer of then."""
    match command.request:
        case Result() as result:
            return result
        case CancelOrder() | RefundOrder() as request:
            return _asked(link, verb, command._replace(request=preview_of(request)))
        case request:
            raise TypeError(f"{type(request).__name__} has no preview")


def _question(verb: CsvVerb, open_: Sequence[Result], of: int) -> str:
    told = [result for result in open_ if not result.here_only]
    sentences = [f"buyers get back {_worth(told)}."] if told else []
    if here := len(open_) - len(told):
        which = f"{_rows(here)} cancelled" if told else "cancelled"
        sentences.append(f"{which} here only; Amazon is not told and no money goes back.")
    return f"{verb.does} {len(open_):,} of {of:,} rows: {' '.join(sentences)} Go on?"


def _worth(told: Sequence[Result]) -> str:
    unknown = sum(result.amount is None for result in told)
    more = f", and {_rows(unknown)} whose amount is not known" if unknown and unknown < len(told) else ""
    return f"{sums(told) or 'an amount that is not known'}{more}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _carried_out(caller: Caller, verb: CsvVerb, planned: Sequence[Command]) -> bool:
    """Whether a row failed."""
    results: list[Result] = []

    def emit(result: Result) -> None:
        results.append(result)
        if caller.json:
            print_line(result)

    try:
        with caller.connect() as link:
            _send(link, verb, planned, emit)
    except (DaemonLost, KeyboardInterrupt) as error:
        for result in _rest(planned[len(results) :], error):
            emit(result)
        if isinstance(error, KeyboardInterrupt):
            raise
    finally:
        if not caller.json:
            print_results(results)
    return failed(results)


def _send(link: Link, verb: CsvVerb, planned: Sequence[Command], emit: Emit) -> None:
    """One after the other, each when the one before is answered."""
    for command in planned:
        emit(_asked(link, verb, command))


def _rest(commands: Sequence[Command], error: DaemonLost | KeyboardInterrupt) -> Iterator[Result]:
    """Those that have no answer: the first may have been done."""
    why = error.message if isinstance(error, DaemonLost) else "You have broken it off."
    for position, command in enumerate(commands):
        yield _without_answer(command, why, sent=not position)


def _asked(link: Link, verb: CsvVerb, command: Command) -> Result:
    """Raises `DaemonLost`."""
    if isinstance(command.request, Result):
        return command.request
    try:
        return answered(command.row, link.request(command.request, verb.answer))
    except RequestRefused as error:
        return refused_by(command.row, command.order_id, error)
    except DaemonLost:
        raise
    except ClientError as error:  # an answer that this client cannot read
        return _without_answer(command, error.message, sent=True)


def _without_answer(command: Command, why: str, *, sent: bool) -> Result:
    if isinstance(command.request, Result):
        return command.request
    told = "Whether this row was done is not known." if sent else "This row was not sent."
    return Result(
        row=command.row,
        order_id=command.order_id,
        outcome="unknown" if sent else "not tried",
        message=f"{why} {told}",
        hint=LOAD_AGAIN if sent else "",
    )
