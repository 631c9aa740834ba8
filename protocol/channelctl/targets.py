"""Where an export goes: a file that is there when it is complete, or standard output."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from channelctl.output import note, print_json
from channelctl.shared import Caller
from channelctl.written import written

__all__ = ["BY_NAME", "Form", "form_of", "form_option", "target", "told_written"]

F = TypeVar("F", bound=Callable[..., Any])
Form = str
"""`csv` or `jsonl`."""
LINES = ".jsonl", ".ndjson"
BY_NAME = "by the file's name, else csv; jsonl with --json"
"""What `form_of` takes."""


def form_option(default: str) -> Callable[[F], F]:
    """`--format`. `default`: in words, what is taken when it is not given."""
    return click.option("--format", "form", type=click.Choice(("csv", "jsonl")), help=f"[default: {default}]")


def form_of(caller: Caller, form: Form | None, file: str) -> Form:
    """What was asked for, else what the name of the file says."""
    if form:
        return form
    return "jsonl" if file.endswith(LINES) or (caller.json and file == "-") else "csv"


@contextmanager
def target(file: str) -> Generator[TextIO]:
    """`-` is standard output. Raises `ClientError`."""
    if file == "-":
        yield sys.stdout
        sys.stdout.flush()
    else:
        with written(Path(file)) as stream:
            yield stream


def told_written(caller: Caller, file: str, count: int, what: str) -> None:
    """How many there were; nothing after an export to standard output."""
    if file == "-":
        return
    if caller.json:
        print_json({what: count, "output": file})
    else:
        note(f"{count:,} {what[:-1] if count == 1 else what} written to {file}.")
