"""The best script that one can write on python-amazon-sp-api: searches of 2026-01-01, one commit a page.

`python -m tests.bench.scripts.best URL FOLDER ORDERS`. It encrypts nothing, keeps no audit trail, reads
nothing before it writes, and is content with what SQLite loses when the power fails.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.bench.scripts.local_sp_api import MARKETPLACE_ID, connected
from tests.bench.scripts.measured import measured

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE orders (
    order_id TEXT PRIMARY KEY, marketplace_id TEXT, status TEXT, fulfilled_by TEXT, purchased_at TEXT,
    updated_at TEXT, total TEXT, currency TEXT, buyer_email TEXT, raw TEXT
);
CREATE TABLE order_items (
    order_item_id TEXT PRIMARY KEY, order_id TEXT, sku TEXT, asin TEXT, title TEXT, quantity INTEGER,
    total TEXT
);
CREATE INDEX orders_updated_at ON orders (updated_at);
CREATE INDEX order_items_order_id ON order_items (order_id);
"""
INCLUDED = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"


def ingest(api: Any, db: sqlite3.Connection) -> None:
    asked: dict[str, Any] = {
        "lastUpdatedAfter": "2026-01-01T00:00:00Z",
        "marketplaceIds": [MARKETPLACE_ID],
        "maxResultsPerPage": 100,
        "includedData": INCLUDED,
    }
    while True:
        page = api.search_orders(**asked)
        store(db, page.payload["orders"])
        if not page.pagination:
            return
        asked["paginationToken"] = page.pagination["nextToken"]


def store(db: sqlite3.Connection, orders: Iterable[dict[str, Any]]) -> None:
    lines = [(order["orderId"], item) for order in orders for item in order["orderItems"]]
    with db:
        db.executemany(
            "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(order_row, orders)
        )
        db.executemany(
            "INSERT OR REPLACE INTO order_items VALUES (?, ?, ?, ?, ?, ?, ?)", map(item_row, lines)
        )


def order_row(order: dict[str, Any]) -> tuple[object, ...]:
    total = order.get("proceeds", {}).get("grandTotal", {})
    return (
        order["orderId"],
        order["salesChannel"]["marketplaceId"],
        order["fulfillment"]["fulfillmentStatus"],
        order["fulfillment"]["fulfilledBy"],
        order["createdTime"],
        order["lastUpdatedTime"],
        total.get("amount"),
        total.get("currencyCode"),
        order.get("buyer", {}).get("buyerEmail"),
        json.dumps(order),
    )


def item_row(line: tuple[str, dict[str, Any]]) -> tuple[object, ...]:
    order_id, item = line
    product = item["product"]
    return (
        item["orderItemId"],
        order_id,
        product["sellerSku"],
        product["asin"],
        product["title"],
        item["quantityOrdered"],
        item.get("proceeds", {}).get("proceedsTotal", {}).get("amount"),
    )


def main(url: str, folder: str, count: int) -> None:
    db = sqlite3.connect(Path(folder, "best.db"))
    db.executescript(SCHEMA)
    api = connected("orders_2026_01_01", "OrdersV20260101", url)
    with measured(count):
        ingest(api, db)
    assert db.execute("SELECT count(*) FROM orders").fetchone() == (count,)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
