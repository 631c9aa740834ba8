"""How close despatch notes come to what Amazon's budgets allow: `python -m tests.bench.despatch`.

Tracked notes on two channels of one account, all queued in one moment; budgets kept exactly, 300 ms latency,
a feed takes 60 s and 20 ms a message, 20 minutes between two feeds, time as told by a clock that moves as
fast as the machine can. It ends when the last note is submitted. One JSON line for each scenario:

whole   10,000 notes, the lane is free
stuck   10,000 notes, and the lane waits for a feed that Amazon does not move
pause   1,000 notes, and the next feed has to wait for 18 minutes

seconds              from the commit that queued them to the last one submitted
by_call, by_feed     what the published rates allow by that way: so many requests less the burst that Amazon
                     grants at the start, at two in a second, and the latency of the last; a document, its
                     upload and the feed, one after the other, after the lane's pause; none when it is stuck
above_minimum_share  how much longer it took than the better of the two, as a share
called, fed          notes by each way
over_budget          requests that an empty bucket of Amazon's refused
out_of_order_share   pairs of notes of which the one with the later ship-by time left first, as a share
most_places_late     the most places that a note left later than its ship-by time says
real_seconds, cpu_seconds   of this machine; of our process without the simulated Amazon
longest_block_ms     the longest that one step held the event loop, without the simulated Amazon
"""

import json
import sys
import time
from bisect import bisect_right, insort
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import anyio
import httpx
import msgspec
from sqlalchemy import Connection, func, select

from channeld import logs
from channeld.amazon.assumptions import ORDER_FEED_PAUSE
from channeld.book.ledger import moves
from channeld.config import LogConfig
from channeld.domain.ledger.effects import Despatch
from channeld.domain.ledger.route import Route
from channeld.domain.ledger.states import State
from channeld.domain.order import Units
from channeld.sandbox import Market, SandboxOptions, demo_accounts
from channeld.store import channels, feeds, ledger, order_queries, tables
from channeld.store.ledger_records import WorkRecord
from channeld.store.order_records import OrderRecord
from channeld.store.unit import Unit
from tests.bench.stepped import Meter
from tests.support.daemon import Daemon, running_daemon
from tests.support.daemon_wire import Wire
from tests.support.fake_clock import FakeClock

LATENCY = 0.3
BURST, RATE = 10, 2.0
"""Of confirmShipment, as published."""
FEED_REQUESTS = 3
PAUSE_LEFT = timedelta(minutes=18)
CHANNELS = ("GB", "DE")
STEP = 5.0


class Scenario(msgspec.Struct, frozen=True):
    """How many notes, and what keeps the lane."""

    name: str
    notes: int
    lane: str = ""


SCENARIOS = (Scenario("whole", 10_000), Scenario("stuck", 10_000, "stuck"), Scenario("pause", 1_000, "pause"))


class SlowWire(Wire):
    """A wire on which an exchange takes time, and the simulated Amazon pays for itself."""

    def __init__(self, market: Market, clock: FakeClock, meter: Meter) -> None:
        super().__init__(market)
        self._clock, self._meter = clock, meter

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._clock.away(LATENCY / 2)
        response = await self._meter.theirs(super().handle_async_request(request))
        await self._clock.away(LATENCY / 2)
        return response


@asynccontextmanager
async def shop(folder: Path, clock: FakeClock, meter: Meter, orders: int) -> AsyncGenerator[Daemon]:
    """A daemon with two channels that has so many orders in its book."""
    options = SandboxOptions(accounts=demo_accounts()[:1], rates={"searchOrders": 50.0}, orders=0)
    market = Market(clock, options)
    rng = Random(5)  # noqa: S311 (the same purchases in every run; no secret)
    for number in range(orders):
        at = clock.now() - timedelta(hours=rng.uniform(1, 20))
        market.place_order(country=CHANNELS[number % len(CHANNELS)], at=at)
    async with running_daemon(folder, market, clock, SlowWire(market, clock, meter)) as daemon:
        await daemon.add_account(poll_seconds=3600)
        for country in CHANNELS:
            await daemon.add_channel(country.lower(), country, despatch_notes="on")
        while sum([(await daemon.channel(country.lower())).orders for country in CHANNELS]) < len(
            market.orders()
        ):
            await daemon.pass_time(seconds=60)
        yield daemon


async def queue(daemon: Daemon, order_ids: Sequence[str], *, tracked: bool = True) -> list[int]:
    """A note for the first line of each order, due at a moment of chance; all in one commit. Their ids."""
    rng = Random(7)  # noqa: S311 (the same deadlines in every run; no secret)
    now = daemon.clock.now()

    def write(unit: Unit) -> list[WorkRecord]:
        ids = {each.marketplace_id: each.id for each in channels.all_channels(unit.connection)}
        keys = [(ids[marketplace_of(daemon.market, each)], each) for each in order_ids]
        stored = order_queries.by_keys(unit.connection, keys)
        return moves.queue(unit, [note(each, now, rng, tracked=tracked) for each in stored])

    return [record.id for record in await daemon.parts.store.write(write)]


def marketplace_of(market: Market, order_id: str) -> str:
    (account,) = market.accounts.values()
    return account.marketplace_id(account.book.orders[order_id].country)


