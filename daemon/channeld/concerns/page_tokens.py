"""A list that is read page by page, to its end: one that has none must not be taken for a whole one."""

from channeld.amazon.errors import UnreadableAnswer

__all__ = ["PageTokens"]


class PageTokens:
    """The page tokens of one list that is read from its beginning at one go."""

    def __init__(self, operation: str, most: int) -> None:
        """`most`: pages that such a list can have."""
        self._operation = operation
        self._most = most
        self._followed: set[str] = set()

    def follow(self, token: str) -> str:
        """The token, for the next page. Raises `UnreadableAnswer` when the list would never end."""
        if token in self._followed:
            raise self._endless("its page token came for the second time")
        if len(self._followed) + 1 >= self._most:
            raise self._endless(f"it has more than {self._most} pages")
        self._followed.add(token)
        return token

    def _endless(self, why: str) -> UnreadableAnswer:
        return UnreadableAnswer(
            "unreadable_answer",
            f"A list of Amazon's ({self._operation}) does not end: {why}.",
            "It is read again by itself. If it lasts, check the account's endpoint and any proxy in between.",
            operation=self._operation,
        )
