"""The options that say which service is meant."""

from pathlib import Path

import click

__all__ = ["A_PATH", "with_database", "with_key_file", "with_settings"]

A_PATH = click.Path(path_type=Path)

with_settings = click.option(
    "--config", "file", metavar="FILE", help="Settings file; else CHANNELD_CONFIG, else its usual place."
)
with_database = click.option("--database", metavar="URL", help="Path of the database, or sqlite:///PATH.")
with_key_file = click.option(
    "--key-file",
    type=A_PATH,
    metavar="PATH",
    help="Where the key is, such as /etc/channeld/channeld.key; else where the service looks.",
)
