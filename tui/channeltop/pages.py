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
}
"""Each page's mode and name; its key is its place, counted from 1."""
SHORT: Mapping[str, str] = {
    "quarantine": "Quar.",
    "audit": "Audit",
    "settings": "Set.",
    "mapping": "Map",
    "ship_by": "Due",
}
"""Names where room is short."""


def key_of(mode: str) -> str:
    """The key that opens a page."""
    return str(tuple(PAGES).index(mode) + 1)
