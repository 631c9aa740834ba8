"""What full reads of listings gave (semantics E1)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from channeld.domain.listing.details import Candidate, ListingDetails, digest_of
from channeld.domain.listing.linking import title_key
from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.columns import from_micros
from channeld.store.rows import given
from channeld.store.unit import Unit

__all__ = ["Named", "Read", "Stored", "candidates", "named", "note_read", "of_listings", "retitle"]

_listings, _details = tables.listings, tables.listing_details
_COLUMNS = ("listing_pk", "read_at", "product_type", "description", "digest", "content")
_upsert = Upsert(_details, _COLUMNS, key=("listing_pk",))
_decode = msgspec.json.Decoder(ListingDetails).decode
_encode = msgspec.json.Encoder().encode
_CANDIDATES = """SELECT id, opened_at, details_at, changed_at FROM listings
    WHERE channel_id = ? AND presence = 'listed' AND id > ? ORDER BY id LIMIT ?"""
_of = select(_details).where(_details.c.listing_pk.in_(given("listings")))
_digests = select(_details.c.listing_pk, _details.c.digest).where(
    _details.c.listing_pk.in_(given("listings"))
)
_named = select(_listings.c.id, _listings.c.sku, _listings.c.title).where(
    _listings.c.id.in_(given("listings"))
)


class Stored(NamedTuple):
    """The details of one listing."""

    read_at: datetime
    """When they were last found to be others."""
    product_type: str
    description: str
    details: ListingDetails


class Read(NamedTuple):
    """What one full read gave."""

    listing_id: int
    product_type: str
    description: str
    details: ListingDetails


class Named(NamedTuple):
    """A listing to be read."""

    id: int
    sku: str
    title: str


def candidates(connection: Connection, channel_id: int, after: int, limit: int) -> list[Candidate]:
    """Listings of the channel that may be read, by id, a page at a time."""
    rows = connection.exec_driver_sql(_CANDIDATES, (channel_id, after, limit)).all()
    return [
        Candidate(id_, _instant(opened), _instant(read), from_micros(changed))
        for id_, opened, read, changed in rows
    ]


def named(connection: Connection, ids: Collection[int]) -> list[Named]:
    """These, as far as they are there."""
    return [Named(*row) for row in connection.execute(_named, {"listings": tuple(ids)})]


def of_listings(connection: Connection, ids: Collection[int]) -> dict[int, Stored]:
    """By the listing's id; those that were never read have none."""
    rows = connection.execute(_of, {"listings": tuple(ids)}) if ids else ()
    return {
        row.listing_pk: Stored(row.read_at, row.product_type, row.description, _decode(row.content))
        for row in rows
    }


def note_read(unit: Unit, reads: Iterable[Read], now: datetime) -> int:
    """They were read. Only what is another than before is written; how many those are."""
    packed = {read.listing_id: (read, _encode(read.details)) for read in reads}
    if not packed:
        return 0
    known = {
        row.listing_pk: row.digest for row in unit.connection.execute(_digests, {"listings": tuple(packed)})
    }
    digests = {
        id_: digest_of(content, read.product_type, read.description)
        for id_, (read, content) in packed.items()
    }
    rows = [
        (id_, now, read.product_type, read.description, digests[id_], content)
        for id_, (read, content) in packed.items()
        if known.get(id_) != digests[id_]
    ]
    _upsert.run(unit.connection, rows)
    unit.connection.execute(
        update(_listings).where(_listings.c.id.in_(given("listings"))).values(details_at=now),
        {"listings": tuple(packed)},
    )
    return len(rows)


def retitle(unit: Unit, titles: Mapping[int, str]) -> None:
    """Titles of which the report had lost letters, by the listing's id."""
    rows = [{"listing": id_, "title": title, "key": title_key(title)} for id_, title in titles.items()]
    if rows:
        c = _listings.c
        changed = (
            update(_listings)
            .where(c.id == bindparam("listing"))
            .values(title=bindparam("title"), title_key=bindparam("key"), version=c.version + 1)
        )
        unit.connection.execute(changed, rows)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
