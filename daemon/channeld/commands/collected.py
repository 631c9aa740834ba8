"""Problems of many parts of one request, so that all of them can be told together."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from channeld.errors import InvalidRequest, Problem

__all__ = ["Collected"]


class Collected:
    """Problems by their key, the first one of each."""

    def __init__(self) -> None:
        self._by_key: dict[str, Problem] = {}

    @property
    def found(self) -> Sequence[Problem]:
        """In the order in which they came."""
        return list(self._by_key.values())

    def add(self, *problems: Problem) -> None:
        for problem in problems:
            self._by_key.setdefault(problem.key, problem)

    @contextmanager
    def under(self, part: str, *, own: str) -> Generator[None]:
        """Keep what the block is refused for as `part.key`, and go on. `own`: the key of the part itself."""
        try:
            yield
        except InvalidRequest as refusal:
            for each in refusal.problems or (Problem(key=own, message=refusal.message),):
                key = part if each.key == own else f"{part}.{each.key}"
                self.add(Problem(key=key, message=each.message, nearest=each.nearest))
