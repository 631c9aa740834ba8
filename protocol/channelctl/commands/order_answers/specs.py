"""Lines as they are typed: `MUG-BLUE=2`, and for refunds also `MUG-BLUE` and `MUG-BLUE:Shipping=2.50`.

A name is everything before its quantity or its amounts, so that it may have commas, colons and equals signs
of its own; where that misleads, the order item's id names a line as well.
"""

import re
from collections.abc import Iterable

import click

from channel_protocol.order_answers import LineUnits, RefundPart

__all__ = ["refund_parts", "units"]

UNITS = re.compile(r"\s*(?P<line>.+?)\s*=\s*0*(?P<quantity>[1-9][0-9]{0,8})\s*(?:,|$)")
AMOUNTS = re.compile(r":(?=\s*[A-Za-z]+\s*=)")
"""Where the amounts of a part begin."""
AMOUNT = re.compile(r"\s*(?P<component>[A-Za-z]+)\s*=\s*(?P<amount>[0-9]{1,12}(\.[0-9]{1,8})?)\s*")
QUANTITY = re.compile(r"0*[1-9][0-9]{0,8}")


def units(typed: Iterable[str]) -> tuple[LineUnits, ...]:
    """`LINE=QUANTITY`, several divided by commas. Raises `click.UsageError`."""
    return tuple(each for text in typed for each in _units(text))


def refund_parts(typed: Iterable[str]) -> tuple[RefundPart, ...]:
    """`LINE[=QUANTITY][:COMPONENT=AMOUNT,…]`. Raises `click.UsageError`."""
    return tuple(_part(text) for text in typed)


def _units(text: str) -> list[LineUnits]:
    found: list[LineUnits] = []
    position = 0
    while position < len(text):
        match = UNITS.match(text, position)
        if not match:
            raise click.UsageError(
                f"{text} does not say how many units: write LINE=QUANTITY, such as MUG-BLUE=2."
            )
        found.append(LineUnits(line=match["line"], quantity=int(match["quantity"])))
        position = match.end()
    if not found:
        raise click.UsageError("A line is empty: write LINE=QUANTITY, such as MUG-BLUE=2.")
    return found


def _part(text: str) -> RefundPart:
    named, *amounts = AMOUNTS.split(text, maxsplit=1)
    line, quantity = _quantity(named.strip())
    if not line:
        raise click.UsageError(f"{text or 'An empty text'} names no line: see --help.")
    return RefundPart(line=line, quantity=quantity, amounts=_amounts(text, amounts[0]) if amounts else {})


def _quantity(named: str) -> tuple[str, int | None]:
    line, separator, quantity = named.rpartition("=")
    if not separator:
        return named, None
    if not QUANTITY.fullmatch(quantity.strip()):
        raise click.UsageError(
            f"{named}: after = there must be a whole number of units from 1. A line whose SKU has a = "
            "is named by its order item id."
        )
    return line.strip(), int(quantity)


def _amounts(text: str, typed: str) -> dict[str, str]:
    amounts: dict[str, str] = {}
    for each in typed.split(","):
        match = AMOUNT.fullmatch(each)
        if not match:
            what = each.strip() or "an empty text"
            raise click.UsageError(f"{text}: {what} is no amount: write Principal=10.00,Shipping=2.50.")
        if match["component"] in amounts:
            raise click.UsageError(f"{text}: {match['component']} is given twice.")
        amounts[match["component"]] = match["amount"]
    return amounts
