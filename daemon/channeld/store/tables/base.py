"""The one `MetaData`, and what all tables have in common."""

from sqlalchemy import MetaData, Table
from sqlalchemy.sql.schema import SchemaItem

__all__ = ["metadata", "table"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem) -> Table:
    """A STRICT table: SQLite then refuses text in a money column instead of storing it."""
    return Table(name, metadata, *items, sqlite_strict=True)
