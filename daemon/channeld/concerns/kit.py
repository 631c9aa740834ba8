"""What actors are made with. Each reads its state from the store; only connections are kept here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio
import httpx

from channeld.amazon.budgets import Budgets
from channeld.amazon.send import SellingPartner
from channeld.book.reports.schedule import SCHEDULERS, Scheduler
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.refused_markets import RefusedMarkets
from channeld.concerns.sync_board import SyncBoard
from channeld.runtime.checked_clock import CheckedClock
from channeld.store.store import Store

__all__ = ["Kit"]


@dataclass(frozen=True)
class Kit:
    """Shared by all actors."""

    clock: CheckedClock
    store: Store
    partner: SellingPartner
    budgets: Budgets
    board: SyncBoard
    order_rate: OrderRate
    http: httpx.AsyncClient
    """For documents, which lie at addresses of their own."""
    instance: str
    """Which installation this is: outbound work of another one is held."""
    readers: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(2))
    """So many listing reports are read at the same time: each takes a core."""
    schedulers: Sequence[Scheduler] = SCHEDULERS
    """What is begun by itself for each account."""
    feed_messages: int = 10_000
    """Messages of a listings feed."""
    refused_markets: RefusedMarkets = field(default_factory=RefusedMarkets)
    """Channels whose stock Amazon refuses, one by one."""