def note(order: OrderRecord, now: datetime, rng: Random, *, tracked: bool) -> WorkRecord:
    """As processing the order queues it."""
    line = order.lines[0]
    return WorkRecord(
        kind="despatch",
        key=f"despatch/{order.channel_id}/{order.order_id}/1",
        account_id=1,
        channel_id=order.channel_id,
        order_pk=order.id,
        order_id=order.order_id,
        effect=Despatch(
            lines=(Units(line.order_item_id, line.quantity),),
            shipped_at=now,
            carrier_code="Royal Mail",
            method="Tracked 24",
            tracking=f"AB{order.id:09}GB" if tracked else "",
        ),
        route=Route.UNDECIDED if tracked else Route.FEED,
        deadline=now + timedelta(hours=rng.uniform(1, 72)),
        next_at=now,
        created_at=now,
        created_by="the benchmark",
    )


async def keep_lane(daemon: Daemon, lane: str, order_id: str) -> None:
    """Let the lane be as the scenario says, by a feed of another note."""
    if lane == "stuck":
        daemon.market.faults.plan("feed_stuck", detail="100000")
    if lane:
        await queue(daemon, [order_id], tracked=False)
        while await to_go(daemon):
            await daemon.pass_time(seconds=STEP)
        await daemon.pass_time(seconds=(ORDER_FEED_PAUSE - PAUSE_LEFT).total_seconds())


async def to_go(daemon: Daemon) -> int:
    """How many notes have not left."""
    waiting = select(func.count()).where(tables.work.c.state.in_((State.QUEUED, State.SENDING)))
    return await daemon.parts.store.read(lambda c: c.scalar(waiting)) or 0


async def records(daemon: Daemon, ids: Sequence[int]) -> list[WorkRecord]:
    return await daemon.parts.store.read(lambda c: ledger.by_ids(c, ids))


async def measure(scenario: Scenario) -> dict[str, object]:
    """One scenario, from the commit to the last note submitted."""
    clock, meter = FakeClock(), Meter()
    with TemporaryDirectory() as name:
        async with shop(Path(name), clock, meter, scenario.notes + 1) as daemon:
            *order_ids, another = daemon.market.orders()
            await keep_lane(daemon, scenario.lane, another)
            began, real = clock.now(), time.perf_counter()
            with meter.running():
                ids = await queue(daemon, order_ids)
                while await to_go(daemon):
                    await daemon.pass_time(seconds=STEP)
            real = time.perf_counter() - real
            left = await in_order_of_leaving(daemon, ids)
            over = sum(daemon.market.truth.over_budget.values())
    seconds = (max(record.submitted_at or began for record in left) - began).total_seconds()
    return {
        "scenario": scenario.name,
        **figures(scenario, seconds, left),
        "over_budget": over,
        "real_seconds": round(real, 1),
        "cpu_seconds": round(meter.cpu, 1),
        "longest_block_ms": round(meter.longest * 1000, 1),
    }


async def in_order_of_leaving(daemon: Daemon, ids: Sequence[int]) -> list[WorkRecord]:
    """What left together, in one feed, by its place there."""

    def places(connection: Connection) -> dict[int, int]:
        return {
            message.work_id: message.message_id
            for feed in feeds.latest(connection, 10)
            for message in feeds.messages(connection, feed.id)
        }

    place = await daemon.parts.store.read(places)
    done = await records(daemon, ids)
    return sorted(done, key=lambda record: (record.submitted_at, place.get(record.id, 0)))


def figures(scenario: Scenario, seconds: float, left: Sequence[WorkRecord]) -> dict[str, object]:
    by_call = (scenario.notes - BURST) / RATE + LATENCY
    pause = PAUSE_LEFT.total_seconds() if scenario.lane == "pause" else 0.0
    by_feed = None if scenario.lane == "stuck" else pause + FEED_REQUESTS * LATENCY
    minimum = min(by_call, by_call if by_feed is None else by_feed)
    fed = sum(record.feed_pk is not None for record in left)
    return {
        "seconds": round(seconds, 1),
        "by_call": round(by_call, 1),
        "by_feed": by_feed and round(by_feed, 1),
        "above_minimum_share": round(seconds / minimum - 1, 4),
        "called": len(left) - fed,
        "fed": fed,
        **disorder([record.deadline for record in left if record.deadline]),
    }


def disorder(deadlines: Sequence[datetime]) -> dict[str, object]:
    """How far the order in which they left is from that of their deadlines."""
    seen: list[datetime] = []
    pairs = 0
    for number, deadline in enumerate(deadlines):
        pairs += number - bisect_right(seen, deadline)
        insort(seen, deadline)
    ranks = {deadline: rank for rank, deadline in enumerate(seen)}
    most = max(place - ranks[deadline] for place, deadline in enumerate(deadlines))
    count = len(deadlines)
    return {"out_of_order_share": round(2 * pairs / count / (count - 1), 5), "most_places_late": most}


async def main() -> None:
    logs.set_up(LogConfig(level="error"))
    wanted = sys.argv[1:] or [scenario.name for scenario in SCENARIOS]
    for scenario in SCENARIOS:
        if scenario.name in wanted:
            sys.stdout.write(json.dumps(await measure(scenario)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(main)
