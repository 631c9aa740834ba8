"""Options and arguments that several verbs take."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

__all__ = ["check_text", "command_id", "instant", "limit", "output", "settings", "wait", "yes"]

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

COMMAND_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
"""What the daemon takes."""
HIGHEST_LIMIT = 10_000
"""Rows; more the daemon does not give at once."""
LONGEST_WAIT = 3600
"""Seconds."""


def _check_id(_: click.Context, __: click.Parameter, value: str) -> str:
    if not COMMAND_ID.fullmatch(value):
        raise click.BadParameter("must be 8 to 64 letters, digits and . _ : -, new for every command.")
    return value


def _check_seconds(_: click.Context, __: click.Parameter, value: float) -> float:
    if math.isnan(value):  # neither below nor above the range
        raise click.BadParameter("must be a number.")
    return value


def _file(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    return None if value == "-" else value


def check_text(words: Iterable[str]) -> None:
    """Raises `click.UsageError` for bytes that no message can carry, without repeating them."""
    for position, text in enumerate(words, 1):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise click.UsageError(f"Argument number {position} is not valid UTF-8 text.") from None


def _fresh() -> str:
    import uuid  # here, as only writing needs it

    return uuid.uuid4().hex


def command_id(function: F) -> F:
    """`--command-id`: every change carries one."""
    return click.option(
        "--command-id",
        metavar="ID",
        default=_fresh,
        callback=_check_id,
        help="Repeat with the same ID to get the first answer again; nothing is done twice.",
    )(function)


def limit(default: int) -> Decorator[F]:
    """`--limit`: how many rows of a list."""
    return click.option(
        "--limit",
        type=click.IntRange(1, HIGHEST_LIMIT),
        default=default,
        show_default=True,
        help="At most so many rows.",
    )


def output(meaning: str) -> Decorator[F]:
    """`--output`: a file's name; None, as if it were not given, for `-`."""
    return click.option(
        "--output",
        metavar="FILE|-",
        callback=_file,
        help=meaning,
    )


def wait(default: float, what: str) -> Decorator[F]:
    """`--wait`: seconds; exit code 1 when they run out."""
    return click.option(
        "--wait",
        type=click.FloatRange(0, LONGEST_WAIT),
        callback=_check_seconds,
        metavar="SECONDS",
        default=default,
        show_default=True,
        help=f"Wait so long for {what}; exit code 1 when it takes longer.",
    )


def yes(function: F) -> F:
    """`--yes`: do not ask."""
    return click.option("--yes", is_flag=True, help="Do it without asking.")(function)


def settings(words: Iterable[str]) -> dict[str, str]:
    """`key=value …`; `key=` clears. Raises `click.UsageError` without repeating a value."""
    found: dict[str, str] = {}
    for position, text in enumerate(words, 1):
        key, separator, value = text.partition("=")
        if not separator or not key:
            raise click.UsageError(f"Change number {position} is not of the form key=value.")
        if key in found:
            raise click.UsageError(f"{key} is given twice.")
        found[key] = value
    return found


def instant(text: str) -> datetime:
    """An ISO date or time as UTC; without a zone it is local. Raises `click.UsageError`."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter next to the years 1 and 9999
        raise click.UsageError(
            f"{text} is no usable date: write 2026-01-31 or 2026-01-31T12:00:00Z."
        ) from None
