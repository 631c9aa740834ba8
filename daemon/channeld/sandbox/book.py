"""One account's order book: the truth, and what Amazon shows of it, which lags a little behind."""

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Literal

from channeld.sandbox.orders import Order

__all__ = ["Book", "Field", "Key"]

Field = Literal["updated", "created"]
Key = tuple[datetime, str]
"""Where an order stands in a search: the instant searched by, then the order id."""


class Book:
    """Orders by id, and the shown ones in the order of their instants."""

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self._shown: dict[str, tuple[int, Order]] = {}
        self._keys: dict[Field, list[Key]] = {"updated": [], "created": []}
        self._unshown: list[tuple[datetime, int, Order]] = []
        self._sequence = count()

    def put(self, order: Order, *, shown_from: datetime) -> None:
        """Record an order as it is now; its earlier state stays visible until `shown_from`."""
        self.orders[order.order_id] = order
        heapq.heappush(self._unshown, (shown_from, next(self._sequence), order))

    def get(self, order_id: str, now: datetime) -> Order | None:
        """The order as shown at `now`."""
        self._show(now)
        return self._shown[order_id][1] if order_id in self._shown else None

    def search(self, field: Field, start: Key, bound: datetime, now: datetime) -> Iterator[tuple[Key, Order]]:
        """Shown orders from `start` to `bound`, both inclusive, by the instant of `field`."""
        self._show(now)
        keys = self._keys[field]
        for position in range(bisect_left(keys, start), len(keys)):
            key = keys[position]
            if key[0] > bound:
                return
            yield key, self._shown[key[1]][1]

    def _show(self, now: datetime) -> None:
        while self._unshown and self._unshown[0][0] <= now:
            _, sequence, order = heapq.heappop(self._unshown)
            shown, before = self._shown.get(order.order_id, (-1, None))
            if sequence < shown:
                continue
            if before is not None:
                self._remove(before)
            insort(self._keys["updated"], (order.updated, order.order_id))
            insort(self._keys["created"], (order.created, order.order_id))
            self._shown[order.order_id] = (sequence, order)

    def _remove(self, order: Order) -> None:
        for keys, at in ((self._keys["updated"], order.updated), (self._keys["created"], order.created)):
            del keys[bisect_left(keys, (at, order.order_id))]
