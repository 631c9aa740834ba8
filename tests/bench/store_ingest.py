"""How fast the store takes orders in: `python -m tests.bench.store_ingest`, by hand, one JSON line.

raw_orders_per_second         the rows of such pages with sqlite3's executemany, one transaction a page
pages_orders_per_second       pages of 100 orders with two lines each, read and saved, one unit a page
pages_ratio                   the second through the first: best of three runs of each, in turns
pages_cpu_ratio               the same of CPU time, which a busy machine does not disturb
producers_units_per_second    100 producers that each store single orders for themselves (group commit)
producers_p50_ms, _p99_ms     how long one of them waited for its commit
book_orders_per_second        pages of 100 orders as Amazon shows them, read and booked with all that follows
book_again_orders_per_second  the same pages once more, nothing new in them
read_share                    the part of booking new pages that goes into reading Amazon's JSON
longest_stall_ms              the longest that the loop was late meanwhile, seen by a ticker of 1 ms
"""

import json
import sqlite3
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import anyio.to_thread

from channeld.book.readings import Readings, read_all
from channeld.book.search_page import Page, book_page
from channeld.runtime.clock import SystemClock
from channeld.store import orders, searches
from channeld.store.order_records import OrderRecord
from channeld.store.searches import Search
from channeld.store.store import Store
from channeld.store.unit import Unit
from tests.support.store_pages import add_search, amazon_pages
from tests.support.store_samples import add_channel, open_store, order

PAGE = 100
PAGES = 40
ROUNDS = 3
PRODUCERS = 100
ORDERS_EACH = 40
BOOKED_PAGES = 20
TICK = 0.001

CLOCK = SystemClock()


class Watch:
    """Seconds that a block took, by the clock and of this process's CPU."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu = 0.0

    @contextmanager
    def running(self) -> Generator[None]:
        began, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds += time.perf_counter() - began
        self.cpu += time.process_time() - cpu


def save_new(unit: Unit, channel_id: int, page: Sequence[OrderRecord]) -> None:
    """What a download does with a page of new orders."""
    known = orders.stored(unit.connection, [channel_id], [each.order_id for each in page])
    orders.save_page(unit, [each for each in page if each.key not in known])


async def through_the_store(folder: Path) -> Watch:
    """Pages into a new store."""
    watch = Watch()
    async with open_store(folder, CLOCK) as store:
        uk = (await store.write(add_channel)).id
        for number in range(PAGES):
            page = [order(uk, number * PAGE + each) for each in range(PAGE)]
            with watch.running():
                await store.write(lambda unit, page=page: save_new(unit, uk, page))
    return watch


def raw(source: Path, target: Path) -> Watch:
    """The rows of `source` into an empty copy of its schema, with nothing between Python and SQLite."""
    full, empty = sqlite3.connect(source), sqlite3.connect(target, isolation_level=None)
    for (statement,) in full.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
        empty.execute(statement)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        empty.execute(f"PRAGMA {pragma}")
    book = full.execute("SELECT * FROM orders ORDER BY id").fetchall()
    lines = full.execute("SELECT * FROM order_lines ORDER BY order_pk").fetchall()
    each = len(lines) // len(book)
    watch = Watch()
    with watch.running():
        for start in range(0, len(book), PAGE):
            empty.execute("BEGIN IMMEDIATE")
            _insert(empty, "orders", book[start : start + PAGE])
            _insert(empty, "order_lines", lines[start * each : (start + PAGE) * each])
            empty.execute("COMMIT")
    full.close()
    empty.close()
    return watch


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (our own table names)


async def pages() -> dict[str, float]:
    """Both ways in turns, so that a busy machine slows both."""
    stored: list[Watch] = []
    plain: list[Watch] = []
    for _ in range(ROUNDS):
        with TemporaryDirectory() as folder:
            stored.append(await through_the_store(Path(folder)))
            plain.append(raw(Path(folder, "channeld.db"), Path(folder, "raw.db")))
    seconds, raw_seconds = (min(each.seconds for each in watches) for watches in (stored, plain))
    cpu, raw_cpu = (min(each.cpu for each in watches) for watches in (stored, plain))
    return {
        "raw_orders_per_second": round(PAGES * PAGE / raw_seconds),
        "pages_orders_per_second": round(PAGES * PAGE / seconds),
        "pages_ratio": round(raw_seconds / seconds, 2),
        "pages_cpu_ratio": round(raw_cpu / cpu, 2),
    }


async def producers() -> dict[str, float]:
    """Many callers with one order each."""
    waits: list[float] = []
    watch = Watch()

    async def produce(store: Store, own: Sequence[OrderRecord]) -> None:
        for single in own:
            asked = time.perf_counter()
            await store.write(lambda unit, single=single: orders.save_page(unit, [single]))
            waits.append(time.perf_counter() - asked)

    with TemporaryDirectory() as folder:
        async with open_store(Path(folder), CLOCK) as store:
            uk = (await store.write(add_channel)).id
            numbers = range(0, PRODUCERS * ORDERS_EACH, ORDERS_EACH)
            books = [[order(uk, first + each) for each in range(ORDERS_EACH)] for first in numbers]
            with watch.running():
                async with anyio.create_task_group() as tasks:
                    for own in books:
                        tasks.start_soon(produce, store, own)
    waits.sort()
    return {
        "producers_units_per_second": round(len(waits) / watch.seconds),
        "producers_p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "producers_p99_ms": round(waits[len(waits) * 99 // 100] * 1000, 1),
    }


async def book(store: Store, search: Search, readings: Readings) -> None:
    """One page of a search that goes on."""
    page = Page(readings=readings, next_token="more", bound=None)  # noqa: S106 (a page's, no secret)
    now = CLOCK.now()
    await store.write(lambda unit: book_page(unit, store.cipher, search, page, now))


async def booking() -> dict[str, float]:
    """The whole way of an order download, from Amazon's JSON to the commit."""
    answers = await amazon_pages(CLOCK, BOOKED_PAGES)
    count = sum(len(answer) for answer in answers)
    reading, new, again = Watch(), Watch(), Watch()
    stalls: list[float] = []
    with TemporaryDirectory() as folder:
        async with open_store(Path(folder), CLOCK) as store, anyio.create_task_group() as tasks:
            search = await store.write(lambda unit: add_search(unit, CLOCK))
            await store.write(lambda unit: searches.save(unit, search))
            tasks.start_soon(tick, stalls)
            read: list[Readings] = []
            for answer in answers:
                with new.running():
                    with reading.running():
                        read.append(await anyio.to_thread.run_sync(read_all, answer))
                    await book(store, search, read[-1])
            for readings in read:
                with again.running():
                    await book(store, search, readings)
            tasks.cancel_scope.cancel()
    return {
        "book_orders_per_second": round(count / new.seconds),
        "book_again_orders_per_second": round(count / again.seconds),
        "read_share": round(reading.seconds / new.seconds, 2),
        "longest_stall_ms": round(max(stalls) * 1000, 1),
    }


async def tick(stalls: list[float]) -> None:
    """Note how late each tick is."""
    while True:
        began = time.perf_counter()
        await anyio.sleep(TICK)
        stalls.append(time.perf_counter() - began - TICK)


async def main() -> None:
    figures = await pages() | await producers() | await booking()
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    anyio.run(main)
