"""Offers the name that is begun, where several stand with commas between."""

from collections.abc import Sequence

from textual.suggester import Suggester

from channeltop.names import completed

__all__ = ["NamesSuggester"]


class NamesSuggester(Suggester):
    """→ takes what is offered."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.names = names
        """What can be offered now."""

    async def get_suggestion(self, value: str) -> str | None:
        return completed(value, self.names)
