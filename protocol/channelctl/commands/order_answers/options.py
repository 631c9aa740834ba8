"""What `order process`, `cancel` and `refund` have in common: an order, or a file with many."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["one_or_file", "order_or_file"]

F = TypeVar("F", bound=Callable[..., Any])
WITH_A_FILE = frozenset(("source", "yes"))
"""Parameters that may be given beside a file; all else is in its columns."""


def order_or_file(function: F) -> F:
    """The arguments `ID`, `--channel` and `--from`."""
    for decorate in (
        click.option("--from", "source", metavar="FILE|-", help="Rows of a CSV file instead of one order."),
        click.option("--channel", metavar="NAME", help="Needed only if several channels have the order."),
        click.argument("order_id", metavar="[ID]", required=False),
    ):
        function = decorate(function)
    return function


def one_or_file(order_id: str | None, source: str | None) -> str:
    """The order's id; empty when a file is given, and nothing else. Raises `click.UsageError`."""
    if source is None:
        if not order_id:
            raise click.UsageError("Name an order, or a file with --from FILE.")
        return order_id
    context = click.get_current_context()
    typed = [
        each
        for each in context.command.get_params(context)
        if each.expose_value
        and each.name not in WITH_A_FILE
        and context.get_parameter_source(each.name) is click.core.ParameterSource.COMMANDLINE
    ]
    given = ", ".join(each.opts[0] if isinstance(each, click.Option) else "ID" for each in typed)
    if given:
        raise click.UsageError(f"With --from, the columns of the file say it: leave out {given}.")
    return ""
