"""Counting an order's money: one currency, minor units."""

import re
from collections.abc import Iterable
from functools import lru_cache

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
        if money.currency_code != self.currency:
            self._take_up(money.currency_code, path)
        try:
            return _minor(bytes(money.amount), self.currency)
        except BadAmount as bad:
            reason = str(bad)
        raise UnreadableOrder(reason, f"{path}.amount")

    def _take_up(self, currency: str, path: str) -> None:
        if not _CURRENCY.fullmatch(currency):
            raise UnreadableOrder("is not a currency", f"{path}.currencyCode")
        if self.currency:
            raise UnreadableOrder("is not the currency of the order's other amounts", f"{path}.currencyCode")
        self.currency = currency

    def check_sums(self, sums: Iterable[int], path: str) -> None:
        """Sums that no order reaches mean damaged data. Raises `UnreadableOrder`."""
        if any(abs(minor) > LARGEST for minor in sums):
            raise UnreadableOrder("adds up to too much to be true", path)


@lru_cache(maxsize=4096)
def _minor(written: bytes, currency: str) -> int:
    """Minor units of an amount that came as a text or as a number. Prices repeat all the time."""
    text = msgspec.json.decode(written, type=str) if written.startswith(b'"') else written.decode()
    return parse_amount(text, currency)
