"""Cancelling a caller of the store: its unit is not run at all, or stored whole."""

import asyncio
import threading
from pathlib import Path

import anyio

from channeld.store.unit import Unit
from tests.support.store_samples import open_store
from tests.support.store_units import keys, put, putting


async def test_a_unit_cancelled_while_it_waits_never_runs(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store, anyio.create_task_group() as tasks:
        loop, running, may_end = asyncio.get_running_loop(), anyio.Event(), threading.Event()

        def hold_the_writer(unit: Unit) -> None:
            put("first", unit)
            loop.call_soon_threadsafe(running.set)
            may_end.wait()

        tasks.start_soon(store.write, hold_the_writer)
        await running.wait()
        with anyio.CancelScope() as scope:
            loop.call_soon(scope.cancel)
            await store.write(putting("cancelled"))
        may_end.set()
        assert scope.cancelled_caught
        assert await store.write(putting("next")) == "next"
        assert await store.read(keys) == {"first", "next"}


async def test_who_is_cancelled_already_writes_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        with anyio.CancelScope() as scope:
            scope.cancel()
            await store.write(putting("cancelled"))
        assert scope.cancelled_caught
        assert await store.write(putting("next")) == "next"
        assert await store.read(keys) == {"next"}


async def test_a_unit_cancelled_while_it_runs_is_stored_whole_and_the_writer_goes_on(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        loop = asyncio.get_running_loop()
        with anyio.CancelScope() as scope:

            def cancelled_inside(unit: Unit) -> str:
                put("first", unit)
                cancelled = threading.Event()
                loop.call_soon_threadsafe(lambda: (scope.cancel(), cancelled.set()))
                cancelled.wait()
                return put("second", unit)

            assert await store.write(cancelled_inside) == "second"
        assert await store.read(keys) == {"first", "second"}
        assert await store.write(putting("next")) == "next"


async def test_a_cancelled_daemon_still_commits_what_its_actors_write_while_they_stop(tmp_path: Path) -> None:
    with anyio.CancelScope() as daemon:
        async with open_store(tmp_path) as store:
            try:
                daemon.cancel()
                await anyio.sleep_forever()
            finally:
                with anyio.CancelScope(shield=True):
                    await store.write(putting("outcome"))
    async with open_store(tmp_path) as store:
        assert await store.read(keys) == {"outcome"}
