"""What can be watched: a topic, and the messages a watcher gets of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

__all__ = ["Changes", "Event", "SnapshotChunk", "Topic"]

Row_co = TypeVar("Row_co", covariant=True)


@dataclass(frozen=True)
class Topic(Generic[Row_co]):
    """Rows that can be watched, and how they are read. Each row has a key and a version that only grows.

    Both readers see at least everything that was committed before they were called, and mark their store
    calls as work on the clock.
    """

    name: str
    everything: Callable[[], AsyncIterator[Sequence[Row_co]]]
    """All rows in chunks, each small enough for one message."""
    some: Callable[[Collection[str]], Awaitable[Mapping[str, Row_co]]]
    """The rows of these keys, at most `feed.MERGE_LIMIT` at once; a key missing in the answer is gone."""


class SnapshotChunk(msgspec.Struct, frozen=True):
    """A part of all rows as they are now; chunk 0 replaces what the watcher had."""

    topic: str
    chunk: int
    last: bool
    rows: bytes
    """Encoded."""


class Changes(msgspec.Struct, frozen=True):
    """These rows now look so."""

    topic: str
    number: int
    """1, 2, 3 … since the snapshot, for this watcher."""
    rows: bytes
    """Encoded."""
    gone: tuple[str, ...] = ()
    """Keys of rows that no longer exist."""


Event = SnapshotChunk | Changes
