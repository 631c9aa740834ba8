"""Fixtures of the part ring that several files use."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from tests.support.book_shop import open_shop
from tests.support.ctl import Ctl
from tests.support.domain_orders import order
from tests.support.fake_daemon import FakeDaemon
from tests.support.ledger_shop import LedgerShop


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[LedgerShop]:
    """A seller's book with one order that is to be sent, and an empty ledger."""
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order())
        yield LedgerShop(shop)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    """One that answers what it is told to."""
    with FakeDaemon(tmp_path / "channeld.sock") as daemon:
        yield daemon


@pytest.fixture
def ctl(daemon: FakeDaemon) -> Ctl:
    """The command line at its socket."""
    return Ctl(daemon.path)
