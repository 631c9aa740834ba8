"""Codes of reasons that leave open whether an effect happened, though nothing more is waited for."""

from typing import Final

__all__ = ["MAY_HAVE_HAPPENED", "NOT_SEEN", "NO_TRANSACTION", "ORDER_UNREADABLE"]

NO_TRANSACTION: Final = "no_transaction"
"""Amazon's finances show no transaction for a refund, 72 hours after it was submitted."""
NOT_SEEN: Final = "not_seen"
"""Amazon took it, and the order does not show it."""
ORDER_UNREADABLE: Final = "order_unreadable"
"""Amazon took it, and how the order stands cannot be read."""
MAY_HAVE_HAPPENED = (NOT_SEEN, ORDER_UNREADABLE, NO_TRANSACTION)
"""Amazon may show it after all."""
