"""Dates as listing reports have them: in the marketplace's own time and way of writing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

__all__ = ["open_date"]

EUROPE = frozenset(("IE", "ES", "GB", "FR", "BE", "NL", "DE", "IT", "SE", "PL"))
HOUR = timedelta(hours=1)


class _Zone(NamedTuple):
    offset: timedelta
    name: str
    summer: str
    """Its name in summer, when it is an hour ahead; empty where there is no summer time."""
    summer_of: Callable[[int], tuple[datetime, datetime]]
    written: Callable[[str], str]
    """The day of an ISO instant as people there write it."""


def open_date(at: datetime, country: str) -> str:
    """Such as `08/07/2016 10:12:40 BST` or `2022-03-15 02:26:37 PDT`."""
    zone = _ZONES.get(country, _UTC)
    start, end = zone.summer_of(at.year) if zone.summer else (at, at)
    name, offset = (zone.summer, zone.offset + HOUR) if start <= at < end else (zone.name, zone.offset)
    local = (at + offset).isoformat(" ")
    return f"{zone.written(local)} {local[11:19]} {name}"


def _sunday(year: int, month: int, after: int) -> datetime:
    """The first Sunday of that month from that day on."""
    day = datetime(year, month, after, tzinfo=UTC)
    return day + timedelta(days=(6 - day.weekday()) % 7)


@cache
def _european_summer(year: int) -> tuple[datetime, datetime]:
    """From the last Sunday of March to that of October, changing at 01:00 UTC."""
    return _sunday(year, 3, 25) + HOUR, _sunday(year, 10, 25) + HOUR


@cache
def _pacific_summer(year: int) -> tuple[datetime, datetime]:
    """From the second Sunday of March to the first of November, changing at 02:00 local time."""
    return _sunday(year, 3, 8) + 10 * HOUR, _sunday(year, 11, 1) + 9 * HOUR


def _british(iso: str) -> str:
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}"


def _iso(iso: str) -> str:
    return iso[:10]


def _japanese(iso: str) -> str:
    return iso[:10].replace("-", "/")


_UTC = _Zone(timedelta(0), "UTC", "", _european_summer, _iso)
_PACIFIC = _Zone(-8 * HOUR, "PST", "PDT", _pacific_summer, _iso)
_ZONES = {country: _Zone(HOUR, "MET", "MEST", _european_summer, _british) for country in EUROPE} | {
    "GB": _Zone(timedelta(0), "GMT", "BST", _european_summer, _british),
    "IE": _Zone(timedelta(0), "GMT", "BST", _european_summer, _british),
    "US": _PACIFIC,
    "CA": _PACIFIC,
    "MX": _PACIFIC,
    "JP": _Zone(9 * HOUR, "JST", "", _european_summer, _japanese),
}
