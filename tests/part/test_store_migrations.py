"""The declared tables and the migrations tell of the same schema."""

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from channeld.store.migrate import migrate
from channeld.store.tables import metadata


def schema(engine: Engine) -> dict[str, object]:
    """Everything that a table is, in a form that can be compared."""
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        tables: dict[str, object] = {name: facts(connection, name) for name in names}
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        tables["triggers"] = {name: re.sub(r"\s+", " ", sql) for name, sql in triggers}
    return tables


def facts(connection: Connection, table: str) -> dict[str, object]:
    look = inspect(connection)
    return {
        "columns": connection.exec_driver_sql(f"PRAGMA table_xinfo({table})").all(),
        "foreign keys": sorted(connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").all()),
        "strict": connection.exec_driver_sql(f"PRAGMA table_list({table})").all(),
        "unique": sorted(look.get_unique_constraints(table), key=str),
        "checks": sorted(look.get_check_constraints(table), key=str),
        "indexes": sorted(
            connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table"),
                {"table": table},
            ),
            key=str,
        ),
    }


def test_migrations_build_the_declared_tables(tmp_path: Path) -> None:
    declared = create_engine(f"sqlite:///{tmp_path}/declared.db")
    metadata.create_all(declared)
    migrated = create_engine(f"sqlite:///{tmp_path}/migrated.db")
    with migrated.begin() as connection:
        migrate(connection)
    assert schema(migrated) == schema(declared)
    declared.dispose()
    migrated.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    for _ in range(2):
        with engine.begin() as connection:
            migrate(connection)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name, kind FROM locations")).all() == [("Default", "own")]
    engine.dispose()


def test_every_table_is_strict_so_that_text_in_a_money_column_is_refused() -> None:
    assert {
        table.name for table in metadata.tables.values() if not table.kwargs.get("sqlite_strict")
    } == set()
