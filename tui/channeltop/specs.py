"""What is typed for lines, quantities and amounts, as the requests' values. Pure.

TEA-250=2; MUG            two units of one line, all that is left of the other
TEA-250:Principal=10.00,Shipping=2.50      amounts of one line, by Amazon's component
"""

import re
from collections.abc import Iterable

from channel_protocol.order_answers import LineUnits, RefundPart

__all__ = ["MISREAD_PARTS", "MISREAD_UNITS", "MISREAD_YES", "parts", "units", "yes"]

MISREAD_UNITS = "write a line as SKU=2, several with ; between them"
MISREAD_PARTS = "write SKU, SKU=2 or SKU:Principal=10.00,Shipping=2.50, several with ; between them"
MISREAD_YES = "write yes or no"
_YES = {"yes": True, "y": True, "no": False, "n": False, "": False}
_UNITS = re.compile(r"(?P<line>.+?)\s*=\s*(?P<quantity>\d{1,9})")
_AMOUNT = r"[A-Za-z]+\s*=\s*\d+(?:\.\d+)?"
_AMOUNTS = re.compile(rf"(?P<line>.+?)\s*:\s*(?P<amounts>{_AMOUNT}(?:\s*,\s*{_AMOUNT})*)")


def units(typed: str) -> tuple[LineUnits, ...]:
    """Units of lines; none for nothing. Raises `ValueError`."""
    found: list[LineUnits] = []
    for term in _terms(typed):
        match = _UNITS.fullmatch(term)
        if match is None:
            raise ValueError(MISREAD_UNITS)
        found.append(LineUnits(line=match["line"], quantity=int(match["quantity"])))
    return tuple(found)


def parts(typed: str) -> tuple[RefundPart, ...]:
    """Parts of a refund; none for nothing. Raises `ValueError`."""
    return tuple(_part(term) for term in _terms(typed))


def yes(typed: str) -> bool:
    """Whether it is meant; nothing is no. Raises `ValueError`."""
    found = _YES.get(typed.strip().lower())
    if found is None:
        raise ValueError(MISREAD_YES)
    return found


def _part(term: str) -> RefundPart:
    if match := _AMOUNTS.fullmatch(term):
        return RefundPart(line=match["line"], amounts=_amounts(match["amounts"]))
    if match := _UNITS.fullmatch(term):
        return RefundPart(line=match["line"], quantity=int(match["quantity"]))
    if set("=:") & set(term):
        raise ValueError(MISREAD_PARTS)
    return RefundPart(line=term)


def _amounts(typed: str) -> dict[str, str]:
    amounts: dict[str, str] = {}
    for name, value in (term.split("=") for term in typed.split(",")):
        if name.strip() in amounts:
            raise ValueError(f"{name.strip()} is written twice")
        amounts[name.strip()] = value.strip()
    return amounts


def _terms(typed: str) -> Iterable[str]:
    return (term for each in typed.split(";") if (term := each.strip()))
