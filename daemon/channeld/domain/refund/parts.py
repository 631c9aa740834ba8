"""What a person asks to be given back for one line, in minor units by component (semantics C3)."""

from collections.abc import Mapping

import msgspec

from channeld.domain.money import BadAmount, format_amount, parse_amount
from channeld.domain.refund.balances import Balance, ChargedLine
from channeld.domain.refund.charged import COMPONENTS, PER_UNIT, TAX_OF
from channeld.domain.refund.shares import share_of, units_given
from channeld.domain.settings import nearest
from channeld.errors import Problem

__all__ = ["Part", "read_part"]

_KNOWN = (*COMPONENTS, "Goodwill", "ReturnShipping", "RestockingFee", "ExportCharge")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a request. Without quantity and amounts: all that is left of it."""

    line: str
    quantity: int | None = None
    """The share of so many units, with its tax."""
    amounts: Mapping[str, str] = {}
    """Decimals by component."""


def read_part(
    balance: Balance, part: Part, currency: str, *, tax_apart: bool
) -> tuple[dict[str, int], list[Problem]]:
    """Components to refund, or everything that is wrong with the part."""
    if part.quantity is None and not part.amounts:
        return _all(balance, part)
    components: dict[str, int] = {}
    problems: list[Problem] = []
    if part.quantity is not None:
        message = _wrong_units(balance.line, part.quantity)
        if message:
            problems.append(Problem(key=f"lines.{part.line}", message=message))
        else:
            components = _share(balance, part.quantity)
    amounts, wrong = _amounts(balance, part, currency, tax_apart=tax_apart)
    return components | amounts, [*problems, *wrong]


def _all(balance: Balance, part: Part) -> tuple[dict[str, int], list[Problem]]:
    components = {component: minor for component, minor in balance.left.items() if minor}
    line = balance.line
    message = ""
    if line.by_cancellation and not line.open:
        message = _wrong_units(line, 1)
    elif not components:
        message = "has nothing left to give back"
    return components, [Problem(key=f"lines.{part.line}", message=message)] if message else []


def _wrong_units(line: ChargedLine, quantity: int) -> str:
    if quantity <= 0:
        return "must be 1 unit or more"
    if quantity > line.quantity:
        return f"has {line.quantity} ordered, not {quantity}"
    if line.by_cancellation:
        return _wrong_cancellation(line, quantity)
    if quantity <= line.shipped:
        return ""
    return f"has {line.shipped} of {line.quantity} shipped: only what is shipped was charged"


def _wrong_cancellation(line: ChargedLine, quantity: int) -> str:
    if quantity <= line.open:
        return ""
    if line.under_way:
        return "was processed here and Amazon does not show it as shipped yet: refund it when it does"
    return f"has {line.open} left to cancel, not {quantity}" if line.open else "is cancelled already"


def _share(balance: Balance, quantity: int) -> dict[str, int]:
    """Units after those that were given back; the last ones that can be cancelled take the rest along."""
    line = balance.line
    if line.by_cancellation and quantity == line.open and not line.under_way:
        return {component: minor for component, minor in balance.left.items() if minor}
    charged = line.charged or {}
    principal = charged.get("Principal", 0)
    given = balance.due.get("Principal", 0) - balance.left.get("Principal", 0)
    first = line.cancelled if line.by_cancellation else units_given(principal, line.quantity, given)
    shares = {
        component: share_of(charged.get(component, 0), line.quantity, first, quantity)
        for component in PER_UNIT
    }
    return {component: minor for component, minor in shares.items() if minor}


def _amounts(
    balance: Balance, part: Part, currency: str, *, tax_apart: bool
) -> tuple[dict[str, int], list[Problem]]:
    found: dict[str, int] = {}
    problems: list[Problem] = []
    names = {component.lower(): component for component in _KNOWN}
    for typed, text in part.amounts.items():
        component = names.get(typed.strip().lower())
        key = f"lines.{part.line}.{component or typed}"
        if component is None:
            problems.append(Problem(key=key, message=_no_component(), nearest=nearest(typed, COMPONENTS)))
            continue
        message = _refused(balance, component, part, found, tax_apart=tax_apart)
        minor, wrong = _minor(text, currency)
        if message or wrong:
            problems.append(Problem(key=key, message=message or wrong))
        else:
            found[component] = minor
    return found, problems


def _no_component() -> str:
    return f"is no component; there are {', '.join(COMPONENTS)}"


def _refused(
    balance: Balance, component: str, part: Part, found: Mapping[str, int], *, tax_apart: bool
) -> str:
    if balance.line.by_cancellation:
        return "cannot be given back by amount: nothing was shipped, so units are cancelled instead"
    if component in TAX_OF.values() and not tax_apart:
        return "is part of the price in this marketplace: give it back with the component that it belongs to"
    if component in found:
        return "is named twice; add it up"
    if part.quantity is not None and component in PER_UNIT:
        return "is in the share of the units already; name either units or the amount"
    if component not in COMPONENTS:
        return "was not charged: only what was charged can be given back"
    return ""


def _minor(text: str, currency: str) -> tuple[int, str]:
    try:
        minor = parse_amount(text, currency)
    except BadAmount as error:
        return 0, str(error)
    return minor, "" if minor > 0 else f"must be more than {format_amount(0, currency)}"
