"""From a sale to the request that lowers the other channels: `python -m tests.bench.sale_latency`.

Two channels of one seller share all SKUs. 50,000 of them wait to be told, requests are the only way (Amazon
allows no feeds), and Amazon grants five in a second, each of which takes 300 ms. Then 300 other SKUs are sold
at moments of chance, about two in a second. Daemon and Amazon are processes of their own, time is real. With
`--importing` the levels of all the others are imported again and again meanwhile. With `--feeds` Amazon takes
feeds, too, and what is sold sits in one that it is working on. One JSON line:

free_p99_ms, _max_ms    how long a token was there between the sale and its request; wanted: p99 < 1,000
whole_p50_ms, …         from the moment at which the sale was asked to be booked until its request came
others_most             requests for other SKUs that came between
dirty                   SKUs that waited when the sales began, and when they were over
refused                 requests that Amazon's bucket refused
idle_share              tokens that nobody took during the sales, as a share
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import cycle
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import anyio

from channel_protocol.channels import AddChannel, EnableChannel, SetChannel
from channel_protocol.client import Client, connect
from channel_protocol.stock import SaveStock, StockLevel
from tests.bench.scripts.patched_amazon import BURST, RATE
from tests.bench.scripts.whole_channeld import add_shop
from tests.support.daemon import new_id
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached

DIRTY, SALES = 50_000, 300
EVERY = 0.45
"""Seconds between two sales, on the average."""
PLENTY = 1_000
PAGE = 500
HELD_BACK = RATE * 0.25
"""Of the bucket, as two requests may arrive closer together than they left."""
_FILL = (
    """INSERT INTO items (sku, sku_folded, title, title_key, created_at, changed_at, version)
        SELECT value, lower(value), value, lower(value), 0, 0, 1 FROM json_each(:skus)""",
    """INSERT INTO links (account_id, sku, item_id, automatic, by, at)
        SELECT accounts.id, items.sku, items.id, 1, 'bench', 0 FROM accounts, items""",
    """INSERT INTO listings (channel_id, sku, sku_folded, asin, listing_id, title, title_key, price,
        quantity, status, condition, fulfilled_by, product_id, product_id_type, presence, missed, fingerprint,
        first_seen_at, changed_at, version)
        SELECT channels.id, items.sku, items.sku_folded, 'B' || items.id, '', items.title, '', 999, 1,
        'Active', '11', 'merchant', '', '', 'listed', 0, items.id, 0, 0, 1 FROM channels, items""",
)


class Told(NamedTuple):
    """One request for a SKU, as Amazon saw it."""

    at: float
    sku: str
    quantity: int | None
    status: int


class Sale(NamedTuple):
    """One unit of it is gone."""

    at: float
    sku: str
    left: int


def sold_sku(number: int) -> str:
    return f"SOLD-{number:04}"


def waiting_sku(number: int) -> str:
    return f"WAIT-{number:06}"


async def open_shop(folder: Path, url: str, skus: Sequence[str]) -> None:
    """A book with an account, two channels that are off, and these SKUs on both of them."""
    daemon = DaemonProcess(folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon) as client:
            await add_shop(client, url)
            await client.request(
                AddChannel(command_id=new_id(), channel="de", account="eu", marketplace="DE")
            )
        await daemon.end()
    with closing(sqlite3.connect(daemon.database)) as book, book:
        for statement in _FILL:
            book.execute(statement, {"skus": json.dumps(skus)})


async def count(client: Client, levels: Sequence[tuple[str, int]]) -> None:
    """So many lie there."""
    for start in range(0, len(levels), PAGE):
        rows = [StockLevel(sku=sku, location="Default", units=n) for sku, n in levels[start : start + PAGE]]
        await client.request(SaveStock(command_id=new_id(), mode="import", rows=tuple(rows)))


async def begin(client: Client) -> None:
    for channel in ("uk", "de"):
        values = {"update_inventory": "on", "inventory_locations": "Default"}
        await client.request(SetChannel(command_id=new_id(), channel=channel, values=values))
        await client.request(EnableChannel(command_id=new_id(), channel=channel))


def dirty(book: sqlite3.Connection) -> int:
    return book.execute("SELECT count(*) FROM desired_stock WHERE dirty_since IS NOT NULL").fetchone()[0]


def in_a_feed(book: sqlite3.Connection) -> list[str]:
    """SKUs of a feed that Amazon works on."""
    found = book.execute(
        "SELECT sku FROM desired_stock JOIN feeds ON feeds.account_id = desired_stock.account_id"
        " WHERE flight = 'feed' AND feeds.feed_id <> '' ORDER BY sku"
    )
    return [sku for (sku,) in found]


def told(notes: Path) -> list[Told]:
    return [Told(*json.loads(line)) for line in notes.read_text().splitlines()]


async def sell(client: Client, skus: Sequence[str]) -> list[Sale]:
    """One after the other, at moments of chance."""
    rng = Random(11)  # noqa: S311 (the same moments in every run; no secret)
    sales: list[Sale] = []
    for sku in skus:
        await anyio.sleep(rng.expovariate(1 / EVERY))
        sale = Sale(time.monotonic(), sku, PLENTY - 1)
        taken = StockLevel(sku=sale.sku, location="Default", units=-1)
        await client.request(SaveStock(command_id=new_id(), mode="add", rows=(taken,)))
        sales.append(sale)
    return sales


async def go_on_importing(daemon: DaemonProcess, skus: Sequence[str]) -> None:
    """Other levels each time, without a pause."""
    async with connect(daemon.socket) as client:
        for turn in cycle(range(1, PLENTY)):
            await count(client, [(sku, PLENTY + turn) for sku in skus])


async def live(
    folder: Path, url: str, notes: Path, waiting: int, *, importing: bool, feeds: bool
) -> tuple[list[Sale], list[int]]:
    """The sales, and how many SKUs waited before and after them."""
    sold = [sold_sku(number) for number in range(SALES)]
    rest = [waiting_sku(number) for number in range(waiting)]
    await open_shop(folder, url, [*sold, *rest])
    daemon = DaemonProcess(folder)
    with ended_afterwards([daemon.process]):
        async with reached(daemon) as client:
            with closing(sqlite3.connect(f"file:{daemon.database}?mode=ro", uri=True)) as book:
                await begin(client)
                await count(client, [(sku, PLENTY) for sku in sold])
                await until(lambda: len({each.sku for each in told(notes)}) == SALES and not dirty(book))
                await count(client, [(sku, PLENTY) for sku in rest])
                await until(lambda: dirty(book) >= waiting * 0.95)
                if feeds:
                    await until(lambda: len(in_a_feed(book)) >= SALES)
                    sold = Random(12).sample(in_a_feed(book), SALES)  # noqa: S311 (the same choice; no secret)
                counts, sales = [dirty(book)], list[Sale]()
                async with anyio.create_task_group() as tasks:
                    if importing:
                        tasks.start_soon(go_on_importing, daemon, rest)
                    sales += await sell(client, sold)
                    lower = {(sale.sku, sale.left) for sale in sales}
                    await until(lambda: {(each.sku, each.quantity) for each in told(notes)} >= lower)
                    tasks.cancel_scope.cancel()
                counts.append(dirty(book))
        await daemon.end()
    return sales, counts


async def until(is_so: Callable[[], bool]) -> None:
    """Nothing tells, on purpose: whoever is measured does no more than usual."""
    while not is_so():  # noqa: ASYNC110
        await anyio.sleep(0.3)


def figures(sales: Sequence[Sale], requests: Sequence[Told]) -> dict[str, float]:
    first, free, whole, others = sales[0].at, list[float](), list[float](), list[int]()
    pauses = free_pauses(requests)
    for sale in sales:
        (came,) = [each.at for each in requests if (each.sku, each.quantity) == (sale.sku, sale.left)][:1]
        whole.append(came - sale.at)
        free.append(sum(max(0.0, min(end, came) - max(start, sale.at)) for start, end in pauses))
        others.append(sum(sale.at < each.at < came for each in requests))
    during = [each for each in requests if first <= each.at <= sales[-1].at]
    return {
        **{f"free_{name}": value for name, value in spread(free).items()},
        **{f"whole_{name}": value for name, value in spread(whole).items()},
        "others_most": max(others),
        "refused": sum(each.status == 429 for each in requests),
        "idle_share": 1 - len(during) / ((sales[-1].at - first) * RATE),
    }


def free_pauses(requests: Sequence[Told]) -> list[tuple[float, float]]:
    """When a token was there that nobody had taken, by the requests as they came; rather too long."""
    level, at = 0.0, requests[0].at
    pauses: list[tuple[float, float]] = []
    for each in requests:
        there = at + max(0.0, 1 - level) / RATE
        if there < each.at:
            pauses.append((there, each.at))
        level, at = max(0.0, min(BURST - HELD_BACK, level + RATE * (each.at - at)) - 1), each.at
    return pauses


def spread(seconds: Sequence[float]) -> dict[str, float]:
    ranked = sorted(seconds)
    shown = {"p50": len(ranked) // 2, "p99": len(ranked) * 99 // 100, "max": len(ranked) - 1}
    return {f"{name}_ms": ranked[place] * 1000 for name, place in shown.items()}


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dirty", type=int, default=DIRTY)
    parser.add_argument("--importing", action="store_true")
    parser.add_argument("--feeds", action="store_true")
    options = parser.parse_args()
    with TemporaryDirectory() as place:
        folder, notes = Path(place), Path(place, "notes")
        command = [sys.executable, "-m", "tests.bench.scripts.patched_amazon", str(notes)]
        command += ["--feeds"] if options.feeds else []
        amazon = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: ASYNC220, S603 (our own program; starting it blocks nobody who is measured)
        with ended_afterwards([amazon]):
            url = amazon.stdout.readline().decode().strip() if amazon.stdout else ""
            sales, counts = await live(
                folder, url, notes, options.dirty, importing=options.importing, feeds=options.feeds
            )
            shown = {name: round(value, 3) for name, value in figures(sales, told(notes)).items()}
    sys.stdout.write(json.dumps({**shown, "dirty": counts, "sales": len(sales)}) + "\n")


if __name__ == "__main__":
    anyio.run(main)
