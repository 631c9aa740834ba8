"""Questions, asked only when a person sits at the terminal. They go to standard error."""

import sys

import click

from channel_protocol.errors import ClientError

__all__ = ["ask", "ask_hidden", "confirm", "interactive"]


def interactive() -> bool:
    """Whether there is somebody to answer."""
    return sys.stdin.isatty()


def ask(name: str, given: str | None, option: str) -> str:
    """What was given, else the answer of a person. Raises `click.UsageError` when nobody is there."""
    if given:
        return given
    if not interactive():
        raise click.UsageError(f"{name} is missing: give {option}.")
    return str(click.prompt(name, err=True))


def ask_hidden(name: str, *, optional: bool = False) -> str:
    """A secret, typed without an echo; empty only if it is optional."""
    default = "" if optional else None
    return str(click.prompt(name, hide_input=True, err=True, default=default, show_default=False)).strip()


def confirm(question: str, *, yes: bool) -> None:
    """Go on only if a person agrees. Raises `ClientError`, or `click.UsageError` when nobody is there."""
    if yes:
        return
    if not interactive():
        raise click.UsageError(f"{question} Nobody can answer here: add --yes.")
    if not click.confirm(question, err=True):
        raise ClientError("not_confirmed", "Nothing was changed.")
