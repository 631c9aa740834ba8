"""Accounts on the wire."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from channel_protocol.accounts import AccountRow
from channeld.amazon.regions import ENDPOINTS, TOKEN_ENDPOINT
from channeld.runtime.status import ActorStatus
from channeld.store import accounts, channels
from channeld.store.accounts import Account

__all__ = ["account_row", "account_rows"]


def account_rows(connection: Connection, statuses: Iterable[ActorStatus]) -> list[AccountRow]:
    """All accounts, by name."""
    counts: dict[int, int] = {}
    for channel in channels.all_channels(connection):
        counts[channel.account_id] = counts.get(channel.account_id, 0) + 1
    statuses = list(statuses)
    return [
        account_row(account, counts.get(account.id, 0), statuses)
        for account in accounts.all_accounts(connection)
    ]


def account_row(account: Account, channel_count: int, statuses: Collection[ActorStatus]) -> AccountRow:
    """One account. It is halted when its credentials were refused, which halts its whole group."""
    halt = next((s for s in statuses if s.halted_group == account.name and s.reason), None)
    return AccountRow(
        version=account.version,
        account=account.name,
        region=account.region,
        seller_id=account.seller_id,
        client_id=account.client_id,
        endpoint=account.endpoint or _default_endpoint(account),
        auth_endpoint=account.auth_endpoint or TOKEN_ENDPOINT,
        order_poll_seconds=account.order_poll_seconds,
        channels=channel_count,
        state="halted" if halt else "ok",
        reason=halt.reason if halt else "",
        hint=halt.hint if halt else "",
        secret_set_at=account.secret_set_at,
    )


def _default_endpoint(account: Account) -> str:
    return next((url for region, url in ENDPOINTS.items() if region == account.region), "")
