"""The pages, in the order of their keys."""

from collections.abc import Mapping

__all__ = ["PAGES", "SHORT", "key_of"]

PAGES: Mapping[str, str] = {
    "overview": "Overview",
    "orders": "Orders",
    "quarantine": "Quarantine",
    "audit": "Audit trail",
    "settings": "Settings",
    "mapping": "Mapping",
    "work": "Work",
    "ship_by": "Ship by",
    "listings": "Listings",
    "reports": "Reports",
    "stock": "Stock",
}
"""Each page's mode and name; its key is its place, counted from 1, and 0 for the tenth."""
LETTERS: Mapping[str, str] = {"stock": "S"}
"""Keys of the pages for which there is no digit left."""
SHORT: Mapping[str, str] = {
    "overview": "Over",
    "orders": "Ord",
    "quarantine": "Quar",
    "audit": "Aud",
    "settings": "Set",
    "mapping": "Map",
    "ship_by": "Due",
    "listings": "List",
    "reports": "Rep",
    "stock": "Stk",
}
"""Names where room is short."""


def key_of(mode: str) -> str:
    """The key that opens a page."""
    return LETTERS.get(mode) or str((tuple(PAGES).index(mode) + 1) % 10)
