"""`channeld key rotate`: a new key for everything that is secret or personal."""

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from channeld import config, logs
from channeld.admin.options import A_PATH, with_database, with_key_file, with_settings
from channeld.explained import explained

if TYPE_CHECKING:
    from channeld.admin.rotate import Rotated

__all__ = ["key"]


@click.group()
def key() -> None:
    """The key that seals credentials and personal data."""


@key.command()
@with_settings
@with_database
@with_key_file
@click.option(
    "--new-key-file",
    type=A_PATH,
    metavar="PATH",
    help="Where the new key is, or is to be made; needed unless the key is beside the database.",
)
def rotate(file: str | None, database: str | None, key_file: Path | None, new_key_file: Path | None) -> None:
    """Replace the key, and seal everything anew. The service must be stopped.

    Interrupted at any point, nothing is lost: ask again, or start the service.
    """
    explained(lambda: _rotate(file, database, key_file, new_key_file))


def _rotate(file: str | None, database: str | None, key_file: Path | None, new_key_file: Path | None) -> None:
    from channeld.admin.rotate import rotate_key  # here, so that --help is quick
    from channeld.runtime.clock import SystemClock

    settings = config.load(file, database=database)
    logs.set_up(settings.log)
    _tell(rotate_key(settings.present_database(), key_file, new_key_file, SystemClock().now(), by=_user()))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return str(os.geteuid())


def _tell(done: "Rotated") -> None:
    if done.settled is None:
        click.echo(f"Nothing to do: the database has the key in {done.place} already.")
    else:
        what = "An interrupted replacement was finished" if done.was_begun else "The key was replaced"
        click.echo(f"{what}: {done.settled.values:,} values are sealed with the key in {done.place}.")
        if done.settled.unreadable:
            click.echo(
                f"{done.settled.unreadable:,} damaged values could not be opened, as before.", err=True
            )
        if not done.settled.log_emptied:
            click.echo("Another program reads the database; the next start removes the last old values.")
    click.echo(done.next_step)
    click.echo(
        "Backups made before open only with the former key. Make a new one, and a copy of the new key."
    )
