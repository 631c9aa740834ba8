"""States that an order can be in, as the book calls them."""

__all__ = ["STATES"]

STATES = "incomplete", "parked", "open", "shipped", "shipped elsewhere", "cancelled", "locked", "fulfilled"
