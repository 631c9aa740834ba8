"""How fast the store takes orders in: `python -m tests.bench.store_ingest`, by hand, one JSON line.

pages_orders_per_second       pages of 100 orders with two lines each, read and saved, one unit a page
raw_orders_per_second         the same rows with sqlite3's executemany, one transaction a page
ratio                         the first through the second, in this run
producers_orders_per_second   100 producers that each store single orders for themselves (group commit)
producers_p50_ms, _p99_ms     how long one of them waited for its commit
"""

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio

from channeld.runtime.clock import SystemClock
from channeld.store import orders
from channeld.store.order_records import OrderRecord
from channeld.store.store import Store
from channeld.store.unit import Unit
from tests.support.store_samples import add_channel, open_store, order

PAGE = 100
PAGES = 60
PRODUCERS = 100
ORDERS_EACH = 40


def apply(unit: Unit, channel_id: int, page: list[OrderRecord]) -> None:
    """What a download does with a page of new orders."""
    known = orders.stored(unit.connection, [channel_id], [each.order_id for each in page])
    orders.save_page(unit, [each for each in page if each.key not in known])


async def through_the_store(folder: Path) -> float:
    async with open_store(folder, SystemClock()) as store:
        uk = (await store.write(add_channel)).id
        pages = [[order(uk, number * PAGE + each) for each in range(PAGE)] for number in range(PAGES)]
        began = time.perf_counter()
        for page in pages:
            await store.write(lambda unit, page=page: apply(unit, uk, page))
        return PAGES * PAGE / (time.perf_counter() - began)


def raw(source: Path, target: Path) -> float:
    """The rows of `source` into an empty copy of its schema, with nothing between Python and SQLite."""
    with (
        closing(sqlite3.connect(source)) as full,
        closing(sqlite3.connect(target, isolation_level=None)) as empty,
    ):
        for (statement,) in full.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            empty.execute(statement)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            empty.execute(f"PRAGMA {pragma}")
        book = full.execute("SELECT * FROM orders ORDER BY id").fetchall()
        lines = full.execute("SELECT * FROM order_lines ORDER BY order_pk").fetchall()
        each = len(lines) // len(book)
        began = time.perf_counter()
        for start in range(0, len(book), PAGE):
            empty.execute("BEGIN IMMEDIATE")
            _insert(empty, "orders", book[start : start + PAGE])
            _insert(empty, "order_lines", lines[start * each : (start + PAGE) * each])
            empty.execute("COMMIT")
        return len(book) / (time.perf_counter() - began)


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 (our own table names)


async def many_producers(folder: Path) -> tuple[float, list[float]]:
    waits: list[float] = []

    async def produce(store: Store, channel_id: int, producer: int) -> None:
        for number in range(ORDERS_EACH):
            single = order(channel_id, producer * ORDERS_EACH + number)
            asked = time.perf_counter()
            await store.write(lambda unit, single=single: orders.save_page(unit, [single]))
            waits.append(time.perf_counter() - asked)

    async with open_store(folder, SystemClock()) as store:
        uk = (await store.write(add_channel)).id
        began = time.perf_counter()
        async with anyio.create_task_group() as tasks:
            for producer in range(PRODUCERS):
                tasks.start_soon(produce, store, uk, producer)
        return PRODUCERS * ORDERS_EACH / (time.perf_counter() - began), sorted(waits)


async def main() -> None:
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        pages = await through_the_store(Path(first))
        plain = await anyio.to_thread.run_sync(raw, Path(first, "channeld.db"), Path(first, "raw.db"))
        producers, waits = await many_producers(Path(second))
    figures = {
        "pages_orders_per_second": round(pages),
        "raw_orders_per_second": round(plain),
        "ratio": round(pages / plain, 2),
        "producers_orders_per_second": round(producers),
        "producers_p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "producers_p99_ms": round(waits[len(waits) * 99 // 100] * 1000, 1),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    anyio.run(main)
