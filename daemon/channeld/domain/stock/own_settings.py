"""What people set for single listings, from what they type to what counts (semantics D3–D5, 0.1)."""

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from channeld.domain.setting_kinds import boolean
from channeld.domain.settings import nearest
from channeld.domain.stock import limits
from channeld.domain.stock.limits import NONE_SET, Limits
from channeld.errors import Problem

__all__ = ["KEYS", "NOTHING_SET", "OwnSettings", "read_own"]

KEYS = ("end_when", "stock_percentage", "max_listed", "ignore_sync")
_NUMBERS = KEYS[:3]
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
_NO_NUMBER = Decimal("NaN")
_ZERO = "zero"
"""The number 0, also where 0 alone says that nothing is set."""


class OwnSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Of one listing; what is None is not set for it, so the channel's counts."""

    limits: Limits = NONE_SET
    ignore_sync: bool | None = None
    """None: not said; then it is on for what Amazon fulfils."""

    @property
    def texts(self) -> dict[str, str]:
        """By key, as people type them; empty for what is not set."""
        own = self.limits
        return {
            "end_when": _written(own.end_when),
            "stock_percentage": _written(own.percentage),
            "max_listed": _written(own.max_listed),
            "ignore_sync": "" if self.ignore_sync is None else "on" if self.ignore_sync else "off",
        }


NOTHING_SET = OwnSettings()


def read_own(
    before: OwnSettings, typed: Mapping[str, str], *, by_amazon: bool, imported: bool = False
) -> tuple[OwnSettings, list[Problem]]:
    """What is set after that, and every problem, by key. What is not typed stays; an empty text clears.

    `by_amazon`: Amazon fulfils it, from its own stock; then Ignore Sync stays on. `imported`: numbers of
    Linnworks', where 0 is how a field says that nothing is set; a 0 that counts is `zero` there.
    """
    problems = [
        Problem(key=key, message="is not a setting of a listing", nearest=nearest(key, KEYS))
        for key in typed
        if key not in KEYS
    ]
    numbers = {key: _read(typed[key], imported=imported) for key in _NUMBERS if key in typed}
    problems += limits.refused(
        numbers.get("end_when"), numbers.get("stock_percentage"), numbers.get("max_listed")
    )
    ignore, wrong = _ignore_sync(before.ignore_sync, typed.get("ignore_sync"), by_amazon=by_amazon)
    problems += wrong
    if problems:
        return before, problems
    return OwnSettings(limits=_changed(before.limits, numbers), ignore_sync=ignore), []


def _changed(before: Limits, numbers: Mapping[str, Decimal | None]) -> Limits:
    def whole(key: str, known: int | None) -> int | None:
        if key not in numbers:
            return known
        number = numbers[key]
        return None if number is None else int(number)

    return Limits(
        end_when=whole("end_when", before.end_when),
        percentage=numbers.get("stock_percentage", before.percentage),
        max_listed=whole("max_listed", before.max_listed),
    )


def _read(text: str, *, imported: bool) -> Decimal | None:
    """None: cleared. What is no number is none that passes."""
    given = text.strip().replace("−", "-")
    if not given:
        return None
    if given.casefold() == _ZERO:
        return Decimal(0)
    number = Decimal(given) if _NUMBER.fullmatch(given) else _NO_NUMBER
    return None if imported and number == 0 else number


def _ignore_sync(
    before: bool | None, text: str | None, *, by_amazon: bool
) -> tuple[bool | None, list[Problem]]:
    if text is None:
        return before, []
    if not text.strip():
        return None, []
    try:
        ignore = boolean(text) == "on"
    except ValueError as error:
        return before, [Problem(key="ignore_sync", message=str(error))]
    if by_amazon and not ignore and before is not False:
        message = "stays on: Amazon fulfils this listing from its own stock"
        return before, [Problem(key="ignore_sync", message=message)]
    return ignore, []


def _written(number: Decimal | int | None) -> str:
    return "" if number is None else f"{number:f}" if isinstance(number, Decimal) else str(number)
