"""What the store says of each account that decides which actors it has."""

from collections import defaultdict
from collections.abc import Collection

import msgspec
from sqlalchemy import Connection

from channeld.store import accounts, channels, downloads, feeds, ledger_lists, prices, stale_stock
from channeld.store.accounts import Account
from channeld.store.channels import Channel

__all__ = ["Branch", "read_branches"]


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """One account that has something to do."""

    account: Account
    channels: tuple[Channel, ...]
    """The enabled ones."""
    secrets_mark: str = ""
    """Another one each time that credentials are entered."""
    unfinished: frozenset[tuple[int, str]] = frozenset()
    """Channels and kinds of outbound work that has not ended, whatever their settings say by now."""
    feeding: frozenset[str] = frozenset()
    """Feed types of which a feed has not ended."""
    downloading: frozenset[int] = frozenset()
    """Channels with a listing download that has not ended."""
    pricing: frozenset[int] = frozenset()
    """Channels with a price that waits, or was sent and not read back."""
    stocking: bool = False
    """It sends stock, or has to stop it."""


def read_branches(connection: Connection, account_ids: Collection[int] | None = None) -> list[Branch]:
    """Accounts with an enabled channel, or stock to be computed, by name; of those alone if any are given."""
    known = accounts.all_accounts(connection, only=account_ids)
    enabled: defaultdict[int, list[Channel]] = defaultdict(list)
    for channel in channels.all_channels(connection, of_accounts=account_ids):
        if channel.enabled:
            enabled[channel.account_id].append(channel)
    marks = accounts.secrets_marks(connection, only=account_ids)
    unfinished = ledger_lists.unfinished_kinds(connection)
    feeding = feeds.open_lanes(connection)
    downloading = downloads.running_channels(connection)
    pricing = prices.unfinished(connection)
    stocking = stale_stock.accounts(connection)
    return [
        Branch(
            account=account,
            channels=tuple(enabled[account.id]),
            secrets_mark=marks.get(account.id, ""),
            unfinished=frozenset(
                each for each in unfinished if each[0] in {c.id for c in enabled[account.id]}
            ),
            feeding=frozenset(feed_type for account_id, feed_type in feeding if account_id == account.id),
            downloading=frozenset(c.id for c in enabled[account.id] if c.id in downloading),
            pricing=frozenset(c.id for c in enabled[account.id] if c.id in pricing),
            stocking=account.id in stocking,
        )
        for account in known
        if account.id in enabled or account.id in stocking
    ]
