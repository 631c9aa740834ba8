"""Counting an order's money: one currency, minor units."""

import re
from collections.abc import Iterable

import msgspec

from channeld.amazon.errors import UnreadableOrder
from channeld.amazon.order_shape import Money
from channeld.domain.money import LARGEST, BadAmount, parse_amount

__all__ = ["Till"]

_CURRENCY = re.compile(r"[A-Z]{3}")


class Till:
    """Reads the amounts of one order; the first tells the currency, and all others must be of it."""

    def __init__(self) -> None:
        self.currency = ""
        """Empty until an amount was read."""

    def amount(self, money: Money | None, path: str) -> int | None:
        """Minor units; None stays None. Raises `UnreadableOrder`."""
        return None if money is None else self.sure(money, path)

    def sure(self, money: Money, path: str) -> int:
        """Minor units. Raises `UnreadableOrder`."""
        if not _CURRENCY.fullmatch(money.currency_code):
            raise UnreadableOrder("is not a currency", f"{path}.currencyCode")
        self.currency = self.currency or money.currency_code
        if money.currency_code != self.currency:
            raise UnreadableOrder("is not the currency of the order's other amounts", f"{path}.currencyCode")
        try:
            return parse_amount(_as_text(bytes(money.amount)), self.currency)
        except BadAmount as bad:
            reason = str(bad)
        raise UnreadableOrder(reason, f"{path}.amount")

    def check_sums(self, sums: Iterable[int], path: str) -> None:
        """Sums that no order reaches mean damaged data. Raises `UnreadableOrder`."""
        if any(abs(minor) > LARGEST for minor in sums):
            raise UnreadableOrder("adds up to too much to be true", path)


def _as_text(written: bytes) -> str:
    """The digits of an amount, whether it came as a text or as a number."""
    return msgspec.json.decode(written, type=str) if written.startswith(b'"') else written.decode()
