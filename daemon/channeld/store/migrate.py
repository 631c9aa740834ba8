"""Bring a database to the present schema, or refuse one that is newer."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from channeld.errors import ChanneldError
from channeld.store.failures import explained, failed

__all__ = ["bring_up_to_date", "migrate"]

_SCRIPTS = Path(__file__).parent / "migrations"


async def bring_up_to_date(engine: AsyncEngine) -> None:
    """Run all missing migrations in one transaction: a crash in the middle leaves the old schema.

    Foreign keys are off meanwhile (rebuilding a table must not delete what refers to it) and checked before
    the commit. Raises `ChanneldError`: `database_newer`, `database_damaged` or another failure of the store.
    """
    with explained():
        async with engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            if driver is None:
                raise failed(ConnectionError("no driver connection"))
            await (await driver.execute("PRAGMA foreign_keys = OFF")).close()
            async with connection.begin():
                await connection.run_sync(migrate)
            await (await driver.execute("PRAGMA foreign_keys = ON")).close()


def migrate(connection: Connection) -> None:
    """Upgrade inside the caller's transaction. Raises `ChanneldError("database_newer")`."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise _newer(present)
    command.upgrade(config, "head")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise ChanneldError(
            "database_damaged",
            "Rows refer to rows that do not exist.",
            "Restore the last backup, and report this.",
        )


def _newer(revision: str) -> ChanneldError:
    return ChanneldError(
        "database_newer",
        f"The database was written by a newer version of channeld (schema {revision}).",
        "Install that version again, or restore a backup made before the upgrade.",
    )
