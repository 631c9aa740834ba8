"""A repeat that comes so early that Amazon would answer with the same, or with nothing (semantics H5)."""

from datetime import datetime, timedelta

from channeld.errors import InvalidRequest

__all__ = ["DOWNLOAD_PAUSE", "check_pause"]

DOWNLOAD_PAUSE = timedelta(minutes=15)
"""Between two downloads of listings; from a success on."""


def check_pause(what: str, last: datetime | None, pause: timedelta, now: datetime) -> None:
    """Raises `InvalidRequest("asked_recently")`. `what`: such as `Listings of uk were downloaded`."""
    if last is not None and now - last < pause:
        minutes = round(pause.total_seconds() / 60)
        raise InvalidRequest(
            "asked_recently",
            f"{what} at {last:%H:%M} UTC, less than {minutes} minutes ago.",
            "Amazon would answer with the same, or with nothing. `--again` asks all the same.",
        )
