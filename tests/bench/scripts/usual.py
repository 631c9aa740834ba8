"""The usual script on python-amazon-sp-api: v0, the lines of each order asked for, one commit an order.

`python -m tests.bench.scripts.usual URL FOLDER ORDERS [kept]`. It follows the library's own examples,
decorators included: a client is made where it is used. With `kept` one client is made and used for
everything, as a second look at such a script would have it.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.scripts.local_sp_api import MARKETPLACE_ID, connected
from tests.bench.scripts.measured import measured

SCHEMA = """
CREATE TABLE orders (
    order_id TEXT PRIMARY KEY, marketplace_id TEXT, status TEXT, purchased_at TEXT, updated_at TEXT,
    total TEXT, currency TEXT, buyer_email TEXT, address TEXT, raw TEXT
);
CREATE TABLE order_items (
    order_item_id TEXT PRIMARY KEY, order_id TEXT, sku TEXT, asin TEXT, title TEXT, quantity INTEGER,
    price TEXT, tax TEXT
);
CREATE INDEX order_items_order_id ON order_items (order_id);
"""


def ingest(make: Callable[[], Any], db: sqlite3.Connection) -> None:
    """Every page, then the lines of each order, as the library's page on `load_all_pages` shows it."""
    tools: Any = import_module("sp_api.util")

    @tools.throttle_retry()
    @tools.load_all_pages()
    def load_all_orders(**asked: Any) -> Any:
        return make().get_orders(**asked)

    @tools.throttle_retry()
    def load_order_items(order_id: str) -> Any:
        return make().get_order_items(order_id)

    pages = load_all_orders(
        LastUpdatedAfter="2026-01-01T00:00:00Z", MarketplaceIds=[MARKETPLACE_ID], MaxResultsPerPage=100
    )
    for page in pages:
        for order in page.payload["Orders"]:
            store(db, order, load_order_items(order["AmazonOrderId"]).payload["OrderItems"])


def store(db: sqlite3.Connection, order: dict[str, Any], items: list[dict[str, Any]]) -> None:
    total = order.get("OrderTotal", {})
    db.execute(
        "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            order["AmazonOrderId"],
            order["MarketplaceId"],
            order["OrderStatus"],
            order["PurchaseDate"],
            order["LastUpdateDate"],
            total.get("Amount"),
            total.get("CurrencyCode"),
            order.get("BuyerInfo", {}).get("BuyerEmail"),
            json.dumps(order.get("ShippingAddress")),
            json.dumps(order),
        ),
    )
    for item in items:
        db.execute(
            "INSERT OR REPLACE INTO order_items VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                item["OrderItemId"],
                order["AmazonOrderId"],
                item["SellerSKU"],
                item["ASIN"],
                item["Title"],
                item["QuantityOrdered"],
                item.get("ItemPrice", {}).get("Amount"),
                item.get("ItemTax", {}).get("Amount"),
            ),
        )
    db.commit()


def main(url: str, folder: str, count: int, style: str = "") -> None:
    db = sqlite3.connect(Path(folder, "usual.db"))
    db.executescript(SCHEMA)

    def make() -> Any:
        return connected("orders_v0", "OrdersV0", url)

    api = make()
    with measured(count):
        ingest((lambda: api) if style == "kept" else make, db)
    assert db.execute("SELECT count(*) FROM orders").fetchone() == (count,)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
