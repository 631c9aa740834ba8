"""The SKU that was meant, where one is no item's."""

from sqlalchemy import Connection

from channeld.domain.settings import nearest
from channeld.store import items

__all__ = ["Guesses"]

MOST = 10
"""Of one request: each is a question to the book, and a file with other SKUs than the book's has hundreds."""


class Guesses:
    """Looks for the likeliest SKU, a few times."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._made = 0

    def nearest(self, sku: str) -> str | None:
        """None when nothing looks like it, or after too many."""
        self._made += 1
        if self._made > MOST:
            return None
        return nearest(sku, items.nearest_skus(self._connection, sku))
