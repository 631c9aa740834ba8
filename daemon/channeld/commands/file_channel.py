"""One channel as a file has it, and what is wrong with it before anything is stored."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import Connection

from channeld.commands.asking import name_problems
from channeld.domain import channel_settings
from channeld.domain.marketplaces import BY_CODE, BY_ID, find_marketplace
from channeld.domain.settings import CHANNEL_SETTINGS, nearest, read_values
from channeld.errors import Problem
from channeld.store import accounts, locations
from channeld.store.channels import Channel
from channeld.store.mappings import MappingKind

__all__ = ["FileChannel", "known_problems", "new_problems"]


class FileChannel(msgspec.Struct, frozen=True, kw_only=True):
    """What is None is left as it is; so is a setting that is not there."""

    channel: str
    account: str | None = None
    marketplace: str | None = None
    settings: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    payment: Mapping[str, str] | None = None
    shipping: Mapping[str, str] | None = None
    despatch: Mapping[str, str] | None = None

    def mapping(self, kind: MappingKind) -> Mapping[str, str] | None:
        """Its words of one kind."""
        words = {"payment": self.payment, "shipping": self.shipping, "despatch": self.despatch}
        return words[kind]


def known_problems(connection: Connection, channel: Channel, wanted: FileChannel) -> list[Problem]:
    """A channel belongs to one account and one marketplace for ever: its orders do."""
    account = accounts.get(connection, channel.account_id)
    marketplace = BY_ID[channel.marketplace_id]
    found: list[Problem] = []
    if account and wanted.account not in (None, account.name):
        found.append(_at(wanted, "account", f"cannot change: the channel belongs to {account.name}"))
    if wanted.marketplace is not None and find_marketplace(wanted.marketplace) != marketplace:
        found.append(_at(wanted, "marketplace", f"cannot change: the channel is on {marketplace.code}"))
    return found


def new_problems(connection: Connection, wanted: FileChannel) -> list[Problem]:
    """Everything that is wrong with a channel that cannot be added."""
    found = [Problem(key=wanted.channel, message=each.message) for each in name_problems("", wanted.channel)]
    found += [
        _at(wanted, key, "must be given, as there is no such channel yet")
        for key in ("account", "marketplace")
        if not getattr(wanted, key)
    ]
    found += _unknown(wanted, "account", [each.name for each in accounts.all_accounts(connection)])
    marketplace = find_marketplace(wanted.marketplace or "")
    if marketplace is None:
        found += _unknown(wanted, "marketplace", BY_CODE)
        _, problems = read_values(CHANNEL_SETTINGS, wanted.settings)
    else:
        own = [place.name for place in locations.all_locations(connection) if place.kind == "own"]
        _, problems = channel_settings.change({}, wanted.settings, marketplace=marketplace, locations=own)
    return found + [_at(wanted, each.key, each.message, each.nearest) for each in problems]


def _unknown(wanted: FileChannel, key: str, known: Iterable[str]) -> list[Problem]:
    known = list(known)
    given: str | None = getattr(wanted, key)
    if not given or given in known:
        return []
    return [_at(wanted, key, "is not known", nearest(given, known))]


def _at(wanted: FileChannel, key: str, message: str, close: str | None = None) -> Problem:
    return Problem(key=f"{wanted.channel}.{key}", message=message, nearest=close)
