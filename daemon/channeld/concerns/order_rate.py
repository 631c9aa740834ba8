"""Order updates of an account in the last hour, against what its search budget can carry (C5)."""

from collections import deque
from datetime import datetime, timedelta

__all__ = ["CEILING", "OrderRate"]

CEILING = 2000
"""Order updates an hour that one search in three minutes can bring, a hundred on a page."""
NEAR = 0.8
HOUR = timedelta(hours=1)


class OrderRate:
    """Counts in memory only: after a restart it takes an hour to know again."""

    def __init__(self) -> None:
        self._seen: dict[int, deque[tuple[datetime, int]]] = {}

    def note(self, account_id: int, orders: int, now: datetime) -> None:
        """A page of the live search brought so many."""
        if orders:
            self._seen.setdefault(account_id, deque()).append((now, orders))
            self._forget(account_id, now)

    def near_ceiling(self, now: datetime) -> dict[int, int]:
        """Accounts that are near what their budget carries, with their updates in the last hour."""
        for account_id in self._seen:
            self._forget(account_id, now)
        sums = {id_: sum(orders for _, orders in pages) for id_, pages in self._seen.items()}
        return {account_id: orders for account_id, orders in sums.items() if orders >= CEILING * NEAR}

    def _forget(self, account_id: int, now: datetime) -> None:
        pages = self._seen[account_id]
        while pages and pages[0][0] <= now - HOUR:
            pages.popleft()
