"""Channels: one marketplace of an account, its settings, and how far its orders have been read."""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec
from sqlalchemy import Connection, and_, bindparam, case, literal, select, update

from channeld.store import tables
from channeld.store.columns import Instant
from channeld.store.refusals import changed_meanwhile, taken
from channeld.store.rows import add_row, all_as, first_as, given
from channeld.store.unit import Unit

__all__ = [
    "Channel",
    "account_ids",
    "add",
    "all_channels",
    "by_name",
    "clear_trouble",
    "get",
    "move_cursor",
    "note_applied",
    "note_trouble",
    "of_account",
    "once_of",
    "save",
]

_channels = tables.channels
_by_name = select(_channels).order_by(_channels.c.name, _channels.c.id)
_present_by_name = _by_name.where(_channels.c.removed_at.is_(None))
_by_id = select(_channels).where(_channels.c.id == bindparam("channel"))
_of_account = (
    select(_channels)
    .where(_channels.c.account_id == bindparam("account"), _channels.c.removed_at.is_(None))
    .order_by(_channels.c.name)
)
_troubled = select(_channels.c.id).where(_channels.c.id.in_(given("channels")), _channels.c.trouble != "")
_began, _updated = bindparam("began", type_=Instant), bindparam("updated", type_=Instant)
_is_newest = and_(_channels.c.order_sync_of == _began, _channels.c.order_sync_date > _updated)
_note_applied = (
    update(_channels)
    .where(_channels.c.id == bindparam("channel"))
    .values(
        order_sync_date=case((_is_newest, _channels.c.order_sync_date), else_=_updated),
        order_sync_of=_began,
        version=_channels.c.version + 1,
    )
)


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """One channel."""

    account_id: int
    name: str
    marketplace_id: str
    created_at: datetime
    settings: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    """Key → value as text, only what differs from the defaults."""
    enabled: bool = False
    first_enabled_at: datetime | None = None
    order_sync_date: datetime | None = None
    """Shown to people (semantics C5)."""
    order_cursor: datetime | None = None
    """Used by the machine (semantics C5)."""
    order_sync_of: datetime | None = None
    """When the search began that moved the order sync date last."""
    trouble: str = ""
    """Why Amazon refuses to search this channel; empty when it does not."""
    trouble_hint: str = ""
    trouble_since: datetime | None = None
    removed_at: datetime | None = None
    id: int = 0
    version: int = 0


def add(unit: Unit, channel: Channel) -> Channel:
    """Store a new channel; its id and version are in the answer. Raises `InvalidRequest("taken")`."""
    values = msgspec.structs.asdict(channel)
    del values["id"]
    with _unique(channel):
        key = add_row(unit.connection, _channels, values | {"version": 1})
    unit.changed("channel", key)
    unit.changed("settings", ("channel", key))
    return msgspec.structs.replace(channel, id=key, version=1)


def save(unit: Unit, channel: Channel) -> Channel:
    """Store a channel that was read and changed: settings, enabled, removed.

    Raises `InvalidRequest("taken")`, or `ChanneldError("changed_meanwhile")` when its version is not the
    stored one.
    """
    values = msgspec.structs.asdict(channel) | {"version": channel.version + 1}
    same = (_channels.c.id == channel.id, _channels.c.version == channel.version)
    with _unique(channel):
        result = unit.connection.execute(update(_channels).where(*same).values(values))
    if result.rowcount != 1:
        raise changed_meanwhile(f"Channel {channel.name}")
    unit.changed("channel", channel.id)
    unit.changed("settings", ("channel", channel.id))
    return msgspec.structs.replace(channel, version=channel.version + 1)


def move_cursor(unit: Unit, channel_ids: Collection[int], cursor: datetime) -> None:
    """Set the order cursor (semantics C5)."""
    _set(unit, channel_ids, {"order_cursor": cursor})


def note_applied(unit: Unit, channel_id: int, search_began: datetime, updated_at: datetime) -> None:
    """Move the order sync date: the newest update that the last search which applied any has applied (C5)."""
    unit.connection.execute(
        _note_applied, {"channel": channel_id, "began": search_began, "updated": updated_at}
    )
    unit.changed("channel", channel_id)


def note_trouble(unit: Unit, channel_id: int, trouble: str, hint: str, at: datetime) -> None:
    """Amazon refuses to search this channel; the first instant of the same trouble is kept."""
    c = _channels.c
    since = case((c.trouble == trouble, c.trouble_since), else_=literal(at, Instant))
    _set(unit, (channel_id,), {"trouble": trouble, "trouble_hint": hint, "trouble_since": since})


def clear_trouble(unit: Unit, channel_ids: Collection[int]) -> None:
    """Amazon searches these channels."""
    if troubled := list(unit.connection.scalars(_troubled, {"channels": tuple(channel_ids)})):
        _set(unit, troubled, {"trouble": "", "trouble_hint": "", "trouble_since": None})


def get(connection: Connection, channel_id: int) -> Channel | None:
    """By its id, also a removed one."""
    return first_as(connection, Channel, _by_id, {"channel": channel_id})


def by_name(connection: Connection, name: str) -> Channel | None:
    """By its name; not a removed one."""
    query = select(_channels).where(_channels.c.name == name, _channels.c.removed_at.is_(None))
    return first_as(connection, Channel, query)


def once_of(connection: Connection, account_id: int, marketplace_id: str) -> Channel | None:
    """The channel that a seller had for a marketplace before it was removed; the last one.

    The seller is the account's, also where he was connected by another account then.
    """
    accounts = tables.accounts.c
    seller = select(accounts.seller_id, accounts.region).where(accounts.id == account_id).subquery()
    query = (
        select(_channels)
        .join(tables.accounts, accounts.id == _channels.c.account_id)
        .join(seller, and_(seller.c.seller_id == accounts.seller_id, seller.c.region == accounts.region))
        .where(_channels.c.marketplace_id == marketplace_id, _channels.c.removed_at.is_not(None))
        .order_by(_channels.c.removed_at.desc())
    )
    return first_as(connection, Channel, query)


def of_account(connection: Connection, account_id: int) -> list[Channel]:
    """The channels of one account by name, without removed ones."""
    return all_as(connection, Channel, _of_account, {"account": account_id})


def account_ids(connection: Connection, channel_ids: Collection[int]) -> set[int]:
    """The accounts of these channels, removed ones too."""
    return set(connection.scalars(select(_channels.c.account_id).where(_channels.c.id.in_(channel_ids))))


def all_channels(
    connection: Connection, *, removed: bool = False, of_accounts: Collection[int] | None = None
) -> list[Channel]:
    """By name; removed ones only when asked for; of those accounts alone, if any are given."""
    query = _by_name if removed else _present_by_name
    if of_accounts is not None:
        query = query.where(_channels.c.account_id.in_(of_accounts))
    return all_as(connection, Channel, query)


def _set(unit: Unit, channel_ids: Collection[int], values: Mapping[str, object]) -> None:
    grown = _channels.c.version + 1
    unit.connection.execute(
        update(_channels).where(_channels.c.id.in_(channel_ids)).values(**values, version=grown)
    )
    unit.changed("channel", *channel_ids)


def _unique(channel: Channel) -> AbstractContextManager[None]:
    return taken(
        f"There is a channel named {channel.name} already, or one of this account for the same marketplace.",
        "Choose another name, or remove the other channel first.",
    )
