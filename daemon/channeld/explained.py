"""An error that was foreseen, on a terminal: what happened, every problem, and what to do next."""

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from channeld.errors import ChanneldError

__all__ = ["explained", "print_error"]

T = TypeVar("T")


def explained(act: Callable[[], T]) -> T:
    """Do it; an error that was foreseen is printed with its hint, and ends the program with 1."""
    try:
        return act()
    except* ChanneldError as group:
        for error in _leaves(group):
            print_error(error)
    sys.exit(1)


def print_error(error: ChanneldError) -> None:
    """What happened, every problem, and what to do next."""
    click.echo(f"channeld: {error.message}", err=True)
    for problem in error.problems:
        near = f" (did you mean {problem.nearest}?)" if problem.nearest else ""
        click.echo(f"  {problem.key}: {problem.message}{near}", err=True)
    if error.hint:
        click.echo(f"hint: {error.hint}", err=True)


def _leaves(group: BaseExceptionGroup[ChanneldError]) -> list[ChanneldError]:
    found: list[ChanneldError] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
