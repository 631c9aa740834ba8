"""Standard output: tables for people, one JSON document for programs."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click
import msgspec

from channel_protocol.base import Message
from channelctl.aligned import aligned
from channelctl.shared import Caller
from channelctl.words import plain, word

__all__ = ["Columns", "flat", "note", "print_facts", "print_json", "print_rows", "print_table"]

R = TypeVar("R")
Columns = Mapping[str, str | Callable[[R], object]]
"""Heading → a field's name, or a function of the row."""

NUMBER = re.compile(r"-?[\d.]+( [A-Z]{3})?|\??")
"""A count or an amount: aligned to the right."""
WIRE_ONLY = "type", "version", "id"


def flat(message: Message | msgspec.Struct) -> dict[str, Any]:
    """The fields of a row or a reply for a program, without those that only matter on the wire."""
    fields: dict[str, Any] = msgspec.to_builtins(message)
    return {key: value for key, value in fields.items() if key not in WIRE_ONLY}


def print_json(document: object) -> None:
    """One document; times are ISO 8601 UTC with Z."""
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))


def print_rows(caller: Caller, rows: Sequence[Message], columns: Columns[Any], empty: str) -> None:
    """A list: an array of flat objects, or a table, or the sentence that says what to do when it is empty."""
    if caller.json:
        print_json([flat(row) for row in rows])
    elif rows:
        print_table(rows, columns)
    else:
        note(empty)


def print_table(rows: Iterable[object], columns: Columns[Any]) -> None:
    """A table without the columns in which nothing stands."""
    cells = [[word(_value(row, column)) for column in columns.values()] for row in rows]
    used = [number for number in range(len(columns)) if any(line[number] for line in cells)]
    headings = [heading for number, heading in enumerate(columns) if number in used]
    _print_aligned([[line[number] for number in used] for line in cells], headings)


def print_facts(facts: Mapping[str, object]) -> None:
    """Names and values below each other; nothing for a value that is empty."""
    shown = [(name, text) for name, value in facts.items() if (text := word(value))]
    _print_aligned(shown, ())


def note(text: str) -> None:
    """A sentence for a person."""
    click.echo(plain(text))


def _value(row: object, column: str | Callable[[Any], object]) -> object:
    return getattr(row, column) if isinstance(column, str) else column(row)


def _print_aligned(cells: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    rights = [all(NUMBER.fullmatch(cell) for cell in column) for column in zip(*cells, strict=True)]
    for line in aligned(cells, headings, rights):
        click.echo(line)
