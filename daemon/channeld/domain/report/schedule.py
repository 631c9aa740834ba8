"""When listings are downloaded by themselves (semantics I10)."""

from datetime import datetime, timedelta

__all__ = ["next_automatic"]

EVERY = timedelta(hours=24)
AFTER_FAILURE = timedelta(hours=4)


def next_automatic(last_done: datetime | None, last_begun: datetime | None) -> datetime | None:
    """A day after the last that ended well, whoever asked for it; None when it is due now.

    After one that failed, or said too little, it waits for some hours: Amazon keeps a listing report for up
    to six.
    """
    day_later = last_done + EVERY if last_done else None
    is_failed = last_begun is not None and (last_done is None or last_begun > last_done)
    later = last_begun + AFTER_FAILURE if last_begun and is_failed else None
    known = [each for each in (day_later, later) if each is not None]
    return max(known, default=None)
