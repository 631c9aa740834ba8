"""Reads a topic and encodes it. Logs when reading begins to fail and when it works again, not in between."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

import msgspec
import structlog

from channeld.runtime.reason import frames_of, reason_of
from channeld.runtime.topic import Topic

__all__ = ["Content", "ReadFailed", "Source"]

Row = TypeVar("Row")
Item = TypeVar("Item")

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Content(msgspec.Struct, frozen=True):
    """Rows as they now look, encoded once for all who get them."""

    rows: bytes
    gone: tuple[str, ...]


class ReadFailed(Exception):
    """The topic cannot be read now; the reason is logged."""


class Source(Generic[Row]):
    """One topic, for all who watch it."""

    def __init__(self, topic: Topic[Row], encode: Callable[[Sequence[Row]], bytes]) -> None:
        self.name = topic.name
        self._topic = topic
        self._encode = encode
        self._failing = False

    async def read(self, keys: Collection[str]) -> Content:
        """Those rows as they now look. Raises `ReadFailed`."""
        with self._watched():
            rows = await self._topic.some(keys)
            gone = tuple(sorted(set(keys).difference(rows)))
            return Content(self._encode(list(rows.values())), gone)

    async def chunks(self) -> AsyncGenerator[tuple[bytes, bool]]:
        """All rows in encoded chunks, at least one, each with whether it is the last. Raises `ReadFailed`."""
        pages = self._topic.everything()
        held: Sequence[Row] | None = None
        try:
            with self._watched():
                async for page in pages:
                    if held is not None:
                        yield self._encode(held), False
                    held = page
                yield self._encode(held or ()), True
        finally:
            await _close(pages)

    @contextmanager
    def _watched(self) -> Generator[None]:
        try:
            yield
        except Exception as error:
            self._note_failure(error)
            raise ReadFailed from error
        if self._failing:
            self._failing = False
            log.info("topic readable again", topic=self.name)

    def _note_failure(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            log.error("topic unreadable", topic=self.name, reason=reason_of(error).text)
            log.debug("topic traceback", topic=self.name, frames=frames_of(error))


async def _close(pages: AsyncIterator[Item]) -> None:
    if isinstance(pages, AsyncGenerator):
        await pages.aclose()
