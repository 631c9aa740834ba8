"""A CSV text as numbered rows with named cells. What is wrong with the file as a whole is said before
anything of it is done."""

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from channel_protocol.base import Problem
from channel_protocol.errors import ClientError
from channelctl.order_csv.cells import trimmed
from channelctl.order_csv.columns import Column

__all__ = ["SAVE_AGAIN", "Row", "read_table"]

DELIMITERS = ",;\t"
SAVE_AGAIN = "Save it as CSV (UTF-8) with the columns of `--help`."


class Row(NamedTuple):
    """One row that is not empty."""

    number: int
    """The first row of the file is 1."""
    cells: dict[str, str]
    """By column, trimmed; columns that the file does not have are missing."""
    problem: str = ""
    """Why the cells cannot be told apart; then there are none but the first ones."""


def read_table(
    text: str,
    columns: Sequence[Column],
    prefix: str = "",
    passed_over: Collection[str] = (),
    hint: str = SAVE_AGAIN,
) -> list[Row]:
    """The rows below the header. Raises `ClientError` (`invalid`) with everything that is wrong with it.

    `prefix`: columns that begin with it may have any name, and keep its capitals. `passed_over`: columns that
    may be there, too. `hint`: what to do about a file whose columns are others.
    """
    names = [column.name for column in columns]
    records = _records(text, _delimiter(text, names))
    header = next(records, None)
    if header is None:
        raise ClientError("invalid", "The file is empty: it needs a row with the columns' names.", SAVE_AGAIN)
    found = _header(header[1], prefix)
    if problems := _problems(found, columns, prefix, passed_over):
        known = [*names, *([f"{prefix}NAME"] if prefix else [])]
        message = (
            f"The columns of the file are not those of this command; nothing of it was done. {_all(known)}"
        )
        raise ClientError("invalid", message, hint, problems)
    return [_row(number, cells, found) for number, cells in records]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows in which something stands, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            found = [trimmed(cell) for cell in cells]
            if any(found):
                yield number, found
    except csv.Error:
        message = (
            f"Row {number + 1} cannot be read: a quotation mark stands in the middle of a cell, or is not "
            "closed. Nothing of the file was done."
        )
        raise ClientError("invalid", message, SAVE_AGAIN) from None


def _delimiter(text: str, names: Sequence[str]) -> str:
    """That with which the first row has most of the names; the comma when that does not tell."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> int:
        return sum(_name(cell.strip().strip('"')) in names for cell in first.split(delimiter))

    return max(DELIMITERS, key=known)


def _header(cells: Sequence[str], prefix: str) -> list[str]:
    """The names, without those empty ones that a spreadsheet leaves at the end."""
    names = [
        prefix + trimmed(cell)[len(prefix) :].strip() if prefix and _is_open(cell, prefix) else _name(cell)
        for cell in cells
    ]
    while names and not names[-1]:
        names.pop()
    return names


def _name(cell: str) -> str:
    return trimmed(cell).lower().replace(" ", "_")


def _is_open(cell: str, prefix: str) -> bool:
    """Whether it is a column of any name; the prefix alone is none."""
    start = trimmed(cell)
    return start.lower().startswith(prefix) and bool(start[len(prefix) :].strip())


def _problems(
    found: Sequence[str], columns: Sequence[Column], prefix: str, passed_over: Collection[str]
) -> list[Problem]:
    names = [column.name for column in columns]
    known = [name for name in dict.fromkeys(found) if name in names or (prefix and _is_open(name, prefix))]
    problems = [
        Problem(key=name or "(no name)", message="is not a column", nearest=_nearest(name, names))
        for name in dict.fromkeys(found)
        if name not in known and name not in passed_over
    ]
    problems += [Problem(key=name, message="is there twice") for name in known if found.count(name) > 1]
    problems += [
        Problem(key=column.name, message="is missing")
        for column in columns
        if column.required and column.name not in found
    ]
    return problems


def _nearest(name: str, names: Sequence[str]) -> str | None:
    return next(iter(get_close_matches(name, names, n=1)), None)


def _all(names: Sequence[str]) -> str:
    return f"Those are: {', '.join(names)}."


def _row(number: int, cells: list[str], found: Sequence[str]) -> Row:
    surplus = [cell for cell in cells[len(found) :] if cell]
    named = dict(zip(found, cells, strict=False))
    if surplus or len(cells) < len(found):
        problem = f"It has {len(cells)} cells, the first row of the file has {len(found)}."
        return Row(number, named, problem)
    return Row(number, named)
