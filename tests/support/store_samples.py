"""A store in a temporary folder, and orders to put into it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from sqlalchemy import create_engine

from channeld.domain.order import Amounts
from channeld.runtime.clock import Clock
from channeld.store import accounts, channels
from channeld.store.accounts import Account
from channeld.store.channels import Channel
from channeld.store.migrate import migrate
from channeld.store.order_records import LineRecord, OrderRecord
from channeld.store.store import Store
from channeld.store.unit import OnCommit, Unit
from tests.support.fake_clock import START, FakeClock

KEY = b"0123456789abcdef0123456789abcdef"

DEFAULT_LOCATION = 1
"""`Default`, which the first migration makes."""


@cache
def _migrated() -> bytes:
    """A new database, migrated once for all tests."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/book.db")
        with engine.begin() as connection:
            migrate(connection)
        engine.dispose()
        return Path(folder, "book.db").read_bytes()


@asynccontextmanager
async def open_store(
    folder: Path, clock: Clock | None = None, on_commit: OnCommit | None = None
) -> AsyncGenerator[Store]:
    """The store in that folder; opened again it is the same one."""
    path = folder / "channeld.db"
    if not path.exists():
        path.write_bytes(_migrated())
    async with Store.open(path, clock or FakeClock(), KEY, on_commit) as store:
        yield store


def add_account(unit: Unit, name: str = "eu") -> Account:
    return accounts.add(
        unit,
        Account(name=name, region="eu", seller_id="A1SELLER0000", client_id="client", created_at=START),
    )


def add_channel(
    unit: Unit, name: str = "uk", marketplace_id: str = "A1F83G8C2ARO7P", account_id: int | None = None
) -> Channel:
    """A channel; of an account of its own when none is given."""
    account_id = account_id or add_account(unit, f"of-{name}").id
    return channels.add(
        unit, Channel(account_id=account_id, name=name, marketplace_id=marketplace_id, created_at=START)
    )


def line(number: int = 1, sku: str = "MUG-01", quantity: int = 1, item: int = 1499) -> LineRecord:
    amounts = Amounts(item=item, tax=item // 6, tax_item=item // 6, total=item)
    return LineRecord(
        order_item_id=f"L{number}",
        sku=sku,
        quantity=quantity,
        ordered=quantity,
        priced=quantity,
        unfulfilled=quantity,
        amounts=amounts,
    )


def order(
    channel_id: int, number: int, *, minutes: int = 0, lines: int = 2, status: str = "UNSHIPPED"
) -> OrderRecord:
    """An order that Amazon changed that many minutes after the start."""
    updated: datetime = START + timedelta(minutes=minutes)
    return OrderRecord(
        channel_id=channel_id,
        order_id=f"202-{number:07d}-{number:07d}",
        status=status,
        rank=2,
        state="open",
        fulfilled_by="MERCHANT",
        location_id=DEFAULT_LOCATION,
        purchased_at=START,
        received=START.strftime("%Y-%m-%dT%H:%M:%S"),
        updated_at=updated,
        first_stored_at=updated,
        changed_at=updated,
        ship_by_latest=START + timedelta(days=2),
        currency="GBP",
        grand_total=1499 * lines,
        payment_tag="CREDITCARD",
        payment_method="Card",
        programs=("AMAZON_BUSINESS",),
        payload=b'{"orderId":"%d"}' % number,
        lines=tuple(line(each, quantity=each) for each in range(1, lines + 1)),
    )


def plain(record: OrderRecord) -> OrderRecord:
    """Without what the book adds by itself, to compare what was stored with what was given."""
    return msgspec.structs.replace(record, id=0, version=0, payload=None)
