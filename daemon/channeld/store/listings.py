"""Listings as the last report shows them; a page of up to 1,000 is the unit here (semantics H5, I10)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection

from channeld.domain.listing.changes import Facts
from channeld.store import stale_stock, tables
from channeld.store.batch import Append
from channeld.store.columns import from_micros, to_micros
from channeld.store.unit import Unit

__all__ = [
    "Absent",
    "add_new",
    "change",
    "facts",
    "known",
    "last_id",
    "mark_absent",
    "mark_present",
    "note_fingerprints",
    "of_presence",
    "read_absent",
]

_listings = tables.listings
_FACTS = Facts._fields
_NEW = (
    "id", "channel_id", *_FACTS,
    "presence", "missed", "fingerprint", "first_seen_at", "changed_at", "version",
)  # fmt: skip
_append = Append(_listings, _NEW)
_ASIN_PLACE, _OPENED = _FACTS.index("asin"), _FACTS.index("opened_at")
_encode = msgspec.json.Encoder().encode
_decode_absent = msgspec.json.Decoder(list[tuple[int, int | None]]).decode

_KNOWN = """SELECT json_group_array(json_array(given.key, l.id, l.fingerprint, l.presence = 'listed'))
    FROM json_each(?) AS given CROSS JOIN listings AS l ON l.channel_id = ? AND l.sku = given.value"""
"""A thousand rows as one: each row of a result costs the interpreter's lock, which others wait for."""
_SHOWN = f"""SELECT id, {", ".join(_FACTS)} FROM listings
    WHERE id IN (SELECT value FROM json_each(?))"""  # noqa: S608 (names of our columns; values are bound)
_OTHERS = [name for name in _FACTS if name not in ("sku", "sku_folded", "asin")]
_CHANGE = f"""UPDATE listings SET {", ".join(f"{name} = ?" for name in _OTHERS)}, fingerprint = ?,
    changed_at = ?, version = version + 1 WHERE id = ?"""  # noqa: S608 (names of our columns; values are bound)
"""Without columns of an index: SQLite writes anew what is named, be it the same or not."""
_ASIN = "UPDATE listings SET asin = ? WHERE id = ?"
_PRESENT = """UPDATE listings SET presence = 'listed', missing_since = NULL, fingerprint = ?,
    changed_at = ?, version = version + 1 WHERE id = ?"""
_ABSENT = """UPDATE listings SET presence = ?,
    missing_since = coalesce(missing_since, ?), changed_at = ?, version = version + 1 WHERE id = ?"""
_OF_PRESENCE = """SELECT json_group_array(json_array(id, missing_since)) FROM (SELECT id, missing_since
    FROM listings WHERE channel_id = ? AND presence = ? AND id > ? ORDER BY id LIMIT ?)"""


Absent: TypeAlias = tuple[int, datetime | None]
"""Id, and since when it has been missing."""


def known(connection: Connection, channel_id: int, asked: str) -> str:
    """Those SKUs that are in the book; question and answer as in `domain/listing/known.py`."""
    return connection.exec_driver_sql(_KNOWN, (asked, channel_id)).scalar_one()


def facts(connection: Connection, ids: Collection[int]) -> dict[int, Facts]:
    """What is stored of these."""
    rows = connection.exec_driver_sql(_SHOWN, (_encode(list(ids)).decode(),))
    return {row[0]: _read(row[1:]) for row in rows.all()}


def last_id(connection: Connection) -> int:
    """The greatest that there is; 0 for none."""
    return connection.exec_driver_sql("SELECT max(id) FROM listings").scalar() or 0


def add_new(unit: Unit, channel_id: int, new: Iterable[tuple[Facts, int]], now: datetime) -> list[int]:
    """Listings that were not known, each with its fingerprint. Their ids, in their order."""
    first = last_id(unit.connection) + 1
    rows = [
        (first + place, channel_id, *shown, "listed", 0, fingerprint, now, now, 1)
        for place, (shown, fingerprint) in enumerate(new)
    ]
    _append.run(unit.connection, rows)
    ids = [first + place for place in range(len(rows))]
    stale_stock.mark_listings(unit, ids, now)
    return ids


def change(
    unit: Unit, changed: Collection[tuple[int, Facts, int]], asins: Mapping[int, str], now: datetime
) -> None:
    """Other lines than before, with their ids and fingerprints. `asins`: of those with another one."""
    at, run = to_micros(now), unit.connection.exec_driver_sql
    if changed:
        run(_CHANGE, [(*_on_disk(shown), fingerprint, at, id_) for id_, shown, fingerprint in changed])
    if asins:
        run(_ASIN, [(asin, id_) for id_, asin in asins.items()])


def note_fingerprints(unit: Unit, same: Iterable[tuple[int, int]]) -> None:
    """Lines that are others than before, though nothing that is kept of them is; ids and fingerprints."""
    rows = [(fingerprint, id_) for id_, fingerprint in same]
    if rows:
        unit.connection.exec_driver_sql("UPDATE listings SET fingerprint = ? WHERE id = ?", rows)


def mark_present(unit: Unit, returned: Iterable[tuple[int, int]], now: datetime) -> None:
    """They were missing or gone, and are there as they were; ids and fingerprints."""
    at = to_micros(now)
    rows = [(fingerprint, at, id_) for id_, fingerprint in returned]
    if rows:
        unit.connection.exec_driver_sql(_PRESENT, rows)
        stale_stock.mark_listings(unit, [row[-1] for row in rows], now)


def of_presence(connection: Connection, channel_id: int, presence: str, after: int, limit: int) -> str:
    """Listings of the channel by id, a page at a time, for `read_absent`."""
    return connection.exec_driver_sql(_OF_PRESENCE, (channel_id, presence, after, limit)).scalar_one()


def read_absent(found: str) -> list[Absent]:
    """By id."""
    rows = sorted(_decode_absent(found))
    return [(id_, None if since is None else from_micros(since)) for id_, since in rows]


def mark_absent(unit: Unit, becoming: Mapping[int, str], since: datetime, now: datetime) -> None:
    """What they become, by id. `since`: when the report was made that lacks them."""
    at, began = to_micros(now), to_micros(since)
    rows = [(presence, began, at, id_) for id_, presence in becoming.items()]
    if rows:
        unit.connection.exec_driver_sql(_ABSENT, rows)
        stale_stock.mark_listings(unit, list(becoming), now)


def _on_disk(shown: Facts) -> Sequence[object]:
    """In the order of `_OTHERS`."""
    opened = None if shown.opened_at is None else to_micros(shown.opened_at)
    return (*shown[_ASIN_PLACE + 1 : _OPENED], opened)


def _read(row: Sequence[object]) -> Facts:
    opened = row[_OPENED]
    return Facts._make([*row[:_OPENED], from_micros(opened) if isinstance(opened, int) else None])
