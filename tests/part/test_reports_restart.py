"""The reports actor after a restart, and while the store fails."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from channeld.concerns.kit import Kit
from channeld.domain.report.states import State
from channeld.errors import ChanneldError
from channeld.store.store import Store
from tests.support.fake_clock import FakeClock
from tests.support.report_desk import AtAmazon, lost, open_desk, refused


async def test_a_restart_in_each_state_goes_on_where_it_was(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    amazon.plan("createReport", refused(429))
    async with open_desk(tmp_path, amazon, clock) as desk:
        number = await desk.want(minutes=0.2, fresh=True)
        assert (await desk.report(number)).state is State.SENDING
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=4)
        assert (len(amazon.made), (await desk.report(number)).state) == (1, State.SUBMITTED)
    async with open_desk(tmp_path, amazon, clock) as desk:
        amazon.plan("getReportDocument", *[refused(503)] * 9)
        await desk.make(number)
        await desk.pass_time(minutes=1)
        assert (await desk.report(number)).state is State.AVAILABLE
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=20)
        assert (await desk.report(number)).state is State.PROCESSED
        assert (len(amazon.made), amazon.count("createReport")) == (1, 2)


async def test_a_restart_while_nobody_knows_whether_it_was_taken(tmp_path: Path) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    amazon.plan("createReport", lost)
    amazon.plan("getReports", *[refused(503)] * 6)
    async with open_desk(tmp_path, amazon, clock) as desk:
        number = await desk.want(fresh=True, minutes=0.5)
        assert (await desk.report(number)).state is State.UNKNOWN
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.pass_time(minutes=10)
        assert [(await desk.report(number)).report_id] == list(amazon.made)
        assert amazon.count("createReport") == 1


async def test_a_store_that_fails_is_the_actor_s_failure_and_nothing_is_asked_in_a_circle(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    amazon = AtAmazon(clock)
    async with open_desk(tmp_path, amazon, clock) as desk:
        await desk.want(fresh=True)
    failing = Failing()
    async with open_desk(tmp_path, amazon, clock, kit=failing.kit) as desk:
        amazon.plan("createReport", refused(429), refused(429))
        await desk.want(fresh=True, minutes=0)
        failing.fails = True
        looks = amazon.count("getReport")
        await desk.pass_time(minutes=2)
        assert desk.actor.state == "failing"
        assert amazon.count("getReport") - looks < 10
        failing.fails = False
        await desk.pass_time(minutes=15)
        assert desk.actor.state == "waiting"
        assert [report.state for report in await desk.all()] == [State.SUBMITTED, State.SUBMITTED]


class Failing:
    """A store in which the actor cannot write."""

    def __init__(self) -> None:
        self.fails = False
        self._store: Store

    def kit(self, kit: Kit) -> Kit:
        self._store = kit.store
        return replace(kit, store=cast("Store", self))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, work: Callable[..., Any]) -> Any:
        if self.fails:
            raise ChanneldError("disk_full", "The disk is full.")
        return await self._store.write(work)
