"""How near an order is to the time by which Amazon wants it shipped."""

from datetime import datetime, timedelta
from typing import Literal

__all__ = ["AT_RISK", "Risk", "risk_of"]

AT_RISK = timedelta(hours=24)
Risk = Literal["overdue", "at risk", "on track", ""]


def risk_of(ship_by: datetime | None, now: datetime) -> Risk:
    """Empty for an order without such a time."""
    if ship_by is None:
        return ""
    if ship_by < now:
        return "overdue"
    return "at risk" if ship_by - now <= AT_RISK else "on track"
