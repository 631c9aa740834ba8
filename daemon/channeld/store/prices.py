"""Prices that people have saved for listings, and how each stands (semantics G1)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Connection, bindparam, func, literal, or_, select, text, union

from channeld.domain.price.listing_price import ListingPrice
from channeld.domain.price.states import State
from channeld.domain.price.wishes import SWITCHED_OFF
from channeld.store import tables
from channeld.store.batch import Upsert
from channeld.store.columns import Instant, to_micros
from channeld.store.rows import all_as, given
from channeld.store.tables.prices import OPEN
from channeld.store.unit import Unit

__all__ = [
    "Counts",
    "Filter",
    "counts",
    "drop_waiting",
    "due",
    "next_at",
    "of_skus",
    "page",
    "reported",
    "save",
    "sending",
    "to_read_back",
    "unfinished",
    "unsent",
]

Filter: TypeAlias = Literal["held", "pending", "error", "unconfirmed", "unsent"]
FAILING = 3
"""Failures in a row from which on a person should look at it."""
WAITING = (State.PENDING, State.HELD)
UNDER_WAY = (State.SENDING, State.SENT)

_prices, _listings = tables.prices, tables.listings
_is_open = text(OPEN)
_FIELDS = ListingPrice.__struct_fields__
_upsert = Upsert(_prices, [column.name for column in _prices.c], key=("channel_id", "sku"))
_columns = [_prices.c[name] for name in _FIELDS]
_mine = _prices.c.channel_id == bindparam("channel")
_select = select(*_columns).where(_mine)
_of_skus = _select.where(_prices.c.sku.in_(given("skus")))
_now = bindparam("now", type_=Instant)
_due = _select.where(_prices.c.due_at <= _now).order_by(_prices.c.due_at).limit(bindparam("limit"))
_looks = _select.where(_prices.c.look_at <= _now).order_by(_prices.c.look_at).limit(bindparam("limit"))
_sending = _select.where(_is_open, _prices.c.state == State.SENDING).limit(bindparam("limit"))
_next_due = select(func.min(_prices.c.due_at)).where(_mine, _prices.c.due_at.is_not(None))
_next_look = select(func.min(_prices.c.look_at)).where(_mine, _prices.c.look_at.is_not(None))
_is_unsent = (_prices.c.state == State.NO_CHANGE) & _prices.c.saved.is_not(None)
_unsent = _select.where(
    _is_unsent, _prices.c.saved.is_distinct_from(_prices.c.confirmed), _prices.c.sku > bindparam("after")
)
_reported = select(_listings.c.sku, _listings.c.price).where(
    _listings.c.channel_id == bindparam("channel"), _listings.c.sku.in_(given("skus"))
)
_unfinished = union(
    select(_prices.c.channel_id).where(_is_open, _prices.c.state.in_((*WAITING, *UNDER_WAY))),
    select(_prices.c.channel_id).where(_prices.c.look_at.is_not(None)),
)
_counts = (
    select(
        _prices.c.channel_id,
        *(func.count().filter(_prices.c.state == state).label(state) for state in (*WAITING, State.ERROR)),
        func.count()
        .filter(_prices.c.failures >= literal(FAILING), _prices.c.state != State.ERROR)
        .label("failing"),
    )
    .group_by(_prices.c.channel_id)
    .where(_is_open, _prices.c.channel_id.in_(given("channels")))
)
_DROPPED = f"""INSERT INTO price_history (at, channel_id, sku, event, price, reference, note, by)
    SELECT ?, channel_id, sku, 'dropped', saved, '', ?, ? FROM prices
    WHERE {OPEN} AND channel_id = ? AND state IN ('pending', 'held')"""  # noqa: S608 (only names and constants of ours are put together; values are bound)
_DROP = f"""UPDATE prices SET state = 'no change', holds = '[]', due_at = NULL, approved = NULL, reason = ?,
    version = version + 1 WHERE {OPEN} AND channel_id = ?
    AND state IN ('pending', 'held')"""  # noqa: S608 (only names and constants of ours are put together; values are bound)


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Prices of one channel that a person should look at, or that wait."""

    channel_id: int
    pending: int = 0
    held: int = 0
    error: int = 0
    failing: int = 0
    """Sent again and again."""


