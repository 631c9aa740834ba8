"""What the sandbox saw, for tests and benchmarks to compare with: counts for ever, details of the latest."""

from collections import Counter, defaultdict, deque
from datetime import datetime
from typing import NamedTuple

import msgspec

from channeld.sandbox.listings.told import Told

__all__ = ["Effect", "Request", "Truth"]

LATEST = 2_000


class Request(msgspec.Struct, frozen=True):
    """One request as it was answered; status 0: it got no answer."""

    operation: str
    seller_id: str
    """Empty when the request did not say who it is."""
    status: int
    at: datetime


class Effect(NamedTuple):
    """Something that was done to an order."""

    kind: str
    """`despatch`: a package was confirmed or edited; `cancel`, `refund`: an order item was."""
    order_id: str
    detail: str
    """The packageReferenceId, or the order item id."""


class Truth:
    """Counts are keyed by seller id and operation; `token` is the operation of token exchanges."""

    def __init__(self) -> None:
        self.latest: deque[Request] = deque(maxlen=LATEST)
        self.requests: Counter[tuple[str, str]] = Counter()
        self.statuses: Counter[tuple[str, str, int]] = Counter()
        self.over_budget: Counter[tuple[str, str]] = Counter()
        """Requests that an empty bucket refused (not those that a fault refused)."""
        self.tokens_issued: Counter[str] = Counter()
        self.invalid: Counter[tuple[str, str]] = Counter()
        """Operation and the rule that was broken (not: what an order as it stands does not allow)."""
        self.effects: Counter[Effect] = Counter()
        """How often each thing really happened, whatever was answered."""
        self.reports: Counter[tuple[str, str]] = Counter()
        """Reports that were taken on, by seller id and report type, also those that a schedule asked for."""
        self.writes: Counter[tuple[str, str, str]] = Counter()
        """Writes to listings, by seller id, route and status (ACCEPTED, INVALID; previews are none)."""
        self.told: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
        """All that was accepted of a SKU, by seller id and SKU, in the order in which it was."""

    def answered(self, operation: str, seller_id: str, status: int, at: datetime) -> None:
        self.latest.append(Request(operation, seller_id, status, at))
        self.requests[seller_id, operation] += 1
        self.statuses[seller_id, operation, status] += 1

    def happened(self, kind: str, order_id: str, detail: str) -> None:
        self.effects[Effect(kind, order_id, detail)] += 1

    def applied(self, seller_id: str, sku: str) -> list[Told]:
        """What was told of a SKU and has come true, in the order in which it did."""
        told = self.told.get((seller_id, sku), ())
        done = [(each.applied, number, each) for number, each in enumerate(told) if each.applied]
        return [each for _, _, each in sorted(done, key=lambda entry: entry[:2])]

    def counted(self, operation: str, *, status: int | None = None) -> int:
        """Requests of an operation over all accounts, of one status or of all."""
        return sum(
            number
            for (_, name, answered), number in self.statuses.items()
            if name == operation and status in (None, answered)
        )
