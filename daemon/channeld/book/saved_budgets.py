"""Slow budgets as the store keeps them, for Amazon's side of the house (design, section 5)."""

from channeld.amazon.budgets import SavedBudget
from channeld.store import budgets
from channeld.store.budgets import Budget
from channeld.store.store import Store

__all__ = ["SavedBudgets"]


class SavedBudgets:
    """Loads and saves buckets."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self, account_id: int, operation: str) -> SavedBudget | None:
        """As it was when it was saved; None when it never was."""
        kept = await self._store.read(lambda c: budgets.of_account(c, account_id))
        found = next((budget for budget in kept if budget.operation == operation), None)
        if found is None:
            return None
        return SavedBudget(tokens=found.tokens, rate=found.rate, burst=found.burst, at=found.at)

    async def save(self, account_id: int, operation: str, budget: SavedBudget) -> None:
        """Store it before the request leaves."""
        kept = Budget(
            account_id=account_id,
            operation=operation,
            tokens=budget.tokens,
            rate=budget.rate,
            burst=budget.burst,
            at=budget.at,
        )
        await self._store.write(lambda unit: budgets.save(unit, kept))
