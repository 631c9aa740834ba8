"""How far something is while somebody waits: a line written anew on a terminal, else one a change."""

import sys

import click

from channelctl.words import plain

__all__ = ["ToldProgress"]


class ToldProgress:
    """On standard error, so that what comes of it stands alone on standard output."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._rewrites = sys.stderr.isatty()
        self._said = ""

    def tell(self, change: str, line: str) -> None:
        """`line` is how far it is; where lines stay, it is only said when `change` is another one."""
        if self._silent:
            return
        if self._rewrites:
            click.echo(f"\r{plain(line)}\x1b[K", err=True, nl=False)
        elif change != self._said:
            click.echo(plain(line), err=True)
        self._said = change

    def end(self) -> None:
        """Leave the line to what is said next."""
        if self._rewrites and self._said:
            click.echo("\r\x1b[K", err=True, nl=False)
