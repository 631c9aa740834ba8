"""Accounts: a seller account in one region, and its sealed credentials."""

import hashlib
from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from channeld.store import tables
from channeld.store.cipher import Cipher
from channeld.store.refusals import changed_meanwhile, taken
from channeld.store.rows import add_row, all_as, first_as
from channeld.store.sealed import ACCOUNT_SECRETS
from channeld.store.unit import Unit

__all__ = [
    "Account",
    "Secrets",
    "add",
    "all_accounts",
    "by_name",
    "get",
    "note_live_search",
    "remove",
    "save",
    "secrets",
    "secrets_marks",
    "set_secrets",
]

_accounts = tables.accounts
_columns = [column for column in _accounts.c if column.name != "secrets"]
_by_id = select(*_columns).where(_accounts.c.id == bindparam("account"))
_secrets = select(_accounts.c.secrets).where(_accounts.c.id == bindparam("account"))


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account, without its secrets."""

    name: str
    region: str
    seller_id: str
    client_id: str
    created_at: datetime
    endpoint: str | None = None
    """Base URL of the region's host; None for Amazon's own."""
    auth_endpoint: str | None = None
    """Whole URL of the token endpoint; None for Amazon's own."""
    order_poll_seconds: int = 180
    secret_set_at: datetime | None = None
    """When the client secret was last entered; None while there is none."""
    last_live_started_at: datetime | None = None
    """When the last live order search began (semantics C5)."""
    removed_at: datetime | None = None
    id: int = 0
    version: int = 0


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """What the account proves itself with."""

    client_secret: str
    refresh_token: str

    def __repr__(self) -> str:
        return "Secrets(***)"


def add(unit: Unit, account: Account) -> Account:
    """Store a new account; its id and version are in the answer. Raises `InvalidRequest("taken")`."""
    values = msgspec.structs.asdict(account)
    del values["id"]
    with taken(f"There is an account named {account.name} already."):
        key = add_row(unit.connection, _accounts, values | {"version": 1})
    unit.changed("account", key)
    unit.changed("settings", ("account", key))
    return msgspec.structs.replace(account, id=key, version=1)


def save(unit: Unit, account: Account) -> Account:
    """Store an account that was read and changed. Secrets have `set_secrets`.

    Raises `InvalidRequest("taken")`, or `ChanneldError("changed_meanwhile")` when its version is not the
    stored one.
    """
    values = msgspec.structs.asdict(account) | {"version": account.version + 1}
    same = (_accounts.c.id == account.id, _accounts.c.version == account.version)
    with taken(f"There is an account named {account.name} already."):
        result = unit.connection.execute(update(_accounts).where(*same).values(values))
    if result.rowcount != 1:
        raise changed_meanwhile(f"Account {account.name}")
    unit.changed("account", account.id)
    unit.changed("settings", ("account", account.id))
    return msgspec.structs.replace(account, version=account.version + 1)


def remove(unit: Unit, account_id: int, at: datetime) -> None:
    """Mark it as removed and forget its secrets; its name is free again, its history stays readable."""
    _set(unit, account_id, removed_at=at, secrets=None, secret_set_at=None)
    unit.changed("settings", ("account", account_id))


def set_secrets(unit: Unit, cipher: Cipher, account_id: int, new: Secrets, at: datetime) -> None:
    """Seal and store the credentials. `at`: when the client secret among them was entered."""
    sealed = cipher.seal(msgspec.json.encode(new), _context(account_id))
    _set(unit, account_id, secrets=sealed, secret_set_at=at)
    unit.changed("settings", ("account", account_id))


def secrets(connection: Connection, cipher: Cipher, account_id: int) -> Secrets | None:
    """The credentials; None when there are none. Raises `ChanneldError("wrong_key")`."""
    sealed = connection.scalar(_secrets, {"account": account_id})
    if sealed is None:
        return None
    return msgspec.json.decode(cipher.open(sealed, _context(account_id)), type=Secrets)


def secrets_marks(connection: Connection, *, only: Collection[int] | None = None) -> dict[int, str]:
    """By account, another text each time that credentials are entered; tells nothing of them."""
    query = select(_accounts.c.id, _accounts.c.secrets).where(_accounts.c.secrets.is_not(None))
    if only is not None:
        query = query.where(_accounts.c.id.in_(only))
    return {key: hashlib.sha256(sealed).hexdigest() for key, sealed in connection.execute(query)}


def note_live_search(unit: Unit, account_id: int, started_at: datetime | None) -> None:
    """When the last live order search began; None makes the next one due now."""
    _set(unit, account_id, last_live_started_at=started_at)


def get(connection: Connection, account_id: int) -> Account | None:
    """By its id, also a removed one."""
    return first_as(connection, Account, _by_id, {"account": account_id})


def by_name(connection: Connection, name: str) -> Account | None:
    """By its name; not a removed one."""
    query = select(*_columns).where(_accounts.c.name == name, _accounts.c.removed_at.is_(None))
    return first_as(connection, Account, query)


def all_accounts(
    connection: Connection, *, removed: bool = False, only: Collection[int] | None = None
) -> list[Account]:
    """By name; removed ones only when asked for; only those ids, if any are given."""
    query = select(*_columns).order_by(_accounts.c.name, _accounts.c.id)
    if only is not None:
        query = query.where(_accounts.c.id.in_(only))
    if not removed:
        query = query.where(_accounts.c.removed_at.is_(None))
    return all_as(connection, Account, query)


def _set(unit: Unit, account_id: int, **values: object) -> None:
    grown = _accounts.c.version + 1
    unit.connection.execute(
        update(_accounts).where(_accounts.c.id == account_id).values(**values, version=grown)
    )
    unit.changed("account", account_id)


def _context(account_id: int) -> str:
    return ACCOUNT_SECRETS.context(account_id)
