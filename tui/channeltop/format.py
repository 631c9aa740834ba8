"""How values read on the screen: money, times, spans, cells."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from rich.cells import cell_len, set_cell_size

__all__ = [
    "NOTHING",
    "age",
    "amount",
    "cell",
    "clock_time",
    "count",
    "countdown",
    "instant",
    "local_moment",
    "moment",
    "number",
    "span",
    "things",
]

NOTHING = "–"
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}
"""Decimals of a currency's amounts (ISO 4217) where they are not 2."""


def amount(minor: int | None, currency: str) -> str:
    """Minor units as people write them: 123456 GBP → `1,234.56 GBP`; a missing amount is a dash."""
    return NOTHING if minor is None else f"{number(minor, currency)} {currency}".rstrip()


def number(minor: int | None, currency: str) -> str:
    """An amount without its currency."""
    if minor is None:
        return NOTHING
    digits = MINOR_DIGITS.get(currency, 2)
    return f"{Decimal(minor).scaleb(-digits):,.{digits}f}"


def count(n: int) -> str:
    """A number of things; none is a dash, so that what is there stands out."""
    return f"{n:,}" if n else NOTHING


def things(n: int, word: str) -> str:
    """So many of something: `1 order`, `3 orders`."""
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def instant(at: datetime | None, missing: str = NOTHING) -> str:
    """An instant in UTC, to the second."""
    return missing if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def moment(at: datetime | None, now: datetime) -> str:
    """An instant in UTC; of today only the time."""
    return clock_time(at) if at and at.astimezone(UTC).date() == now.astimezone(UTC).date() else instant(at)


def clock_time(at: datetime | None) -> str:
    """The time of day in UTC."""
    return NOTHING if at is None else f"{at.astimezone(UTC):%H:%M:%S}"


def local_moment(at: datetime | None, now: datetime) -> str:
    """An instant in local time, to the minute, with its zone; of today only the time."""
    if at is None:
        return NOTHING
    local = at.astimezone()
    return f"{local:%H:%M %Z}" if local.date() == now.astimezone().date() else f"{local:%m-%d %H:%M %Z}"


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that says enough: `12 s`, `5 min`, `3 h 20`, `4 d`."""
    return NOTHING if since is None else _span(now - since)


def countdown(until: datetime | None, now: datetime) -> str:
    """How long until then: `0:42`, `12:05`, `3 h 20`, `4 d`; a moment that passed is `now`."""
    if until is None:
        return NOTHING
    seconds = round((until - now).total_seconds())
    if seconds <= 0:
        return "now"
    return f"{seconds // 60}:{seconds % 60:02}" if seconds < 3600 else _span(until - now)


def span(seconds: float) -> str:
    """A length of time, in the same units as an age."""
    return _span(timedelta(seconds=seconds))


def _span(length: timedelta) -> str:
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 86400:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02}"
    return f"{seconds // 86400} d"


def cell(text: str, width: int, *, right: bool = False) -> str:
    """Text made exactly `width` terminal cells wide; what does not fit ends in `…`."""
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 1 else set_cell_size(text, width)
    gap = " " * (width - size)
    return gap + text if right else text + gap
