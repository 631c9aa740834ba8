"""Amazon's texts for instants, read and written (Amazon's reference, section 2.4)."""

from datetime import UTC, datetime

__all__ = ["BadInstant", "format_instant", "parse_instant"]

_YEARS = range(1995, 2200)


class BadInstant(ValueError):
    """A text that is not an instant. The message never repeats it."""


def parse_instant(text: str) -> datetime:
    """ISO 8601 with a zone, with or without fractions, as UTC. Raises `BadInstant`.

    One without a zone is refused: hours more or less decide whether a parcel is late.
    """
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInstant("is not a date and time") from None
    if given.tzinfo is None:
        raise BadInstant("has no time zone")
    if given.year not in _YEARS:
        raise BadInstant("is not a believable date")
    return given.astimezone(UTC)


def format_instant(at: datetime) -> str:
    """As Amazon's parameters want it: UTC, milliseconds, `Z`. Raises `ValueError` without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
