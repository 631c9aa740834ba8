"""A unit of work: what one caller writes, all of it or nothing."""

from collections.abc import Callable, Hashable, Mapping, Set
from typing import TypeAlias

from sqlalchemy import Connection

__all__ = ["Changes", "OnCommit", "Unit"]

Changes: TypeAlias = Mapping[str, Set[Hashable]]
"""Topic → keys of the rows that changed."""

OnCommit: TypeAlias = Callable[[Changes], None]
"""Told once after each commit, before any caller goes on. Must not wait and must not write."""


class Unit:
    """What a unit of work writes with. It lives no longer than the function that was given it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes: dict[str, set[Hashable]] = {}

    def changed(self, topic: str, *keys: Hashable) -> None:
        """Note rows that watchers should read again once this is committed."""
        self.changes.setdefault(topic, set()).update(keys)
