"""Accounts come, change and go (semantics A2; settings.md)."""

from collections.abc import Mapping

import msgspec

from channeld.commands.asking import Asked, check, find_account, name_problems, same_name
from channeld.domain.marketplaces import REGIONS
from channeld.domain.settings import ACCOUNT_SETTINGS, nearest, read_values
from channeld.errors import InvalidRequest, Problem
from channeld.store import accounts, audit, channels
from channeld.store.accounts import Account, Secrets
from channeld.store.unit import Unit

__all__ = ["NewAccount", "add_account", "change_account", "remove_account"]


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as a person enters it."""

    name: str
    region: str
    seller_id: str
    client_id: str
    client_secret: str
    refresh_token: str
    endpoint: str
    auth_endpoint: str

    def __repr__(self) -> str:
        return f"NewAccount({self.name!r}, …)"


def add_account(unit: Unit, asked: Asked, new: NewAccount) -> Account:
    """Store an account with its secrets. Raises `InvalidRequest` with every problem."""
    region = new.region.strip().lower()
    given = {key: getattr(new, key) for key in ("seller_id", "client_id", "endpoint", "auth_endpoint")}
    values, problems = read_values(ACCOUNT_SETTINGS, given)
    problems += name_problems("account", new.name)
    problems += _connected_already(unit, new, region)
    problems += _secret_problems(new.client_secret, new.refresh_token)
    if region not in REGIONS:
        message = f"must be one of {', '.join(REGIONS)}"
        problems.append(Problem(key="region", message=message, nearest=nearest(region, REGIONS)))
    check(problems, "The account")
    account = accounts.add(
        unit,
        Account(
            name=new.name,
            region=region,
            seller_id=values["seller_id"],
            client_id=values["client_id"],
            endpoint=values["endpoint"] or None,
            auth_endpoint=values["auth_endpoint"] or None,
            created_at=asked.now,
        ),
    )
    secrets = Secrets(client_secret=new.client_secret.strip(), refresh_token=new.refresh_token.strip())
    accounts.set_secrets(unit, asked.cipher, account.id, secrets, asked.now)
    text = f"Account {account.name} added: region {region}, seller {account.seller_id}"
    audit.add(unit, asked.entry("account.added", text, account_id=account.id))
    return _again(unit, account)


def change_account(
    unit: Unit,
    asked: Asked,
    name: str,
    values: Mapping[str, str],
    *,
    client_secret: str | None = None,
    refresh_token: str | None = None,
) -> Account:
    """Change settings, secrets, or both; all or none. Raises `InvalidRequest` with every problem."""
    account = find_account(unit.connection, name)
    stored, problems = read_values(ACCOUNT_SETTINGS, values)
    problems += _change_problems(unit, account, stored)
    problems += _secret_problems(client_secret or "unchanged", refresh_token or "unchanged")
    check(problems, "The change")
    before = {key: _text(account, key) for key in stored}
    changes = {key: text for key, text in stored.items() if text != before[key]}
    if changes:
        accounts.save(unit, msgspec.structs.replace(account, **{k: _value(k, v) for k, v in changes.items()}))
    _change_secrets(unit, asked, account, client_secret, refresh_token)
    entries = [
        asked.entry(
            "account.changed",
            f"{key}: {before[key] or 'empty'} → {text or 'empty'}",
            account_id=account.id,
        )
        for key, text in changes.items()
    ]
    if client_secret or refresh_token:
        entries.append(asked.entry("account.secrets", "Credentials entered anew", account_id=account.id))
    audit.add_many(unit, entries)
    return _again(unit, account)


def remove_account(unit: Unit, asked: Asked, name: str) -> Account:
    """Forget an account and its secrets; its history stays. Raises `InvalidRequest("account_in_use")`."""
    account = find_account(unit.connection, name)
    used_by = [channel.name for channel in channels.of_account(unit.connection, account.id)]
    if used_by:
        raise InvalidRequest(
            "account_in_use",
            f"Account {name} still has channels: {', '.join(used_by)}.",
            "Remove them first, with `channelctl channel remove`.",
        )
    accounts.remove(unit, account.id, asked.now)
    audit.add(unit, asked.entry("account.removed", f"Account {name} removed", account_id=account.id))
    return account


def _connected_already(unit: Unit, new: NewAccount, region: str) -> list[Problem]:
    """A seller who is connected twice would get every order twice, and share one budget unawares."""
    known = accounts.all_accounts(unit.connection)
    same = [a.name for a in known if (a.seller_id, a.region) == (new.seller_id.strip(), region)]
    problems = same_name("account", new.name, (account.name for account in known))
    return problems + [
        Problem(key="seller_id", message=f"is connected already, as account {n}") for n in same
    ]


def _change_secrets(
    unit: Unit, asked: Asked, account: Account, client_secret: str | None, refresh_token: str | None
) -> None:
    if not (client_secret or refresh_token):
        return
    old = accounts.secrets(unit.connection, asked.cipher, account.id)
    new = Secrets(
        client_secret=(client_secret or (old.client_secret if old else "")).strip(),
        refresh_token=(refresh_token or (old.refresh_token if old else "")).strip(),
    )
    check(_secret_problems(new.client_secret, new.refresh_token), "The change")
    is_same = old is not None and old.client_secret == new.client_secret
    entered_at = account.secret_set_at if is_same and account.secret_set_at else asked.now
    accounts.set_secrets(unit, asked.cipher, account.id, new, entered_at)


def _secret_problems(client_secret: str, refresh_token: str) -> list[Problem]:
    """Their form alone: what is wrong is said, the value never."""
    given = {"client_secret": client_secret.strip(), "refresh_token": refresh_token.strip()}
    message = "must be given, as one line of at most 4,096 characters without blanks"
    return [
        Problem(key=key, message=message)
        for key, text in given.items()
        if not text or len(text) > 4096 or not text.isascii() or not text.isprintable() or " " in text
    ]


def _change_problems(unit: Unit, account: Account, values: Mapping[str, str]) -> list[Problem]:
    """A seller id belongs to the orders that came with it (semantics A2)."""
    changes_seller = values.get("seller_id", account.seller_id) != account.seller_id
    if changes_seller and channels.of_account(unit.connection, account.id):
        return [
            Problem(
                key="seller_id", message="cannot change while the account has channels; add a new account"
            )
        ]
    return []


def _again(unit: Unit, account: Account) -> Account:
    return accounts.get(unit.connection, account.id) or account


def _text(account: Account, key: str) -> str:
    value: object = getattr(account, key)
    return "" if value is None else str(value)


def _value(key: str, text: str) -> object:
    if key == "order_poll_seconds":
        return int(text)
    return text or None
