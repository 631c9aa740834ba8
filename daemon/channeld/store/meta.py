"""Facts about the database itself: whose it is, and whether the key is the right one."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from channeld.store import tables
from channeld.store.cipher import Cipher
from channeld.store.unit import Unit

__all__ = ["adopt", "check_key", "instance_id"]

_meta = tables.meta
_KEY_CHECK = "key_check"
_INSTANCE = "instance_id"
_CONTEXT = "meta/key_check"


def instance_id(connection: Connection) -> str | None:
    """The installation that the database belongs to (design: a copied database must not push)."""
    value = _get(connection, _INSTANCE)
    return None if value is None else value.decode()


def adopt(unit: Unit, instance: str) -> None:
    """Make the database that installation's."""
    _put(unit, _INSTANCE, instance.encode())


def check_key(unit: Unit, cipher: Cipher) -> None:
    """Raise `ChanneldError("wrong_key")` for a key that did not encrypt this database; a new one takes it."""
    value = _get(unit.connection, _KEY_CHECK)
    if value is None:
        _put(unit, _KEY_CHECK, cipher.seal(b"channeld", _CONTEXT))
    else:
        cipher.open(value, _CONTEXT)


def _get(connection: Connection, key: str) -> bytes | None:
    return connection.scalar(select(_meta.c.value).where(_meta.c.key == key))


def _put(unit: Unit, key: str, value: bytes) -> None:
    statement = insert(_meta).values(key=key, value=value)
    unit.connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )
