"""What handlers work with."""

from dataclasses import dataclass, field
from datetime import datetime

from channeld.account_test.run import AccountTest
from channeld.amazon.budgets import Budgets
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.refused_markets import RefusedMarkets
from channeld.concerns.sync_board import SyncBoard
from channeld.control.listing_counts import Recount
from channeld.runtime.clock import Clock
from channeld.runtime.supervisor import Supervisor
from channeld.store.store import Store

__all__ = ["Parts"]


@dataclass(frozen=True)
class Parts:
    """The daemon as the socket sees it."""

    clock: Clock
    store: Store
    supervisor: Supervisor
    budgets: Budgets
    board: SyncBoard
    order_rate: OrderRate
    account_test: AccountTest
    instance: str
    """Which installation this is."""
    started_at: datetime
    version: str
    listing_counts: Recount = field(default_factory=Recount)
    refused_markets: RefusedMarkets = field(default_factory=RefusedMarkets)
