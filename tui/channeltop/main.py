"""The command `channeltop`."""

from importlib.metadata import version
from pathlib import Path

import click

from channel_protocol.paths import client_socket

__all__ = ["main", "run"]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--socket", metavar="PATH", help="channeld's socket; else CHANNELD_SOCKET, else its usual place."
)
@click.version_option(version("channeld"), prog_name="channeltop")
def main(socket: str | None) -> None:
    """Watch channeld: channels, orders, budgets and the audit trail, as they change."""
    run(client_socket(socket))


def run(socket_path: Path | str) -> None:
    """Show the monitor on this terminal until it is quit."""
    from channeltop.app import ChannelTop  # here, so that --help does not load Textual

    ChannelTop(socket_path).run()
