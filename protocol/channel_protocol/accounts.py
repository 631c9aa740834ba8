"""Accounts: a seller account in one region, with its credentials and its budgets."""

from datetime import datetime

import msgspec

from channel_protocol.base import Reply, Request, Row, WriteRequest


class AccountRow(Row, frozen=True, kw_only=True, tag="account"):
    """One account. Never holds a secret."""

    account: str
    region: str
    """`na`, `eu` or `fe`."""
    seller_id: str
    client_id: str
    endpoint: str
    auth_endpoint: str
    order_poll_seconds: int
    channels: int
    state: str
    """`ok`, or `halted` when its credentials were refused."""
    reason: str = ""
    hint: str = ""
    secret_set_at: datetime | None = None
    """When the client secret was last entered here; Amazon wants it rotated every 180 days."""

    @property
    def key(self) -> str:
        return self.account


class ListAccounts(Request, frozen=True, kw_only=True, tag="account.list"):
    """All accounts, by name."""

    limit: int = 1000


class AccountList(Reply, frozen=True, kw_only=True, tag="account.list.reply"):
    rows: tuple[AccountRow, ...]


class ShowAccount(Request, frozen=True, kw_only=True, tag="account.show"):
    """One account."""

    account: str


class AccountShown(Reply, frozen=True, kw_only=True, tag="account.show.reply"):
    row: AccountRow


class AddAccount(WriteRequest, frozen=True, kw_only=True, tag="account.add"):
    """Add an account. All problems with its fields are reported together."""

    account: str
    """A short name of your own: letters, digits, `-` and `_`."""
    region: str
    seller_id: str
    client_id: str
    client_secret: str
    refresh_token: str
    endpoint: str | None = None
    """Base URL of the region's host; None for Amazon's own. Plain http for loopback only."""
    auth_endpoint: str | None = None
    """Whole URL of the token endpoint; None for Amazon's own."""

    def __repr__(self) -> str:
        return f"AddAccount(account={self.account!r}, …)"


class AccountAdded(Reply, frozen=True, kw_only=True, tag="account.add.reply"):
    row: AccountRow


class SetAccount(WriteRequest, frozen=True, kw_only=True, tag="account.set"):
    """Change settings or secrets. New credentials let a halted account try again.

    Settings: `seller_id`, `client_id`, `endpoint`, `auth_endpoint`, `order_poll_seconds`. Values are texts as
    a person types them; an empty one clears.
    """

    account: str
    values: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    client_secret: str | None = None
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return f"SetAccount(account={self.account!r}, …)"


class AccountChanged(Reply, frozen=True, kw_only=True, tag="account.set.reply"):
    row: AccountRow


class RemoveAccount(WriteRequest, frozen=True, kw_only=True, tag="account.remove"):
    """Remove an account and forget its secrets. Refused while it has channels."""

    account: str


class AccountRemoved(Reply, frozen=True, kw_only=True, tag="account.remove.reply"):
    account: str


class TestAccount(Request, frozen=True, kw_only=True, tag="account.test"):
    """Try the credentials: steps 1, 2, 6 and 7 of the test (semantics A4). Changes nothing."""

    account: str


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a test with its own verdict."""

    step: int
    name: str
    verdict: str
    """`ok`, `failed`, `warning` or `unknown`."""
    message: str
    hint: str = ""


class Tested(Reply, frozen=True, kw_only=True, tag="test.reply"):
    """The steps of `account.test` or `channel.test`, in order."""

    ok: bool
    """No step failed."""
    lines: tuple[CheckLine, ...]
