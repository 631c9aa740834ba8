"""Opening the book: lock, file, migrations, key, and then one writer beside a few readers."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from channeld.runtime.clock import Clock
from channeld.store import meta
from channeld.store.cipher import Cipher
from channeld.store.engine import READERS, reader_engine, writer_engine
from channeld.store.failures import explained
from channeld.store.files import prepare_file
from channeld.store.lock import held_lock
from channeld.store.migrate import bring_up_to_date
from channeld.store.unit import Changes, OnCommit, Unit
from channeld.store.writer import Writer

__all__ = ["Store"]

T = TypeVar("T")


class Store:
    """The open book. Made by `Store.open`; the aggregates are used through `write` and `read`."""

    def __init__(
        self, path: Path, clock: Clock, cipher: Cipher, writer: Writer, readers: AsyncEngine
    ) -> None:
        self.path = path
        self.cipher = cipher
        self._clock = clock
        self._writer = writer
        self._readers = readers
        self._slots = anyio.CapacityLimiter(READERS)

    @staticmethod
    @asynccontextmanager
    async def open(
        path: Path, clock: Clock, key: bytes, on_commit: OnCommit | None = None
    ) -> AsyncGenerator["Store"]:
        """Open or make the database; on the way out, commit what still waits and close.

        `key` is 32 bytes (see `keys.load_key`). Raises `ChanneldError`: `database_in_use`, `database_newer`,
        `database_damaged`, `database_read_only`, `database_directory_missing`, `wrong_key`.
        """
        prepare_file(path)
        with held_lock(path):
            engine, readers = writer_engine(path), reader_engine(path)
            try:
                with clock.working():
                    await anyio.to_thread.run_sync(bring_up_to_date, engine)
                writer = Writer(engine, clock, on_commit or _tell_nobody)
                async with _running(writer):
                    store = Store(path, clock, Cipher(key), writer, readers)
                    await store.write(lambda unit: meta.check_key(unit, store.cipher))
                    yield store
            finally:
                with anyio.CancelScope(shield=True):
                    await readers.dispose()
                    engine.dispose()

    async def write(self, unit: Callable[[Unit], T]) -> T:
        """Run a unit of work: all of it is stored, or nothing. Returns its result after the commit.

        Raises what the unit raised, or `ChanneldError` (`disk_full`, `database_locked`, `database_read_only`,
        `database_failed`) when the store failed; nothing is stored then. The function runs in the writer's
        thread, between other units: no waiting and no network in it, and nothing that belongs to the loop.
        """
        return await self._writer.write(unit)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run queries on one state of the book, beside the writer. What takes over 100 ms must be paged."""
        with self._clock.working():
            async with self._slots:
                with anyio.CancelScope(shield=True), explained():
                    async with self._readers.connect() as connection:
                        return await connection.run_sync(query)
        raise AssertionError("a shield without a deadline swallows nothing")

    async def checkpoint(self) -> None:
        """Empty the write-ahead log into the database, so that what was deleted is gone from disk."""
        await self._writer.outside("PRAGMA wal_checkpoint(TRUNCATE)")


def _tell_nobody(_changes: Changes) -> None:
    """Nobody watches this store."""


@asynccontextmanager
async def _running(writer: Writer) -> AsyncGenerator[None]:
    """Run the writer beside the block; what the block raises leaves as it is, in no exception group."""
    failure: Exception | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(writer.run)
        try:
            yield
        except Exception as error:
            failure = error
        finally:
            writer.stop()
    if failure is not None:
        raise failure
