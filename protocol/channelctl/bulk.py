"""Many small requests of a file, some hundred at a time. Every row is answered, whatever happens."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

import click
import msgspec

from channel_protocol.base import Problem
from channel_protocol.errors import DaemonLost, RequestRefused
from channelctl.link import Link
from channelctl.output import Columns, note, print_table
from channelctl.shared import Caller

__all__ = ["Progress", "Result", "Told", "carry_out", "told_problems"]

MOST_ROWS = 500
"""What the daemon takes in one request."""
MOST_BYTES = 600_000
"""Of rows in one request: a line may have a MiB, and letters may take more room on it."""
FAILED = "refused", "unknown", "not tried"
LOAD_AGAIN = "Load the file again when channeld runs: what is done already is not done twice."


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a row, as its answer says."""

    outcome: str
    message: str = ""
    hint: str = ""
    code: str = ""


class Result(Protocol):
    """The answer to one row of the file; with --json a line of its own."""

    @property
    def row(self) -> int: ...
    @property
    def outcome(self) -> str: ...


W = TypeVar("W")
R = TypeVar("R", bound=Result)


class Progress:
    """How far something is, on the terminal of a person who waits for it."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = sys.stderr.isatty()

    def __call__(self, count: int) -> None:
        if self._shown:
            click.echo(f"\r{count:,} {self._what}", err=True, nl=False)

    def end(self) -> None:
        """Leave the line to what is said next."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def carry_out(
    caller: Caller,
    refused: Sequence[R],
    wishes: Sequence[W],
    ask: Callable[[Link, Sequence[W]], Sequence[R]],
    answer: Callable[[W, Told], R],
    columns: Columns[R],
) -> None:
    """Send the wishes, print a result for each row, and end with 1 if one failed.

    `refused` are rows that are no wish. `answer` is what becomes of a wish that has no answer of its own.
    People are not shown the rows that were as they should be already, only how many. Raises
    `DaemonUnreachable` when none of the wishes was sent; what is wrong with the others was printed then.
    """
    results = [*refused]
    done = 0
    progress = Progress(f"of {len(wishes):,} rows")
    try:
        with caller.connect() as link:
            for batch in _batches(wishes):
                results += _asked(link, batch, ask, answer)
                done += len(batch)
                progress(done)
    except (DaemonLost, KeyboardInterrupt) as error:
        results += _rest(wishes[done:], error, answer)
        if isinstance(error, KeyboardInterrupt):
            raise
    finally:
        progress.end()
        if results or not wishes:
            _print(caller, sorted(results, key=lambda result: result.row), columns)
    if any(result.outcome in FAILED for result in results):
        click.get_current_context().exit(1)


def told_problems(problems: Sequence[Problem]) -> str:
    """Every field that is wrong, as a sentence."""
    return "; ".join(
        f"{each.key} {each.message}" + (f" (did you mean {each.nearest}?)" if each.nearest else "")
        for each in problems
    )


def _batches(wishes: Sequence[W]) -> Iterator[Sequence[W]]:
    batch: list[W] = []
    size = 0
    for wish in wishes:
        length = len(msgspec.json.encode(wish))
        if batch and (len(batch) == MOST_ROWS or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(wish)
        size += length
    if batch:
        yield batch


def _asked(
    link: Link,
    batch: Sequence[W],
    ask: Callable[[Link, Sequence[W]], Sequence[R]],
    answer: Callable[[W, Told], R],
) -> Sequence[R]:
    """Raises `DaemonLost`."""
    try:
        return ask(link, batch)
    except RequestRefused as error:
        message = " ".join((error.message, told_problems(error.problems))).strip()
        told = Told(outcome="refused", message=message, hint=error.hint, code=error.code)
        return [answer(wish, told) for wish in batch]


def _rest(
    wishes: Sequence[W], error: DaemonLost | KeyboardInterrupt, answer: Callable[[W, Told], R]
) -> list[R]:
    """Those without an answer: the first of them were sent, and may have been done."""
    why = error.message if isinstance(error, DaemonLost) else "You have broken it off."
    sent = len(next(_batches(wishes), ()))
    unknown = Told(outcome="unknown", message=f"{why} Whether it was done is not known.", hint=LOAD_AGAIN)
    untried = Told(outcome="not tried", message=f"{why} This row was not sent.", hint=LOAD_AGAIN)
    return [answer(wish, unknown if place < sent else untried) for place, wish in enumerate(wishes)]


def _print(caller: Caller, results: Sequence[R], columns: Columns[R]) -> None:
    if caller.json:
        for result in results:
            click.echo(msgspec.json.encode(result))
        return
    print_table([result for result in results if result.outcome != "unchanged"], columns)
    counted = Counter(result.outcome for result in results)
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in counted.items())
    rows = "row" if len(results) == 1 else "rows"
    note(f"{len(results):,} {rows}: {told}." if results else "The file has no rows: nothing to do.")
