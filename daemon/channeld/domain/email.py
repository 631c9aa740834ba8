"""The buyer's e-mail address: disclosed, waited for, or replaced (semantics C4)."""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from channeld.domain.order_state import discloses_email

__all__ = ["LOOK_UPS", "NOT_DISCLOSED", "EmailState", "email_deadline", "email_state", "is_email", "settled"]

NOT_DISCLOSED = "NOT DISCLOSED BY AMAZON"
"""The specification's literal; no mail function ever gets it."""

LOOK_UPS = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=60))
"""When the address is looked for again, from the first disclosing status on; the last is the deadline."""

_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,58}[A-Za-z0-9])"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+{_TOP}")


class EmailState(StrEnum):
    NONE = "none"
    """Not looked for: pending or cancelled."""
    PENDING = "pending"
    DISCLOSED = "disclosed"
    ALTERNATE = "alternate"
    NOT_DISCLOSED = "not disclosed"


def is_email(text: str) -> bool:
    """Whether a text has the form of one e-mail address, as mail programs accept it."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def settled(alternate: str) -> EmailState:
    """What the field becomes when no address came in time."""
    return EmailState.ALTERNATE if alternate else EmailState.NOT_DISCLOSED


def email_deadline(first_disclosing_at: datetime) -> datetime:
    """Until when an address is waited for."""
    return first_disclosing_at + LOOK_UPS[-1]


def email_state(
    before: EmailState,
    *,
    has_address: bool,
    status: str,
    by_amazon: bool,
    kept: bool,
    alternate: str,
) -> EmailState:
    """The state after an order was stored.

    `by_amazon`: an FBA order, settled at once. `kept`: whether personal data is kept at all; an order that
    arrives after its retention has ended has nothing to wait for.
    """
    if has_address and kept:
        return EmailState.DISCLOSED
    if before not in (EmailState.NONE, EmailState.PENDING):
        return before
    if not discloses_email(status):
        return EmailState.NONE
    if by_amazon or not kept:
        return settled(alternate)
    return EmailState.PENDING
