"""Bring a database to the present schema, or refuse one that is newer."""

from functools import cache
from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from channeld.errors import ChanneldError
from channeld.store.failures import explained

__all__ = ["bring_up_to_date", "migrate", "missing_migrations"]

_SCRIPTS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine) -> None:
    """Run all missing migrations in one transaction: a crash in the middle leaves the old schema.

    Blocks. Foreign keys are off meanwhile (rebuilding a table must not delete what refers to it) and checked
    before the commit. Raises `ChanneldError`: `database_newer`, `database_damaged` or another failure of the
    store.
    """
    with explained(Path(engine.url.database or "")), engine.connect() as connection:
        _keep_foreign_keys(connection, "OFF")
        with connection.begin():
            migrate(connection)
        _keep_foreign_keys(connection, "ON")


def _keep_foreign_keys(connection: Connection, switch: Literal["ON", "OFF"]) -> None:
    """SQLite ignores it inside a transaction, so it goes past SQLAlchemy, which would begin one."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(f"PRAGMA foreign_keys = {switch}")
    finally:
        cursor.close()


def migrate(connection: Connection) -> None:
    """Upgrade inside the caller's transaction. Raises `ChanneldError("database_newer")`."""
    if not missing_migrations(connection):
        return
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise ChanneldError(
            "database_damaged",
            "Rows refer to rows that do not exist.",
            "Restore the last backup, and report this.",
        )


def missing_migrations(connection: Connection) -> list[str]:
    """Those that the database has not seen, the last one first. Raises `ChanneldError("database_newer")`."""
    present = MigrationContext.configure(connection).get_current_revision()
    known = [script.revision for script in _scripts().walk_revisions()]
    if present is None:
        return known
    if present not in known:
        raise _newer(present)
    return known[: known.index(present)]


@cache
def _scripts() -> ScriptDirectory:
    """All migrations, read once."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _newer(revision: str) -> ChanneldError:
    return ChanneldError(
        "database_newer",
        f"The database was written by a newer version of channeld (schema {revision}).",
        "Install that version again, or restore a backup made before the upgrade.",
    )
