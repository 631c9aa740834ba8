"""Budgets under test, with a note of who got a token."""

from typing import Any

from channeld.amazon.budgets import Budgets, Priority
from channeld.amazon.operations import Operation
from tests.support.amazon_api import MemoryBudgets, operation, seeded
from tests.support.fake_clock import FakeClock

FAST = operation(rate=1.0, burst=10)


class Desk:
    """Budgets, and a note of who got a token and when."""

    def __init__(self, clock: FakeClock, store: MemoryBudgets | None = None) -> None:
        self.clock = clock
        self.store = store or MemoryBudgets()
        self.changes: list[tuple[int, str]] = []
        self.budgets = Budgets(
            clock, self.store, seeded(7), lambda account, name: self.changes.append((account, name))
        )
        self.got: list[tuple[str, float]] = []

    async def ask(
        self, name: str, wanted: Operation[Any] = FAST, priority: Priority = Priority.BULK, **more: Any
    ) -> None:
        await self.budgets.acquire(1, wanted, priority=priority, **more)
        self.got.append((name, self.clock.monotonic()))
