"""A daemon that dies at a boundary: what it committed and what Amazon saw of it are all that is left."""

import heapq
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from channeld.sandbox import Market
from tests.effects.plan import Cut, Trouble
from tests.support.crashes import CrashClock, copy_market
from tests.support.daemon_wire import Wire

__all__ = ["CutWire", "Left", "MortalClock", "Reaper"]

OUTBOUND = ("shipmentConfirmation", "/feeds/", "/documents", "/finances/")
"""What the paths of requests about outbound work have in them."""
AWAKE = 300.0
"""Seconds."""


class MortalClock(CrashClock):
    """Stands still once the daemon is dead, whatever was still to come."""

    def __init__(self, passed: float = 0) -> None:
        super().__init__()
        self.is_dead = False
        self._elapsed = passed

    async def advance(self, seconds: float) -> None:
        await self.settle()
        end = self._elapsed + seconds
        while not self.is_dead and self._waiting and self._waiting[0][0] <= end:
            at, _, wake = heapq.heappop(self._waiting)
            self._elapsed = max(self._elapsed, at)
            wake()
            await self.settle()
        if not self.is_dead:
            self._elapsed = end

    async def pass_by(self, seconds: float, *, asleep: float = 1500.0) -> None:
        """The same for a long time, in which everybody sleeps for so long at a time and is awake for a while.

        It takes little of ours, as each actor looks up every five minutes when it is awake.
        """
        end = self._elapsed + seconds
        while self._elapsed + AWAKE < end and not self.is_dead:
            self._elapsed = min(self._elapsed + asleep, end - AWAKE)
            await self.advance(AWAKE)
        if not self.is_dead:
            await self.advance(max(0.0, end - self._elapsed))


class Troubled(Protocol):
    """What goes wrong in a plan."""

    @property
    def troubles(self) -> Sequence[Trouble]: ...

    @property
    def cuts(self) -> Sequence[Cut]: ...


class CutWire(Wire):
    """Counts what is asked about outbound work, plans the market's faults by it, and is cut by it."""

    def __init__(self, market: Market, plan: Troubled, asked: int, parts: Sequence[str] = OUTBOUND) -> None:
        super().__init__(market)
        self._parts = parts
        self.asked = asked
        """Requests about outbound work, over all lives."""
        self.on_boundary: Callable[[], None] = lambda: None
        self._market = market
        self._plan = plan

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.on_boundary()
        cuts = self._cuts_of(request)
        if any(not cut.delivered for cut in cuts):
            raise httpx.ReadError("the wire is cut")
        response = await super().handle_async_request(request)
        self.on_boundary()
        if cuts:
            raise httpx.ReadError("the wire is cut behind the request")
        return response

    def _cuts_of(self, request: httpx.Request) -> Sequence[Cut]:
        """Those that hit this request; its number is also when troubles begin."""
        if self.cut or not any(part in request.url.path for part in self._parts):
            return ()
        self.asked += 1
        for trouble in self._plan.troubles:
            if trouble.at == self.asked:
                only = {"operation": trouble.operation} if trouble.operation else {}
                self._market.faults.plan(trouble.fault, trouble.times, detail=trouble.detail, **only)
        return [cut for cut in self._plan.cuts if cut.at == self.asked]


@dataclass(frozen=True)
class Left:
    """What is left of the world when the daemon has died."""

    database: bytes
    market: Market
    clock: MortalClock
    asked: int


class Reaper:
    """Lets a daemon pass so many boundaries: what lasts has grown by a commit or a request."""

    def __init__(self, database: Path, clock: MortalClock, wire: CutWire, market: Market, most: int | None):
        self.left: Left | None = None
        self.passed = 0
        self._most = most
        self._clock, self._wire, self._market = clock, wire, market
        self._book = sqlite3.connect(database)
        self._last: object = None

    def look(self) -> None:
        """At a boundary."""
        if self._most is None or self._clock.is_dead:
            return
        version = self._book.execute("PRAGMA data_version").fetchone()[0]
        now = version, len(self._wire.requests)
        self.passed += now != self._last
        self._last = now
        if self.passed > self._most:
            self._die()

    def _die(self) -> None:
        clock = MortalClock(self._clock.monotonic())
        self.left = Left(
            database=self._book.serialize(),
            market=copy_market(self._market, clock),
            clock=clock,
            asked=self._wire.asked,
        )
        self._clock.is_dead = self._wire.cut = True

    def begin(self) -> None:
        """From now on boundaries count."""
        self.look()
        self._clock.on_boundary = self._wire.on_boundary = self.look

    def end(self) -> None:
        self._clock.on_boundary = self._wire.on_boundary = lambda: None
        self._book.close()
