"""Dates of reports: `2022-03-15 02:26:37 PDT`, `08/07/2016 10:12:40 BST`, `2020-09-11T12:13:14+00:00`."""

import re
from datetime import datetime

from channeld.amazon.reports.zones import zones_of
from channeld.domain.marketplaces import Marketplace

__all__ = ["Dates"]

_YEARS = range(1995, 2200)
_DATE = re.compile(
    r"(?:(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})[-/.](?P<m2>[0-9]{1,2})[-/.](?P<y2>[0-9]{4}))"
    r"[ T]{1,3}(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r" {0,3}(?P<zone>\S{0,10})"
)


class Dates:
    """Reads the dates of one marketplace's reports."""

    def __init__(self, marketplace: Marketplace) -> None:
        self._zones = zones_of(marketplace)

    def instant(self, text: str) -> datetime | None:
        """UTC; None for what is no date, or has a zone that is not known, or none.

        Days go before months where the year is last: nobody has seen the other order.
        """
        try:
            local, zone = _in_order(text)
            ahead = self._zones[zone]
            if ahead is None:
                return None
            at = datetime.fromisoformat(f"{local}+00:00") - ahead
        except (ValueError, OverflowError):
            return None
        return at if at.year in _YEARS else None


def _in_order(text: str) -> tuple[str, str]:
    """An ISO date and time, and the zone. Raises `ValueError`."""
    if text[19:20] == " ":
        if text[4] == text[7] == "-":
            return text[:19], text[20:]
        if text[2] == text[5] == "/":
            return f"{text[6:10]}-{text[3:5]}-{text[:2]}{text[10:19]}", text[20:]
    return _pulled_apart(text)


def _pulled_apart(text: str) -> tuple[str, str]:
    """The same of what is written in another way."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError("is not a date and time")
    year, month, day = (found["y"], found["m"], found["d"]) if found["y"] else found.group("y2", "m2", "d2")
    time = f"{found['hour']:0>2}:{found['minute']}:{found['second'] or '00'}"
    return f"{year}-{month:0>2}-{day:0>2} {time}", found["zone"]
