"""Codes of reasons that leave open whether an effect happened, though nothing more is waited for."""

from typing import Final

__all__ = ["NO_TRANSACTION"]

NO_TRANSACTION: Final = "no_transaction"
"""Amazon's finances show no transaction for a refund, 72 hours after it was submitted."""
