"""One channel that Amazon refuses must not stop the others of its account, with which it shares searches.

After a refusal of a search of several channels each is searched alone for a while. One that is refused alone
is set aside: it is shown with the reason, left out, and tried again after an hour.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

__all__ = ["Isolation"]

ASIDE = timedelta(hours=1)


class Isolation:
    """Which channels are searched together now. It is a cache: a restart finds out again."""

    def __init__(self) -> None:
        self._suspects: list[int] = []
        self._aside: dict[int, datetime] = {}

    def forget(self, channel_ids: Iterable[int]) -> None:
        """A person has changed something about these, which may have helped."""
        for channel_id in channel_ids:
            self._aside.pop(channel_id, None)

    def leave_out(self, channel_ids: Collection[int], now: datetime) -> set[int]:
        """Channels that the next search must not contain."""
        self._aside = {id_: until for id_, until in self._aside.items() if until > now and id_ in channel_ids}
        self._suspects = [id_ for id_ in self._suspects if id_ in channel_ids and id_ not in self._aside]
        alone = set(channel_ids) - {self._suspects[0]} if self._suspects else set[int]()
        return alone | set(self._aside)

    def refused(self, channel_ids: Collection[int], now: datetime) -> int | None:
        """A search was refused. Returns the channel that is to blame, once that is known."""
        if len(channel_ids) > 1:
            self._suspects = sorted(channel_ids)
            return None
        culprit = next(iter(channel_ids))
        self._aside[culprit] = now + ASIDE
        self._clear([culprit])
        return culprit

    def answered(self, channel_ids: Iterable[int]) -> None:
        """A search of these was answered."""
        self._clear(channel_ids)

    def _clear(self, channel_ids: Iterable[int]) -> None:
        cleared = set(channel_ids)
        self._suspects = [id_ for id_ in self._suspects if id_ not in cleared]
