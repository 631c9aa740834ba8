"""Group commit: units share a transaction, and none pays for another."""

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import Connection, event, text

from channeld.errors import ChanneldError
from channeld.store import meta
from channeld.store.failures import StoreFailure
from channeld.store.store import Store
from channeld.store.unit import Changes, Unit
from channeld.store.writer import GROUP_UNITS
from tests.support.fake_clock import FakeClock
from tests.support.store_samples import open_store
from tests.support.store_units import keys, put, putting


def fail(_unit: Unit) -> None:
    raise LookupError("this unit's own")


async def all_at_once(store: Store, *units: Callable[[Unit], object]) -> list[Any]:
    """Results, or the errors, of units that were queued before any of them could run."""
    outcomes: list[Any] = [None] * len(units)

    async def write(position: int) -> None:
        try:
            outcomes[position] = await store.write(units[position])
        except Exception as error:
            outcomes[position] = error

    async with anyio.create_task_group() as tasks:
        for position in range(len(units)):
            tasks.start_soon(write, position)
    return outcomes


async def test_a_result_is_committed_when_it_arrives(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        assert await store.write(putting("a")) == "a"
        with sqlite3.connect(tmp_path / "channeld.db") as other:
            assert other.execute("SELECT count(*) FROM meta WHERE key = 'a'").fetchone() == (1,)
        other.close()


def half(unit: Unit) -> None:
    put("half", unit)
    raise LookupError("after writing")


async def test_a_failing_unit_takes_no_other_with_it_and_leaves_nothing(tmp_path: Path) -> None:
    told: list[Changes] = []
    async with open_store(tmp_path, on_commit=told.append) as store:
        first, broken, last = await all_at_once(store, putting("a"), half, putting("b"))
        assert (first, last) == ("a", "b")
        assert isinstance(broken, LookupError)
        assert await store.read(keys) == {"a", "b"}
    assert told == [{"fact": {"a", "b"}}]


async def test_a_unit_that_fails_alone_leaves_nothing_and_tells_nobody(tmp_path: Path) -> None:
    told: list[Changes] = []
    async with open_store(tmp_path, on_commit=told.append) as store:
        with pytest.raises(LookupError):
            await store.write(half)
        assert await store.read(keys) == set()
        assert await store.write(putting("next")) == "next"
    assert told == [{"fact": {"next"}}]


async def test_units_never_hold_up_the_loop(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        loop = asyncio.get_running_loop()

        def wait_for_the_loop(unit: Unit) -> str:
            turned = threading.Event()
            loop.call_soon_threadsafe(turned.set)
            turned.wait()
            return put("a", unit)

        assert await store.write(wait_for_the_loop) == "a"


async def test_a_transaction_that_takes_long_lets_the_rest_wait_for_the_next_one(tmp_path: Path) -> None:
    class Hurrying(FakeClock):
        """Every look at it is an hour later."""

        def monotonic(self) -> float:
            return next(hours)

    hours = itertools.count(0.0, 3600.0)
    groups: list[Changes] = []
    async with open_store(tmp_path, Hurrying(), groups.append) as store:
        assert await all_at_once(store, *map(putting, "abc")) == ["a", "b", "c"]
        assert await store.read(keys) == {"a", "b", "c"}
    assert groups == [{"fact": {"a"}}, {"fact": {"b"}}, {"fact": {"c"}}]


async def test_units_that_wait_together_share_one_transaction_of_bounded_size(tmp_path: Path) -> None:
    groups: list[Changes] = []
    async with open_store(tmp_path, on_commit=groups.append) as store:
        names = [f"k{number}" for number in range(GROUP_UNITS + 10)]
        await all_at_once(store, *[putting(name) for name in names])
        assert await store.read(keys) == set(names)
    assert [len(group["fact"]) for group in groups] == [GROUP_UNITS, 10]


async def test_watchers_are_told_after_the_commit_and_once_a_group(tmp_path: Path) -> None:
    seen: list[tuple[set[Hashable], int]] = []

    def look(changes: Changes) -> None:
        with sqlite3.connect(tmp_path / "channeld.db") as other:
            stored = other.execute("SELECT count(*) FROM meta WHERE key <> 'key_check'").fetchone()[0]
        other.close()
        seen.append((set(changes["fact"]), stored))

    async with open_store(tmp_path, on_commit=look) as store:
        await all_at_once(store, putting("a"), putting("b"))
    assert seen == [({"a", "b"}, 2)]


async def test_a_watcher_that_fails_harms_nobody(tmp_path: Path) -> None:
    def broken(_changes: Changes) -> None:
        raise LookupError("a watcher's mistake")

    async with open_store(tmp_path, on_commit=broken) as store:
        assert await store.write(putting("a")) == "a"
        assert await store.write(putting("b")) == "b"


async def test_a_failed_commit_fails_the_whole_group_and_the_next_one_works(tmp_path: Path) -> None:
    told: list[Changes] = []
    async with open_store(tmp_path, on_commit=told.append) as store:

        def prepare(unit: Unit) -> None:
            engine = unit.connection.engine
            broken = [sqlite3.OperationalError("disk I/O error")]

            @event.listens_for(engine, "commit")
            def on_commit(_connection: Connection) -> None:
                if broken:
                    raise broken.pop()

            _ = on_commit

        await store.write(prepare_nothing)
        outcomes = await all_at_once(store, prepare, putting("a"), putting("b"), fail)
        assert [type(each) for each in outcomes] == [StoreFailure, StoreFailure, StoreFailure, LookupError]
        assert {each.code for each in outcomes[:3]} == {"database_failed"}
        assert outcomes[0] is not outcomes[1]
        assert await store.read(keys) == set()
        assert await store.write(putting("c")) == "c"
        assert await store.read(keys) == {"c"}
    assert told == [{"fact": {"c"}}]


def prepare_nothing(_unit: Unit) -> None:
    """A unit may write nothing at all."""


async def test_a_full_disk_is_said_and_work_goes_on_when_there_is_space(tmp_path: Path) -> None:
    def limit(pages: str, unit: Unit) -> None:
        unit.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def large(unit: Unit) -> None:
        unit.connection.execute(text("INSERT INTO meta VALUES ('large', zeroblob(5000000))"))

    async with open_store(tmp_path) as store:
        await store.write(lambda unit: limit("100", unit))
        full, small = await all_at_once(store, large, putting("small"))
        assert isinstance(full, ChanneldError)
        assert full.code == "disk_full"
        assert full.hint
        assert small == "small" or (isinstance(small, ChanneldError) and small.code == "disk_full")
        await store.write(lambda unit: limit("100000", unit))
        await store.write(large)
        assert "large" in await store.read(keys)


async def test_a_locked_database_is_said_and_work_goes_on_when_it_is_free(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        other = sqlite3.connect(tmp_path / "channeld.db", isolation_level=None)
        await store.write(lambda unit: unit.connection.exec_driver_sql("PRAGMA busy_timeout = 1") and None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ChanneldError) as refused:
            await store.write(putting("a"))
        assert refused.value.code == "database_locked"
        other.execute("ROLLBACK")
        assert await store.write(putting("b")) == "b"
        other.close()


async def test_readers_see_whole_commits_and_never_hold_up_the_writer(tmp_path: Path) -> None:
    def read_and_read_again(connection: Connection) -> tuple[set[str], set[str]]:
        before = keys(connection)
        with sqlite3.connect(tmp_path / "channeld.db") as other:
            other.execute("INSERT INTO meta VALUES ('meanwhile', x'00')")
        other.close()
        return before, keys(connection)

    async with open_store(tmp_path) as store:
        assert await store.read(read_and_read_again) == (set(), set())
        assert await store.read(keys) == {"meanwhile"}


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        with pytest.raises(ChanneldError) as refused:
            await store.read(lambda connection: meta.put(Unit(connection), "place", b"here"))
        assert refused.value.code == "database_read_only"


async def test_a_fake_clock_waits_for_the_store(tmp_path: Path) -> None:
    clock = FakeClock()
    stored: list[str] = []
    async with open_store(tmp_path, clock) as store, anyio.create_task_group() as tasks:

        async def page_after_page() -> None:
            for number in range(20):
                stored.append(await store.write(putting(str(number))))
                await clock.sleep(1)

        tasks.start_soon(page_after_page)
        await clock.advance(25)
        assert len(stored) == 20


async def test_a_closed_store_says_so(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        pass
    with pytest.raises(ChanneldError) as refused:
        await store.write(putting("late"))
    assert refused.value.code == "store_closed"
