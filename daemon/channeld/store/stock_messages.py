"""Which SKU each message of a listings feed is about."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from channeld.domain.stock.route import Route
from channeld.store import tables
from channeld.store.batch import Append
from channeld.store.unit import Unit

__all__ = ["add", "count", "forget", "left", "skus_of"]

_messages = tables.stock_messages
_append = Append(_messages, ("feed_pk", "number", "sku"))
_skus_of = (
    select(_messages.c.number, _messages.c.sku)
    .where(_messages.c.feed_pk == bindparam("feed"), _messages.c.number > bindparam("after"))
    .order_by(_messages.c.number)
    .limit(bindparam("limit"))
)

_desired = tables.desired_stock
_left = (
    select(_messages.c.sku)
    .join(_desired, _desired.c.sku == _messages.c.sku)
    .where(
        _messages.c.feed_pk == bindparam("feed"),
        _desired.c.account_id == bindparam("account"),
        or_(_desired.c.flight.is_(None), _desired.c.flight != Route.FEED),
    )
    .limit(bindparam("limit"))
)


def add(unit: Unit, feed_pk: int, skus: Sequence[str], first: int = 1) -> None:
    """Its messages, numbered from that number on."""
    _append.run(unit.connection, ((feed_pk, number, sku) for number, sku in enumerate(skus, start=first)))


def skus_of(connection: Connection, feed_pk: int, after: int, limit: int) -> dict[int, str]:
    """Number → SKU of so many messages, from the one after that number on."""
    found = connection.execute(_skus_of, {"feed": feed_pk, "after": after, "limit": limit})
    return {row.number: row.sku for row in found}


def count(connection: Connection, feed_pk: int) -> int:
    """How many there are."""
    query = select(func.count()).where(_messages.c.feed_pk == feed_pk)
    return connection.scalar(query) or 0


def left(connection: Connection, account_id: int, feed_pk: int, limit: int) -> list[str]:
    """SKUs of its messages that are not under way by a feed any more."""
    found = connection.scalars(_left, {"feed": feed_pk, "account": account_id, "limit": limit})
    return list(found)


def forget(unit: Unit, feed_pk: int) -> None:
    """Nothing of it is of any use any more."""
    unit.connection.execute(delete(_messages).where(_messages.c.feed_pk == feed_pk))
