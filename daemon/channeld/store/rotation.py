"""Another key for the database, in batches, so that a process may die after any of them.

While it goes on, the database holds either key sealed with the other one, so whichever of the two the daemon
is given opens everything. `settle` then seals every value with the key that was given: with the new one the
rotation is finished, with the old one it is undone. In its last transaction the two sealed keys are removed,
and only then the other key opens nothing.

Everything here blocks, and needs the lock of the database (`lock.held_lock`).
"""

from datetime import datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Update,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    update,
)

from channeld.errors import ChanneldError
from channeld.store import audit, meta
from channeld.store.audit import AuditEntry
from channeld.store.checkpoint import empty_log
from channeld.store.cipher import KEY_ID_AT, KEY_ID_BYTES, Cipher
from channeld.store.failures import explained
from channeld.store.sealed import FINGERPRINTS, SEALED, SealedColumn
from channeld.store.unit import Unit

__all__ = ["Settled", "begin", "is_key_of", "opens", "other_key", "settle"]

BATCH = 500
"""Values in one transaction."""
NEW_BY_OLD, OLD_BY_NEW = "rotation_new", "rotation_old"
_row_id: ColumnElement[int] = literal_column("rowid", Integer)

_log = structlog.stdlib.get_logger(__name__)


class Settled(NamedTuple):
    """What became of a rotation."""

    finished: bool
    """Whether the database has the new key; False when it went back to the old one."""
    values: int
    """Values that were sealed anew."""
    unreadable: int
    """Damaged values, which no key opens; they were left as they are."""
    log_emptied: bool
    """False when a reader kept old pages in the write-ahead log; the next start empties it."""


class _Other(NamedTuple):
    key: bytes
    is_old: bool


def is_key_of(engine: Engine, key: bytes) -> bool:
    """Whether the database is sealed with that key, and with no other."""
    with explained(), engine.begin() as connection:
        try:
            return meta.open_check(connection, Cipher(key)) and other_key(connection, key) is None
        except ChanneldError:
            return False


def opens(engine: Engine, key: bytes) -> bool:
    """Whether the database can be opened with that key, be it its only one or one of two."""
    with explained(), engine.begin() as connection:
        try:
            return other_key(connection, key) is not None or meta.open_check(connection, Cipher(key))
        except ChanneldError:
            return False


def begin(engine: Engine, old: bytes, new: bytes) -> None:
    """Let both keys open the database. Raises `ChanneldError("wrong_key")`."""
    with explained(), engine.begin() as connection:
        unit = Unit(connection)
        meta.check_key(unit, Cipher(old))
        meta.put(unit, NEW_BY_OLD, Cipher(old).seal(new, NEW_BY_OLD))
        meta.put(unit, OLD_BY_NEW, Cipher(new).seal(old, OLD_BY_NEW))


def other_key(connection: Connection, key: bytes) -> bytes | None:
    """The second key of a rotation that was begun; None when none is under way.

    Raises `ChanneldError("wrong_key")`.
    """
    other = _other(connection, key)
    return other.key if other else None


def settle(engine: Engine, key: bytes, now: datetime, by: str = "channeld") -> Settled | None:
    """End a rotation that was begun, in favour of `key`; None when there was none.

    Raises `ChanneldError`: `wrong_key`, or a failure of the store; what was done until then stays, and the
    next call goes on.
    """
    with explained(), engine.connect() as connection:
        with connection.begin():
            other = _other(connection, key)
        if other is None:
            return None
        cipher = Cipher(key, other.key)
        counts = [_reseal(connection, column, cipher) for column in SEALED]
        for column in FINGERPRINTS:
            _forget(connection, column)
        with connection.begin():
            _conclude(Unit(connection), cipher, now, by, finished=other.is_old)
        return Settled(
            finished=other.is_old,
            values=sum(sealed for sealed, _ in counts),
            unreadable=sum(unreadable for _, unreadable in counts),
            log_emptied=empty_log(connection),
        )


def _other(connection: Connection, key: bytes) -> _Other | None:
    by_old, by_new = meta.get(connection, NEW_BY_OLD), meta.get(connection, OLD_BY_NEW)
    if by_old is None or by_new is None:
        return None
    cipher = Cipher(key)
    try:
        return _Other(cipher.open(by_new, OLD_BY_NEW), is_old=True)
    except ChanneldError:
        return _Other(cipher.open(by_old, NEW_BY_OLD), is_old=False)


def _conclude(unit: Unit, cipher: Cipher, now: datetime, by: str, *, finished: bool) -> None:
    meta.seal_check(unit, cipher)
    meta.remove(unit, NEW_BY_OLD)
    meta.remove(unit, OLD_BY_NEW)
    code, text = (
        ("key.rotated", "The key was replaced; everything secret and personal is sealed with the new one")
        if finished
        else ("key.rotation_undone", "A replacement of the key was interrupted; the former key holds again")
    )
    audit.add(unit, AuditEntry(at=now, code=code, text=text, by=by))


def _reseal(connection: Connection, column: SealedColumn, cipher: Cipher) -> tuple[int, int]:
    """How many values were sealed anew, and how many could not be opened."""
    done = seen = 0
    after = -1
    while True:
        with connection.begin():
            rows = _sealed_otherwise(connection, column, cipher.key_id, after)
            fresh = [each for row in rows if (each := _sealed_anew(column, row, cipher))]
            if fresh:
                connection.execute(_update(column), fresh)
        done, seen = done + len(fresh), seen + len(rows)
        if len(rows) < BATCH:
            return done, seen - done
        after = rows[-1][0]


def _sealed_otherwise(
    connection: Connection, column: SealedColumn, key_id: bytes, after: int
) -> list[tuple[Any, ...]]:
    """The next rows whose value another key has sealed: row id, value, and what names the row."""
    c = column.table.c
    value: Column[bytes] = c[column.column]
    sealed_by = func.substr(value, KEY_ID_AT + 1, KEY_ID_BYTES, type_=LargeBinary)
    names: list[Column[Any]] = [c[name] for name in column.key]
    query = select(_row_id, value, *names).where(
        _row_id > after, value.is_not(None), sealed_by != literal(key_id, LargeBinary)
    )
    if column.flag:
        query = query.where(c[column.flag].is_(True))
    return [tuple(row) for row in connection.execute(query.order_by(_row_id).limit(BATCH))]


def _update(column: SealedColumn) -> Update:
    value = {column.column: bindparam("value", type_=LargeBinary)}
    return update(column.table).where(_row_id == bindparam("row")).values(value)


def _sealed_anew(column: SealedColumn, row: tuple[Any, ...], cipher: Cipher) -> dict[str, object] | None:
    number, value, *key = row
    context = column.context(*key)
    try:
        return {"row": number, "value": cipher.seal(cipher.open(value, context), context)}
    except ChanneldError as error:
        _log.error("a sealed value cannot be opened and keeps its old seal", at=context, code=error.code)
        return None


def _forget(connection: Connection, column: Column[bytes]) -> None:
    known = select(_row_id).select_from(column.table).where(column != b"").limit(BATCH).scalar_subquery()
    emptied = update(column.table).where(_row_id.in_(known)).values({column: b""})
    while True:
        with connection.begin():
            count = connection.execute(emptied).rowcount
        if count < BATCH:
            return
