"""Amazon's budgets, kept exactly: one token bucket for each account and operation (Amazon's usage plans)."""

from typing import NamedTuple

__all__ = ["PUBLISHED", "Bucket", "Budget"]

HAIR = 1e-9
"""Less than any rate earns in a microsecond: sums of fractions must not cost a whole token."""


class Budget(NamedTuple):
    rate: float
    """Tokens a second."""
    burst: int
    """Tokens the bucket holds."""


PUBLISHED = {
    "searchOrders": Budget(0.0056, 20),
    "getOrder": Budget(0.5, 30),
    "getMarketplaceParticipations": Budget(0.016, 15),
    "confirmShipment": Budget(2, 10),
    "createFeedDocument": Budget(0.5, 15),
    "createFeed": Budget(0.0083, 15),
    "getFeed": Budget(2, 15),
    "getFeeds": Budget(0.0222, 10),
    "cancelFeed": Budget(2, 15),
    "getFeedDocument": Budget(0.0222, 10),
    "listTransactions": Budget(0.5, 10),
    "createReport": Budget(0.0167, 15),
    "getReport": Budget(2, 15),
    "getReports": Budget(0.0222, 10),
    "cancelReport": Budget(0.0222, 10),
    "getReportDocument": Budget(0.0167, 15),
    "createReportSchedule": Budget(0.0222, 10),
    "getReportSchedules": Budget(0.0222, 10),
    "searchListingsItems": Budget(5, 5),
    "getListingsItem": Budget(5, 5),
    "patchListingsItem": Budget(5, 5),
    "putListingsItem": Budget(5, 5),
    "deleteListingsItem": Budget(5, 5),
    "VALIDATION_PREVIEW": Budget(1, 1),
}


class Bucket:
    """Full at first; refills all the time; a request takes one token or is refused and takes none."""

    def __init__(self, budget: Budget, at: float) -> None:
        self.rate = budget.rate
        self._burst = budget.burst
        self._tokens = float(budget.burst)
        self._at = at

    def take(self, at: float) -> bool:
        """Take one token at that monotonic instant (seconds); False when there is none."""
        self._refill(at)
        if self._tokens < 1 - HAIR:
            return False
        self._tokens -= 1
        return True

    def grant(self, rate: float, at: float) -> None:
        """Another rate from that instant on; what is in the bucket stays."""
        self._refill(at)
        self.rate = rate

    def _refill(self, at: float) -> None:
        self._tokens = min(float(self._burst), self._tokens + (at - self._at) * self.rate)
        self._at = at
