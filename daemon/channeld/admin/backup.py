"""`channeld backup FILE`: a copy of the database, beside a running daemon."""

from pathlib import Path

import click

from channeld import config
from channeld.admin.options import A_PATH, with_database, with_settings
from channeld.explained import explained

__all__ = ["backup"]


@click.command()
@click.argument("target", metavar="FILE", type=A_PATH)
@with_settings
@with_database
def backup(target: Path, file: str | None, database: str | None) -> None:
    """Copy the database to FILE while the service runs. The key is not in the copy.

    FILE must not exist. It is readable for you alone, and appears only when it is whole and looked through.
    """
    explained(lambda: _back_up(target, file, database))


def _back_up(target: Path, file: str | None, database: str | None) -> None:
    from channeld.store.backup import back_up  # here, so that --help is quick
    from channeld.store.keys import KEY_FILE

    made = back_up(config.load(file, database=database).present_database(), target)
    held = made.contents
    click.echo(
        f"{target}: {made.bytes:,} bytes; {held.accounts:,} accounts, {held.channels:,} channels, "
        f"{held.orders:,} orders, {held.audit_entries:,} audit entries. Checked, no damage."
    )
    click.echo(
        f"The key ({KEY_FILE}) is not in it. Keep a copy of the key elsewhere: without it nobody can read "
        "the credentials and personal data in this file."
    )
