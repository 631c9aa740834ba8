"""The smallest units of work: facts by their keys."""

from collections.abc import Callable

from sqlalchemy import Connection, text

from channeld.store.unit import Unit

__all__ = ["keys", "put", "putting"]


def put(key: str, unit: Unit) -> str:
    """Store a fact, and note that it changed."""
    unit.connection.execute(text("INSERT INTO meta VALUES (:key, x'00')"), {"key": key})
    unit.changed("fact", key)
    return key


def putting(key: str) -> Callable[[Unit], str]:
    """A unit that stores it."""
    return lambda unit: put(key, unit)


def keys(connection: Connection) -> set[str]:
    """All facts that were put."""
    return set(connection.scalars(text("SELECT key FROM meta WHERE key <> 'key_check'")))
