"""Options and arguments that several verbs take."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

__all__ = ["command_id", "instant", "limit", "settings", "wait", "yes"]

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]


def _fresh() -> str:
    import uuid  # here, as only writing needs it

    return uuid.uuid4().hex


def command_id(function: F) -> F:
    """`--command-id`: every change carries one."""
    return click.option(
        "--command-id",
        metavar="ID",
        default=_fresh,
        help="Repeat with the same ID to get the first answer again; nothing is done twice.",
    )(function)


def limit(default: int) -> Decorator[F]:
    """`--limit`: how many rows of a list."""
    return click.option(
        "--limit",
        type=click.IntRange(min=1),
        default=default,
        show_default=True,
        help="At most so many rows.",
    )


def wait(default: float, what: str) -> Decorator[F]:
    """`--wait`: seconds; exit code 1 when they run out."""
    return click.option(
        "--wait",
        type=click.FloatRange(min=0),
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
        given = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text} is no date: write 2026-01-31 or 2026-01-31T12:00:00Z.") from None
    return given.astimezone(UTC)
