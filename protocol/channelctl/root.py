"""The table of nouns. A noun's file is loaded when it is asked for."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from channelctl.arguments import check_text
from channelctl.failures import exit_code, report
from channelctl.shared import Caller, Noun

__all__ = ["NOUNS", "root"]

NOUNS = (
    "status",
    "account",
    "channel",
    "order",
    "listing",
    "item",
    "stock",
    "price",
    "work",
    "feed",
    "report",
    "location",
    "mapping",
    "audit",
    "actor",
    "watch",
    "protocol",
)
"""Each is the attribute `command` of `channelctl.commands.NOUN`."""

EPILOG = """\b
Exit codes: 0 done; 1 refused, failed or still waiting; 2 wrong usage; 3 no daemon.
Completion: eval "$(_CHANNELCTL_COMPLETE=bash_source channelctl)" (or zsh_source, fish_source).
Socket: --socket, else CHANNELD_SOCKET, else your own daemon's, else the system's."""


class Root(Noun):
    """Loads nouns late, and turns every failure into a message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        return import_module(f"channelctl.commands.{cmd_name}").command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        given = sys.argv[1:] if args is None else list(args)
        try:
            check_text(given)
            code = super().main(given, prog_name, complete_var, standalone_mode=False, obj=Caller(), **extra)
        except Exception as error:
            report(error, as_json="--json" in given)
            code = exit_code(error)
        sys.exit(code)


@click.command(cls=Root, epilog=EPILOG, no_args_is_help=True)
def root() -> None:
    """Look at channeld and tell it what to do.

    Tables are for people; --json prints one JSON document (JSON Lines for streams) with stable field names.
    The options --socket and --json may stand before or after the verb.
    """
