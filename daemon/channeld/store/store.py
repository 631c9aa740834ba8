"""Opening the book: lock, file, migrations, key, and then one writer beside a few readers."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.to_thread
import structlog
from sqlalchemy import Connection, Engine

from channeld.runtime.clock import Clock
from channeld.store import meta, rotation
from channeld.store.checkpoint import empty_log
from channeld.store.cipher import Cipher
from channeld.store.engine import READERS, reader_engine, writer_engine
from channeld.store.failures import StoreFailure, explained
from channeld.store.files import prepare_file
from channeld.store.health import Health
from channeld.store.lock import held_lock
from channeld.store.migrate import bring_up_to_date
from channeld.store.open_files import OpenFiles
from channeld.store.unit import Changes, OnCommit, Unit
from channeld.store.writer import Writer

__all__ = ["Store"]

T = TypeVar("T")

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


class Store:
    """The open book. Made by `Store.open`; the aggregates are used through `write` and `read`."""

    def __init__(
        self,
        files: OpenFiles,
        clock: Clock,
        cipher: Cipher,
        writer: Writer,
        readers: Engine,
        health: Health,
    ) -> None:
        self.path = files.path
        self.cipher = cipher
        self._files = files
        self._health = health
        self._clock = clock
        self._writer = writer
        self._readers = readers
        self._slots = anyio.CapacityLimiter(READERS)

    @staticmethod
    @asynccontextmanager
    async def open(
        path: Path,
        clock: Clock,
        key: bytes,
        on_commit: OnCommit | None = None,
        on_health: Callable[[], None] | None = None,
    ) -> AsyncGenerator["Store"]:
        """Open or make the database; on the way out, commit what still waits and close.

        `key` is 32 bytes (see `keys.load_key`). `on_health` hears when `failure` becomes another. Raises
        `ChanneldError`: `database_in_use`, `database_newer`, `database_damaged`, `database_read_only`,
        `database_directory_missing`, `wrong_key`.
        """
        prepare_file(path)
        with held_lock(path):
            engine, readers = writer_engine(path), reader_engine(path)
            try:
                with clock.working():
                    await anyio.to_thread.run_sync(_make_ready, engine, path, key, clock.now())
                files, health = OpenFiles(path), Health(on_health or _do_nothing)
                writer = Writer(engine, files, clock, health, on_commit or _tell_nobody)
                async with _running(writer):
                    store = Store(files, clock, Cipher(key), writer, readers, health)
                    await store.write(lambda unit: meta.check_key(unit, store.cipher))
                    yield store
            finally:
                readers.dispose()
                engine.dispose()

    @property
    def failure(self) -> StoreFailure | None:
        """Why the store does not work at present; None while it does."""
        return self._health.failure

    async def write(self, unit: Callable[[Unit], T]) -> T:
        """Run a unit of work: all of it is stored, or nothing. Returns its result after the commit.

        Raises what the unit raised, or `StoreFailure` (its codes are in `failures`) when the store failed;
        nothing is stored then. The function runs in the writer's thread, between other units: no waiting and
        no network in it, and nothing that belongs to the loop.
        """
        return await self._writer.write(unit)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run queries on one state of the book, beside the writer. What takes over 100 ms must be paged."""
        try:
            self._files.check()
            with self._clock.working(), explained(self.path):
                return await anyio.to_thread.run_sync(self._run, query, limiter=self._slots)
        except StoreFailure as failure:
            self._health.note([failure], wrote=False)
            raise

    def _run(self, query: Callable[[Connection], T]) -> T:
        """In a worker thread."""
        with self._readers.connect() as connection:
            return query(connection)

    async def checkpoint(self) -> None:
        """Empty the write-ahead log into the database, so that what was deleted is gone from disk."""
        await self._writer.outside("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_ready(engine: Engine, path: Path, key: bytes, now: datetime) -> None:
    """Migrations, a rotation of the key that was interrupted, and what a killed daemon left in the log."""
    if not path.stat().st_size:
        log.info("a new, empty book is begun", database=str(path))
    bring_up_to_date(engine)
    if settled := rotation.settle(engine, key, now):
        log.warning("a replacement of the key had been interrupted", finished=settled.finished)
    try:
        with explained(path), engine.connect() as connection:
            empty_log(connection)
    except StoreFailure as failure:
        # A full disk, for one. What was promised can be read all the same, and what is wrong will be shown.
        log.warning("the write-ahead log could not be emptied", code=failure.code, reason=failure.message)


def _do_nothing() -> None:
    """Nobody asks how this store is."""


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
