"""Facts about the database itself, such as whether the key is the right one."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.cipher import Cipher
from channeld.store.unit import Unit

__all__ = ["check_key", "get", "open_check", "put", "remove", "seal_check"]

_meta = tables.meta
_KEY_CHECK = "key_check"
_CONTEXT = "meta/key_check"


def check_key(unit: Unit, cipher: Cipher) -> None:
    """Raise `ChanneldError("wrong_key")` for a key that did not encrypt this database; a new one takes it."""
    if not open_check(unit.connection, cipher):
        seal_check(unit, cipher)


def open_check(connection: Connection, cipher: Cipher) -> bool:
    """False for a database that has no key yet. Raises `ChanneldError("wrong_key")`."""
    value = get(connection, _KEY_CHECK)
    if value is not None:
        cipher.open(value, _CONTEXT)
    return value is not None


def seal_check(unit: Unit, cipher: Cipher) -> None:
    """From now on this is the key of the database."""
    put(unit, _KEY_CHECK, cipher.seal(b"channeld", _CONTEXT))


def get(connection: Connection, key: str) -> bytes | None:
    """A fact; None when it is not known."""
    return connection.scalar(select(_meta.c.value).where(_meta.c.key == key))


def put(unit: Unit, key: str, value: bytes) -> None:
    """Write down a fact, in place of what it was."""
    statement = insert(_meta).values(key=key, value=value)
    unit.connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )


def remove(unit: Unit, key: str) -> None:
    """Forget a fact."""
    unit.connection.execute(delete(_meta).where(_meta.c.key == key))
