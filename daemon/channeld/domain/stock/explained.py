"""How a quantity came about, in one line for people (semantics D3–D5)."""

from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.available import Available
from channeld.domain.stock.limits import Limit, Offer, Step

__all__ = ["explained"]


def explained(made: Offer | Abstention, *, sent_by: str = "") -> str:
    """`A=12 (15−3), End When 10 passed, 80 % → 9, cap 25 → 9`, or why nothing is sent.

    `sent_by`: the channel that sends the SKU; empty when none does.
    """
    if isinstance(made, Abstention):
        if sent_by:
            return f"{sent_by} sends it, and this channel nothing: {made.value}"
        return f"nothing is sent: {made.value}"
    return ", ".join([_available(made.available), *(_step(step) for step in made.steps)])


def _available(available: Available) -> str:
    units = _number(available.units)
    if not available.components:
        return f"A={units} ({_number(available.physical)}−{_number(available.reserved)})"
    short = available.components[0]
    return f"A={units} (kit: {_number(short.available.units)} of {short.sku}, {short.each} in each)"


def _step(step: Step) -> str:
    own = " of the listing" if step.of_listing else ""
    match step.limit:
        case Limit.END_WHEN:
            return f"End When {step.setting}{own} {'passed' if step.after else 'reached → 0'}"
        case Limit.PERCENTAGE:
            return f"{step.setting:f} %{own} → {step.after}"
        case Limit.CAP:
            return f"cap {step.setting}{own} → {step.after}"
        case Limit.NEGATIVE:
            return "below zero → 0"


def _number(number: int) -> str:
    return f"{number}".replace("-", "−")
