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
}
"""Each page's mode and name; its key is its place, counted from 1, and 0 for the tenth."""
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
}
"""Names where room is short."""


def key_of(mode: str) -> str:
    """The key that opens a page."""
    return str((tuple(PAGES).index(mode) + 1) % 10)
