"""Numbers of reports: with thousands separators or without, in the marketplace's way or in the English one.

A number that can be read in two ways is not read: a wrong guess changes a price a thousandfold.

    as written      point marketplaces (UK, US, JP …)    comma marketplaces (DE, FR, IT …)
    1234.5  12.34   12.34                                12.34
    12,34           12.34, as no thousands are two       12.34
    1,234.50        1234.50                              1234.50, as the last sign tells
    1.234,50        1234.50                              1234.50
    1,234           1234                                 not read
    1.234           not of two decimals: not read        1234
    1,23,456        123456, as in India                  123456
    1 234,50        1234.50, whatever the blank          1234.50
    1.2E+3          1200                                 1200
"""

import re

from channeld.amazon.assumptions import DECIMAL_COMMA
from channeld.domain.marketplaces import Marketplace
from channeld.domain.money import BadAmount, minor_digits, parse_amount

__all__ = ["Numbers"]

_NUMBER = re.compile(r"(\+?)([0-9.,'’ \u00a0\u2007\u202f]{1,40})([eE][+-]?[0-9]{1,2})?")
_BLANKS = re.compile(r"(?<=[0-9])['’ \u00a0\u2007\u202f](?=[0-9]{3}(?![0-9]))")
_GROUPED = re.compile(r"[0-9]{1,3}([.,][0-9]{2,3})*[.,][0-9]{3}")
_WHOLE = "JPY"
"""A currency without decimals, as quantities are."""


class Numbers:
    """Reads the prices and quantities of one marketplace's reports."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._currency = marketplace.currency
        self._comma = marketplace.code in DECIMAL_COMMA
        self._has_cents = minor_digits(marketplace.currency) == 2

    def price(self, text: str) -> int | None:
        """Minor units of the marketplace's currency; None for what is no price, or could be two."""
        if self._has_cents and text[-3:-2] == "." and text.isascii():
            digits = text[:-3] + text[-2:]
            if len(text) < 15 and digits.isdigit():
                return int(digits)
        return self._read(text, self._currency)

    def quantity(self, text: str) -> int | None:
        """Units; None for what is no quantity."""
        if text.isdigit() and text.isascii() and len(text) < 10:
            return int(text)
        return self._read(text, _WHOLE)

    def _read(self, text: str, currency: str) -> int | None:
        try:
            return parse_amount(self._plain(text), currency)
        except BadAmount:
            return None

    def _plain(self, text: str) -> str:
        """With a point before the decimals, and nothing between the thousands. Raises `BadAmount`."""
        given = _NUMBER.fullmatch(text)
        if not given:
            raise BadAmount("is not a number")
        digits = _BLANKS.sub("", given[2])
        points, commas = digits.count("."), digits.count(",")
        if points and commas:
            digits = _mixed(digits)
        elif commas > 1 or points > 1:
            digits = _whole(digits)
        elif commas or points:
            digits = self._with_one(digits, "," if commas else ".")
        return digits + (given[3] or "")

    def _with_one(self, digits: str, sign: str) -> str:
        """A single sign, which stands before decimals or before thousands."""
        if not _GROUPED.fullmatch(digits) or digits.startswith("0"):
            return digits.replace(",", ".")
        if (sign == ",") == self._comma:
            if sign == ",":
                raise BadAmount("could be thousands, or decimals")
            return digits
        return _whole(digits)


def _mixed(digits: str) -> str:
    """The last sign stands before the decimals."""
    at = max(digits.rfind("."), digits.rfind(","))
    whole, sign, decimals = digits[:at], digits[at], digits[at + 1 :]
    if sign in whole:
        raise BadAmount("has decimals twice")
    return f"{_whole(whole)}.{decimals}"


def _whole(digits: str) -> str:
    """Thousands taken together, which come in threes; in India all but the last in twos."""
    if not _GROUPED.fullmatch(digits) or len(set(digits) & {".", ","}) > 1:
        raise BadAmount("has thousands that are none")
    return digits.replace(",", "").replace(".", "")
