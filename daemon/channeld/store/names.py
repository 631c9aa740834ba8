"""Names of accounts and channels by their ids, removed ones too: what lists and events are labelled with."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select

from channeld.store import tables

__all__ = ["ChannelName", "Names", "names"]

_accounts, _channels = tables.accounts.c, tables.channels.c
_ACCOUNTS = select(_accounts.id, _accounts.name)
_CHANNELS = select(_channels.id, _channels.name, _channels.account_id)


class ChannelName(msgspec.Struct, frozen=True):
    """A channel's name and its account."""

    name: str
    account_id: int


class Names(msgspec.Struct, frozen=True):
    """All names."""

    accounts: Mapping[int, str]
    channels: Mapping[int, ChannelName]

    def account(self, account_id: int | None) -> str:
        """Empty for none."""
        return self.accounts.get(account_id, "") if account_id is not None else ""

    def channel(self, channel_id: int | None) -> str:
        """Empty for none."""
        found = self.channels.get(channel_id) if channel_id is not None else None
        return found.name if found else ""

    def account_of(self, channel_id: int | None) -> str:
        """The name of a channel's account; empty for none."""
        found = self.channels.get(channel_id) if channel_id is not None else None
        return self.account(found.account_id) if found else ""


def names(connection: Connection) -> Names:
    """Two small queries."""
    return Names(
        accounts={row.id: row.name for row in connection.execute(_ACCOUNTS)},
        channels={row.id: ChannelName(row.name, row.account_id) for row in connection.execute(_CHANNELS)},
    )
