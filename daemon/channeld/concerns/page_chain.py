"""A chain of pages that leads back to a page it has been at would go on for ever."""

from datetime import datetime

__all__ = ["PageChain"]


class PageChain:
    """The page tokens that one search has had. In memory only: after a restart it finds out again."""

    def __init__(self) -> None:
        self._started_at: datetime | None = None
        self._seen: set[int] = set()

    def leads_back(self, started_at: datetime, sent: str, following: str) -> bool:
        """Note a page of the search that began then; whether the token that follows was there before.

        Only hashes are kept, as a search may have hundreds of pages.
        """
        if started_at != self._started_at:
            self._started_at, self._seen = started_at, set()
        self._seen.add(hash(sent))
        is_known = hash(following) in self._seen
        self._seen.add(hash(following))
        return is_known
