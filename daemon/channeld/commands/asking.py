"""Who asks, when; and finding what is asked for, or saying clearly that it is not there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channeld.book.ledger.step import AuditStamp
from channeld.domain.settings import nearest
from channeld.errors import InvalidRequest, Problem
from channeld.store import accounts, channels, order_queries
from channeld.store.accounts import Account
from channeld.store.audit import AuditEntry
from channeld.store.channels import Channel
from channeld.store.cipher import Cipher
from channeld.store.order_records import OrderRecord

__all__ = [
    "Asked",
    "check",
    "find_account",
    "find_channel",
    "find_order",
    "is_order_id",
    "name_problems",
    "refusal",
    "same_name",
]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of a request."""

    by: str
    """The user, for the audit trail."""
    now: datetime
    cipher: Cipher

    @property
    def stamp(self) -> AuditStamp:
        """His, for moves of outbound work."""
        return AuditStamp(now=self.now, by=self.by)

    def entry(
        self,
        code: str,
        text: str,
        *,
        account_id: int | None = None,
        channel_id: int | None = None,
        order_id: str | None = None,
        sku: str | None = None,
        details: Mapping[str, str] | None = None,
    ) -> AuditEntry:
        """A line of the audit trail about this request."""
        return AuditEntry(
            at=self.now,
            code=code,
            text=text,
            by=self.by,
            account_id=account_id,
            channel_id=channel_id,
            order_id=order_id,
            sku=sku,
            details=details or {},
        )


def find_account(connection: Connection, name: str) -> Account:
    """Raises `InvalidRequest("unknown_account")` that names the nearest one."""
    found = accounts.by_name(connection, name)
    if found is None:
        known = [account.name for account in accounts.all_accounts(connection)]
        raise _unknown("account", name, known)
    return found


def find_channel(connection: Connection, name: str) -> Channel:
    """Raises `InvalidRequest("unknown_channel")` that names the nearest one."""
    found = channels.by_name(connection, name)
    if found is None:
        known = [channel.name for channel in channels.all_channels(connection)]
        raise _unknown("channel", name, known)
    return found


def find_order(connection: Connection, order_id: str, channel_name: str | None) -> OrderRecord:
    """Raises `InvalidRequest`: `unknown_order`, `ambiguous_order`, `unknown_channel`."""
    channel = find_channel(connection, channel_name) if channel_name else None
    found = order_queries.one(connection, order_id, channel.id if channel else None)
    if not found:
        raise InvalidRequest(
            "unknown_order",
            "There is no such order in the book.",
            f"`channelctl order recover {order_id}` reads it from Amazon."
            if is_order_id(order_id)
            else "Copy the id whole; `channelctl order list` shows the latest orders.",
        )
    if len(found) > 1:
        raise InvalidRequest(
            "ambiguous_order", "Several channels have an order of that id.", "Name the channel."
        )
    return found[0]


def is_order_id(text: str) -> bool:
    """Amazon's are 3-7-7 digits; other letters and digits are let through, as nobody promised that form."""
    plain = text.replace("-", "")
    return 5 <= len(text) <= 40 and plain.isascii() and plain.isalnum()


def name_problems(key: str, name: str) -> list[Problem]:
    """What is wrong with a name that a person gives to something."""
    if _NAME.fullmatch(name):
        return []
    message = "must be 1 to 40 letters, digits, - and _, beginning with a letter or digit"
    return [Problem(key=key, message=message)]


def same_name(key: str, name: str, taken: Iterable[str]) -> list[Problem]:
    """A problem when there is one that differs in capitals at most: people could not tell them apart."""
    return [
        Problem(key=key, message=f"there is one named {other} already")
        for other in taken
        if other.casefold() == name.strip().casefold()
    ]


def check(problems: Sequence[Problem], what: str) -> None:
    """Raise one error with all problems, if there are any."""
    if problems:
        raise refusal(problems, what)


def refusal(problems: Sequence[Problem], what: str, hint: str = "Correct what is listed.") -> InvalidRequest:
    """One error with all problems."""
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    return InvalidRequest("invalid", f"{what} has {count}; nothing was changed.", hint, problems)


def _unknown(kind: str, name: str, known: Iterable[str]) -> InvalidRequest:
    known = list(known)
    close = nearest(name, known)
    if close:
        hint = f"Did you mean {close}?"
    elif known:
        hint = f"There is {', '.join(sorted(known)[:10])}."
    else:
        hint = f"There is none yet; see `channelctl {kind} add --help`."
    problem = Problem(key=kind, message="is not known", nearest=close)
    return InvalidRequest(f"unknown_{kind}", f"There is no {kind} of that name.", hint, [problem])
