"""Runs the test of an account (steps 1, 2, 6 and 7) or of a channel (all of them)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from channeld.account_test import steps
from channeld.account_test.check import Check, unknown
from channeld.amazon.access import AccountAccess
from channeld.amazon.auth import Tokens
from channeld.amazon.send import SellingPartner
from channeld.book.account_access import account_access
from channeld.domain.marketplaces import BY_ID
from channeld.runtime.clock import Clock
from channeld.store import accounts, channels, order_queries, personal
from channeld.store.accounts import Account
from channeld.store.channels import Channel
from channeld.store.cipher import Cipher
from channeld.store.store import Store

__all__ = ["AccountTest"]

LOOKED_AT = 20
"""Orders whose address is looked for."""
SENT_TO_BUYERS = frozenset(("open", "shipped", "locked", "fulfilled"))
"""States in which Amazon shows where an order goes."""


@dataclass(frozen=True)
class AccountTest:
    """What the steps need."""

    store: Store
    partner: SellingPartner
    tokens: Tokens
    clock: Clock

    async def of_account(self, account: Account) -> list[Check]:
        """Steps 1, 2, 6 and 7. Raises `ChanneldError("secrets_missing")`."""
        access, mine = await self._prepare(account.id)
        now = self.clock.now()
        token = await steps.token_exchange(self.tokens, access)
        if token.verdict == "failed":
            return [
                token,
                _not_reached(2, "Marketplace participation"),
                steps.clock_skew([], now),
                steps.secret_age(account.secret_set_at, now),
            ]
        wanted = [BY_ID[channel.marketplace_id] for channel in mine]
        taking_part, date = await steps.participation(self.partner, access, wanted, now)
        return [
            token,
            taking_part,
            steps.clock_skew([date], self.clock.now()),
            steps.secret_age(account.secret_set_at, now),
        ]

    async def of_channel(self, channel: Channel) -> list[Check]:
        """All steps. Raises `ChanneldError("secrets_missing")`."""
        access, _ = await self._prepare(channel.account_id)
        now = self.clock.now()
        account = await self.store.read(lambda c: accounts.get(c, channel.account_id))
        with_address = await self.store.read(lambda c: _addresses(c, self.store.cipher, channel.id, now))
        token = await steps.token_exchange(self.tokens, access)
        if token.verdict == "failed":
            taking_part, search = (
                _not_reached(2, "Marketplace participation"),
                _not_reached(4, "Order search"),
            )
            dates: list[datetime | None] = []
        else:
            marketplace = BY_ID[channel.marketplace_id]
            taking_part, first = await steps.participation(self.partner, access, [marketplace], now)
            search, second = await steps.one_search(self.partner, access, marketplace, now)
            dates = [first, second]
        return [
            token,
            taking_part,
            steps.seller_id(access),
            search,
            steps.addresses(*with_address),
            steps.clock_skew(dates, self.clock.now()),
            steps.secret_age(account.secret_set_at if account else None, now),
        ]

    async def _prepare(self, account_id: int) -> tuple[AccountAccess, list[Channel]]:
        cipher = self.store.cipher
        return await self.store.read(
            lambda c: (account_access(c, cipher, account_id), channels.of_account(c, account_id))
        )


def _not_reached(step: int, name: str) -> Check:
    return unknown(step, name, "not tried: there is no token")


def _addresses(connection: Connection, cipher: Cipher, channel_id: int, now: datetime) -> tuple[int, int]:
    """How many of the last orders that should carry an address do, and how many there are.

    Those whose personal data is past its time carry none, whatever the role.
    """
    recent = order_queries.latest(connection, LOOKED_AT, channel_id)
    kept = personal.kept(connection, [order.id for order in recent])
    gone = {pk for pk, each in kept.items() if each.until and each.until <= now}
    should = [order.id for order in recent if order.state in SENT_TO_BUYERS and order.id not in gone]
    found = personal.get_many(connection, cipher, should)
    with_one = sum(any("deliveryAddress" in path for path in each.fields) for each in found.values())
    return with_one, len(should)
