"""Money as integer minor units of a currency; text in, text out, never a binary float."""

import re
from decimal import Decimal

__all__ = ["BadAmount", "decimal_text", "format_amount", "minor_digits", "parse_amount"]

WITHOUT_DECIMALS = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
WITH_THREE = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
_PLAIN = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,8})?([eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3}){1,6}(\.[0-9]{0,8})?")
"""Never more than 28 digits: `Decimal` rounds what is longer."""
LARGEST = 10**15
"""No real price comes near it; a greater one is damaged data."""


class BadAmount(ValueError):
    """A text that is not an amount of that currency. The message never repeats the text."""


def minor_digits(currency: str) -> int:
    """Decimals of a currency (ISO 4217): 2 for most, 0 for JPY."""
    if currency in WITHOUT_DECIMALS:
        return 0
    return 3 if currency in WITH_THREE else 2


def parse_amount(text: str, currency: str) -> int:
    """Amazon's decimal string as minor units. Raises `BadAmount`.

    A comma is a thousands separator if it groups by three; anything else with a comma is refused, since
    reading it as a decimal point would change the price a hundredfold.
    """
    given = text.strip()
    if not (_PLAIN.fullmatch(given) or _GROUPED.fullmatch(given)):
        raise BadAmount("is not a decimal number")
    minor = Decimal(given.replace(",", "")).scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise BadAmount(f"has more decimals than {currency} allows")
    if abs(minor) > LARGEST:
        raise BadAmount("is too large to be true")
    return int(minor)


def decimal_text(minor: int, currency: str) -> str:
    """With all decimals of the currency: `12.34`, `1980`."""
    digits = minor_digits(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def format_amount(minor: int, currency: str) -> str:
    """For people: `12.34 GBP`, `1980 JPY`."""
    return f"{decimal_text(minor, currency)} {currency}"
