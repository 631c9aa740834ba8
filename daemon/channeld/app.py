"""Read this first: settings → store → accounts → tree → socket.

`running` is the daemon. It opens the book, starts the actors that the book's accounts and channels call for,
and answers at the socket while its block runs; then it stops in reverse order.
"""

import uuid
from collections.abc import AsyncGenerator, Hashable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from random import Random, SystemRandom

import anyio
import httpx
import msgspec
import structlog

from channel_protocol.codec import AnyRow
from channeld.account_test.run import AccountTest
from channeld.amazon.auth import Tokens
from channeld.amazon.budgets import Budgets
from channeld.amazon.send import SellingPartner
from channeld.amazon.transport import make_client
from channeld.book.ledger.holding import take_up
from channeld.book.reports.schedule import SCHEDULERS, Scheduler
from channeld.book.saved_budgets import SavedBudgets
from channeld.concerns.kit import Kit
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.spooled import remove_orphaned
from channeld.concerns.sync_board import SyncBoard
from channeld.control.access import SocketRules
from channeld.control.binding import bind
from channeld.control.changes import Changes
from channeld.control.dispatch import Dispatcher
from channeld.control.listener import Listener
from channeld.control.listing_counts import Recount
from channeld.control.parts import Parts
from channeld.control.session import Desk
from channeld.control.topics import make_topics
from channeld.halt_keeper import HaltKeeper
from channeld.runtime.bus import Bus
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.clock import Clock, SystemClock
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from channeld.store.store import Store
from channeld.tree import OF_THE_MACHINE
from channeld.tree_keeper import TreeKeeper

__all__ = ["Setup", "running"]

STOP_WITHIN = 15.0
"""Seconds for all actors together to end in."""

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a daemon is made of; tests hand in another clock and transport."""

    database: Path
    socket: Path
    key: bytes
    instance: str
    """Which installation this is; what another one queued is not sent."""
    rules: SocketRules = field(default_factory=SocketRules)
    clock: Clock = field(default_factory=SystemClock)
    transport: httpx.AsyncBaseTransport | None = None
    rng: Random = field(default_factory=SystemRandom)
    schedulers: Sequence[Scheduler] = SCHEDULERS
    """What is begun by itself for each account."""
    feed_messages: int = 10_000
    """Messages of a listings feed."""


@asynccontextmanager
async def running(setup: Setup) -> AsyncGenerator[Parts]:
    """Run the daemon while the block runs.

    Raises `ChanneldError` if it cannot start: socket or database in use, a wrong key, and so on. Actors that
    do not stop keep it from ending; `runtime.signals` ends the process then.
    """
    switchboard = Switchboard()
    clock = CheckedClock(setup.clock, switchboard.machine_changed)
    with bind(setup.socket, setup.rules.group) as listening:
        async with (
            Store.open(
                setup.database, clock, setup.key, switchboard.committed, switchboard.machine_changed
            ) as store,
            make_client(setup.transport, clock.heard) as http,
            Supervisor(clock, switchboard.actor_changed) as supervisor,
            anyio.create_task_group() as background,
        ):
            await store.write(lambda unit: take_up(unit, setup.instance))
            await remove_orphaned(store, clock)
            parts, kit = _assemble(setup, clock, store, supervisor, http, switchboard)
            bus = Bus(
                make_topics(store, supervisor, parts.budgets, clock, setup.instance, parts.listing_counts),
                clock,
                msgspec.json.encode,
            )
            tree = TreeKeeper(store, supervisor, kit)
            switchboard.connect(bus, tree, HaltKeeper(store, clock), supervisor)
            await tree.start()
            listener = Listener(
                Desk(Dispatcher(parts), bus, parts.version, uuid.uuid4().hex), setup.rules, clock
            )
            for task in (bus.run, tree.run, switchboard.halts.run):
                background.start_soon(task)
            background.start_soon(switchboard.changes.run, store, bus, clock)
            background.start_soon(listener.run, listening)
            log.info(
                "channeld ready",
                version=parts.version,
                socket=str(setup.socket),
                database=str(setup.database),
            )
            try:
                yield parts
            finally:
                with anyio.CancelScope(shield=True):
                    await _stop(listener, supervisor)
                    background.cancel_scope.cancel()


async def _stop(listener: Listener, supervisor: Supervisor) -> None:
    """Requests first, so that nothing new begins; then the actors, in reverse."""
    await listener.stop()
    stuck = await supervisor.stop(STOP_WITHIN)
    if stuck:
        log.error("actors do not stop; the end of the process ends them", actors=stuck)


def _assemble(
    setup: Setup,
    clock: CheckedClock,
    store: Store,
    supervisor: Supervisor,
    http: httpx.AsyncClient,
    switchboard: "Switchboard",
) -> tuple[Parts, Kit]:
    """Amazon's side, and what handlers and actors are given."""
    tokens = Tokens(http, clock, setup.rng)
    budgets = Budgets(clock, SavedBudgets(store), setup.rng, switchboard.budget_changed)
    partner = SellingPartner(http, clock, tokens, budgets, setup.rng)
    board, order_rate = SyncBoard(), OrderRate()
    parts = Parts(
        clock=clock,
        store=store,
        supervisor=supervisor,
        budgets=budgets,
        board=board,
        order_rate=order_rate,
        account_test=AccountTest(store, partner, tokens, clock),
        instance=setup.instance,
        started_at=clock.now(),
        version=version("channeld"),
        listing_counts=switchboard.listing_counts,
    )
    return parts, Kit(
        clock=clock,
        store=store,
        partner=partner,
        budgets=budgets,
        board=board,
        order_rate=order_rate,
        http=http,
        instance=setup.instance,
        schedulers=setup.schedulers,
        feed_messages=setup.feed_messages,
        refused_markets=parts.refused_markets,
    )


class Switchboard:
    """Passes on what happens to whoever must hear of it; nobody waits here."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.listing_counts = Recount(is_told=True)
        self.halts: HaltKeeper
        self._bus: Bus[AnyRow] | None = None
        self._tree: TreeKeeper | None = None
        self._supervisor: Supervisor | None = None

    def connect(self, bus: Bus[AnyRow], tree: TreeKeeper, halts: HaltKeeper, supervisor: Supervisor) -> None:
        """From now on there is somebody to tell."""
        self._bus, self._tree, self.halts, self._supervisor = bus, tree, halts, supervisor

    def committed(self, changes: Mapping[str, Set[Hashable]]) -> None:
        """A group of units of work was committed."""
        self.changes.note(changes)
        self.listing_counts.note(changes)
        if self._tree:
            self._tree.note(changes)

    def actor_changed(self, status: ActorStatus, notable: bool) -> None:
        """An actor's status is another one."""
        if self._bus:
            self.halts.note(status)
            self._bus.changed("actors", [status.id], notable)
            if notable and status.account:
                self._bus.changed("accounts", [status.account])

    def machine_changed(self) -> None:
        """The store began to fail, or works again; or the machine's clock was confirmed, or called wrong."""
        if self._supervisor:
            for actor in OF_THE_MACHINE:
                self._supervisor.hurry(actor)

    def budget_changed(self, account_id: int, operation: str) -> None:
        """A token was taken, given back, or waited for."""
        self.changes.note({"budget": {(account_id, operation)}})
