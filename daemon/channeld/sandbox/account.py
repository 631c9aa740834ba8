"""A seller account as it stands: credentials, participation, budgets, order book, refunds."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from channeld.sandbox.book import Book
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.options import AccountSpec
from channeld.sandbox.refunds import Refund, Refunds
from channeld.sandbox.throttle import PUBLISHED, Bucket

if TYPE_CHECKING:
    from channeld.sandbox.feeds.lanes import Feed
    from channeld.sandbox.lists import Pages
    from channeld.sandbox.reports.report import Report

__all__ = ["Account"]

OUTSIDE = {
    "id": "A0SANDBOXMCF00",
    "name": "Non-Amazon",
    "defaultCurrencyCode": "EUR",
    "defaultLanguageCode": "en_GB",
    "domainName": "siprod.stores.amazon.example",
}
"""Amazon lists sales channels outside its shops among the marketplaces; clients must leave them alone."""


class Account:
    """Mutable state of one account; `number` tells accounts apart in order ids."""

    def __init__(self, spec: AccountSpec, number: int, rates: Mapping[str, float], at: float) -> None:
        self.spec = spec
        self.number = number
        self.client_secret = spec.client_secret
        self.revoked = False
        self.suspended: set[str] = set()
        self.placed = 0
        self.last_order_in: dict[str, str] = {}
        self.book = Book()
        self.refunds = Refunds()
        self.feed_pages: Pages[Feed] = {}
        self.report_pages: Pages[Report] = {}
        self.finance_pages: dict[str, tuple[str, list[Refund]]] = {}
        """The arguments of a list of transactions and what is left of it, by its nextToken."""
        self.buckets = {name: Bucket(budget, at) for name, budget in PUBLISHED.items()}
        for name, rate in rates.items():
            self.buckets[name].grant(rate, at)

    @property
    def marketplace_ids(self) -> frozenset[str]:
        return frozenset(BY_COUNTRY[country].id for country in self.spec.countries)

    def marketplace_id(self, country: str) -> str:
        return BY_COUNTRY[country].id

    def has_secret(self, secret: str) -> bool:
        return compare_digest(secret.encode(), self.client_secret.encode())

    def next_number(self) -> str:
        """Seven digits that no other order of the sandbox has."""
        self.placed += 1
        return f"{self.number * 1_000_000 + self.placed:07d}"

    def participations(self) -> list[dict[str, Any]]:
        """The payload of getMarketplaceParticipations (official model `sellers.json`)."""
        rows = [self._participation(country) for country in self.spec.countries]
        outside = {**OUTSIDE, "countryCode": self.spec.countries[0]}
        return [*rows, _row(outside, self.spec.store_name, participating=True, suspended=False)]

    def _participation(self, country: str) -> dict[str, Any]:
        marketplace = BY_COUNTRY[country]
        details = {
            "id": marketplace.id,
            "countryCode": country,
            "name": marketplace.name,
            "defaultCurrencyCode": marketplace.currency,
            "defaultLanguageCode": marketplace.language,
            "domainName": f"www.amazon.{marketplace.domain}",
        }
        suspended = country in self.suspended
        return _row(details, self.spec.store_name, participating=not suspended, suspended=suspended)


def _row(marketplace: dict[str, str], store: str, *, participating: bool, suspended: bool) -> dict[str, Any]:
    standing = {"isParticipating": participating, "hasSuspendedListings": suspended}
    return {"marketplace": marketplace, "storeName": store, "participation": standing}