def of_skus(connection: Connection, channel_id: int, skus: Collection[str]) -> dict[str, ListingPrice]:
    """Those of these listings that have a row."""
    parameters = {"channel": channel_id, "skus": tuple(skus)}
    return {row.sku: row for row in all_as(connection, ListingPrice, _of_skus, parameters)}


def reported(connection: Connection, channel_id: int, skus: Collection[str]) -> dict[str, int | None]:
    """Those of these SKUs that are listings of the channel, with the price that the newest report shows."""
    found = connection.execute(_reported, {"channel": channel_id, "skus": tuple(skus)})
    return {row.sku: row.price for row in found}


def save(unit: Unit, rows: Sequence[ListingPrice]) -> None:
    """Store rows that were read in this unit, or are new; whoever waits for them is woken."""
    if not rows:
        return
    _upsert.run(unit.connection, map(_values, rows))
    unit.changed("price_due", *{row.channel_id for row in rows})


def due(connection: Connection, channel_id: int, now: datetime, limit: int) -> list[ListingPrice]:
    """What may leave now, the longest waiting first."""
    return all_as(connection, ListingPrice, _due, {"channel": channel_id, "now": now, "limit": limit})


def to_read_back(connection: Connection, channel_id: int, now: datetime, limit: int) -> list[ListingPrice]:
    """What is worth a direct read now."""
    return all_as(connection, ListingPrice, _looks, {"channel": channel_id, "now": now, "limit": limit})


def sending(connection: Connection, channel_id: int, limit: int) -> list[ListingPrice]:
    """Those with a request under way."""
    return all_as(connection, ListingPrice, _sending, {"channel": channel_id, "limit": limit})


def unsent(connection: Connection, channel_id: int, after: str, limit: int) -> list[ListingPrice]:
    """Saved prices that are not to be sent, and are not what was confirmed; by SKU."""
    query = _unsent.order_by(_prices.c.sku).limit(limit)
    return all_as(connection, ListingPrice, query, {"channel": channel_id, "after": after})


def next_at(connection: Connection, channel_id: int, *, sends: bool) -> datetime | None:
    """When there is something to send, where that may be, or to read back; past or future."""
    queries = (_next_due, _next_look) if sends else (_next_look,)
    found = (connection.scalar(query, {"channel": channel_id}) for query in queries)
    return min((at for at in found if at is not None), default=None)


def unfinished(connection: Connection) -> set[int]:
    """Channels with a price that waits, or was sent and not read back."""
    return set(connection.scalars(_unfinished))


def counts(connection: Connection, channel_ids: Collection[int]) -> dict[int, Counts]:
    """Of those of these channels that have any."""
    parameters = {"channels": tuple(channel_ids)}
    return {each.channel_id: each for each in all_as(connection, Counts, _counts, parameters)}


def page(
    connection: Connection, channel_id: int, after: str, limit: int, only: Filter | None = None
) -> list[ListingPrice]:
    """Rows behind that SKU, by SKU."""
    query = _select.where(_prices.c.sku > after).order_by(_prices.c.sku).limit(limit)
    if only is not None:
        query = query.where(_FILTERS[only])
    return all_as(connection, ListingPrice, query, {"channel": channel_id})


def drop_waiting(unit: Unit, channel_id: int, by: str, now: datetime) -> int:
    """Nothing that waits is to be sent, as Price Change is off; how many there were."""
    unit.connection.exec_driver_sql(_DROPPED, (to_micros(now), SWITCHED_OFF, by, channel_id))
    dropped = unit.connection.exec_driver_sql(_DROP, (SWITCHED_OFF, channel_id)).rowcount
    if dropped:
        unit.changed("price_due", channel_id)
    return dropped


_FILTERS: Mapping[Filter, ColumnElement[bool]] = {
    "held": _prices.c.state == State.HELD,
    "pending": _prices.c.state.in_((State.PENDING, State.SENDING)),
    "error": or_(_prices.c.state == State.ERROR, _prices.c.failures >= FAILING),
    "unconfirmed": _prices.c.state == State.SENT,
    "unsent": _is_unsent & _prices.c.saved.is_distinct_from(_prices.c.confirmed),
}


def _values(row: ListingPrice) -> Sequence[object]:
    """In the order of the columns."""
    grown = msgspec.structs.replace(row, version=row.version + 1)
    return [getattr(grown, name) for name in _upsert.columns]
