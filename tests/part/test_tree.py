"""The running system as data, kept as the store says; halts outlive the daemon (design, section 3)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from channeld import tree
from channeld.commands.accounts import change_account
from channeld.commands.channels import remove_channel
from channeld.concerns.kit import Kit
from channeld.concerns.order_rate import OrderRate
from channeld.concerns.sync_board import SyncBoard
from channeld.errors import ChanneldError
from channeld.halt_keeper import HaltKeeper
from channeld.runtime.actor import ActorContext, Halt
from channeld.runtime.checked_clock import CheckedClock
from channeld.runtime.status import ActorStatus
from channeld.runtime.supervisor import Supervisor
from channeld.store import halts
from channeld.store.store import Store
from channeld.store.unit import Changes
from channeld.tree_keeper import TreeKeeper
from tests.support.amazon_api import Amazon, Rig, refusal
from tests.support.book_shop import Shop, open_shop
from tests.support.domain_orders import order
from tests.support.fake_clock import FakeClock

DOWNLOAD, REPORTS = "eu/order_download", "eu/reports"
RECONCILIATION = "eu/order_reconciliation"
OF_ACCOUNT = [DOWNLOAD, REPORTS, RECONCILIATION]
UK, DE = "uk/order_intake", "de/order_intake"
OWN = ["daemon/machine", "daemon/retention"]
ALL = [*OWN, *OF_ACCOUNT, DE, UK]


class Stand:
    """Stands in for every actor. Those in `refused` halt their account, those in `slow` are slow to stop."""

    def __init__(self) -> None:
        self.starts: list[str] = []
        self.woken: list[str] = []
        self.refused: set[str] = set()
        self.slow: set[str] = set()
        self.released = anyio.Event()

    async def run(self, context: ActorContext) -> None:
        self.starts.append(context.id)
        if context.id in self.refused:
            raise Halt("The secret is wrong.", "Enter a new one.", whole_group=True)
        try:
            while True:
                await context.receive("work")
                self.woken.append(context.id)
        finally:
            if context.id in self.slow:
                with anyio.CancelScope(shield=True):
                    await self.released.wait()

    def taken(self) -> list[str]:
        """What was started since somebody looked."""
        starts, self.starts = self.starts, []
        return starts


class House:
    """Shop, supervisor and the two keepers, wired as the daemon wires them."""

    def __init__(self, shop: Shop, supervisor: Supervisor, stand: Stand) -> None:
        self.shop = shop
        self.supervisor = supervisor
        self.stand = stand

    async def settle(self, seconds: float = 0) -> None:
        await self.shop.clock.advance(seconds)

    def states(self) -> dict[str, str]:
        return {status.id: status.state for status in self.supervisor.statuses()}

    async def halted(self) -> list[str]:
        return [halt.actor for halt in await self.shop.store.read(halts.all_halts)]


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    stand = Stand()

    def make(*_given: object) -> Stand:
        return stand

    for actor in ("Machine", "OrderDownload", "OrderIntake", "OrderReconciliation", "Reports", "Retention"):
        monkeypatch.setattr(tree, actor, make)
    return stand


@asynccontextmanager
async def running_house(folder: Path, stand: Stand, *channels: str) -> AsyncGenerator[House]:
    """Everything running on the book in that folder, whose channels are made at first."""
    clock = FakeClock()
    heard: list[TreeKeeper] = []
    halt_keepers: list[HaltKeeper] = []

    def committed(changes: Changes) -> None:
        for keeper in heard:
            keeper.note(changes)

    def changed(status: ActorStatus, _notable: bool) -> None:
        for keeper in halt_keepers:
            keeper.note(status)

    async with open_shop(folder, clock, committed) as shop:
        for name in channels:
            await shop.open_channel(name, name.upper())
        async with Supervisor(clock, changed) as supervisor, anyio.create_task_group() as background:
            keeper = TreeKeeper(shop.store, supervisor, kit(shop.store, clock))
            heard.append(keeper)
            halt_keepers.append(HaltKeeper(shop.store, clock))
            await keeper.start()
            background.start_soon(keeper.run)
            background.start_soon(halt_keepers[0].run)
            await clock.settle()
            try:
                yield House(shop, supervisor, stand)
            finally:
                stand.released.set()
                background.cancel_scope.cancel()


def kit(store: Store, clock: FakeClock) -> Kit:
    rig = Rig(clock, Amazon(refusal(500, "InternalFailure")))
    return Kit(
        clock=CheckedClock(clock),
        store=store,
        partner=rig.partner,
        budgets=rig.budgets,
        board=SyncBoard(),
        order_rate=OrderRate(),
        http=rig.http,
        instance="the machine of the tests",
    )


async def test_everything_is_started_in_its_order(tmp_path: Path, stand: Stand) -> None:
    async with running_house(tmp_path, stand, "uk", "de"):
        assert stand.taken() == ALL


async def test_channels_come_and_go_while_others_run(tmp_path: Path, stand: Stand) -> None:
    async with running_house(tmp_path, stand, "uk") as house:
        stand.taken()
        await house.shop.open_channel("de", "DE")
        await house.settle()
        assert stand.taken() == [DE], "what is on its way to Amazon goes on"
        assert DOWNLOAD in stand.woken
        await house.shop.set("de", enabled="off")
        await house.settle()
        assert stand.taken() == [DOWNLOAD], "nothing more begins for a channel that is off"
        assert set(house.states()) == {*OWN, *OF_ACCOUNT, UK}
        await house.shop.command(lambda u, a: remove_channel(u, a, "uk"))
        await house.settle()
        assert set(house.states()) == set(OWN)


async def test_settings_wake_what_runs_and_new_credentials_start_it_anew(
    tmp_path: Path, stand: Stand
) -> None:
    async with running_house(tmp_path, stand, "uk", "de") as house:
        stand.taken()
        await house.shop.set("uk", tax_rate="20")
        await house.settle()
        assert stand.taken() == [], "what is on its way to Amazon goes on"
        assert {DOWNLOAD, REPORTS, UK} <= set(stand.woken)
        assert "daemon/retention" not in stand.woken, "nothing of its account changed, as it has none"
        await house.shop.command(lambda u, a: change_account(u, a, "eu", {}, refresh_token="new"))  # noqa: S106
        await house.settle()
        assert sorted(stand.taken()) == sorted([*OF_ACCOUNT, DE, UK])


async def test_a_planned_reread_wakes_the_channel_s_intake(tmp_path: Path, stand: Stand) -> None:
    async with running_house(tmp_path, stand, "uk", "de") as house:
        await house.shop.apply(order("PENDING"))
        await house.settle()
        assert (UK in stand.woken, DE in stand.woken) == (True, False)


async def test_refused_credentials_outlive_the_daemon_for_the_whole_account(
    tmp_path: Path, stand: Stand
) -> None:
    stand.refused = {UK}
    async with running_house(tmp_path, stand, "uk", "de") as house:
        assert house.states() == {
            "daemon/machine": "waiting",
            "daemon/retention": "waiting",
            DOWNLOAD: "halted",
            REPORTS: "halted",
            RECONCILIATION: "halted",
            DE: "halted",
            UK: "halted",
        }
        assert await house.halted() == [UK]
    stand.taken()
    async with running_house(tmp_path, stand) as house:
        assert stand.taken() == OWN
        assert house.supervisor.status(UK).reason == "The secret is wrong."
        assert house.supervisor.status(DOWNLOAD).reason == ""
        stand.refused = set()
        await house.shop.command(lambda u, a: change_account(u, a, "eu", {}, client_secret="new"))  # noqa: S106
        await house.settle()
        assert sorted(set(stand.taken())) == sorted([*OF_ACCOUNT, DE, UK])
        assert await house.halted() == []


async def test_the_message_is_passed_on_when_its_bearer_goes(tmp_path: Path, stand: Stand) -> None:
    stand.refused = {UK}
    async with running_house(tmp_path, stand, "uk", "de") as house:
        stand.refused = set()
        await house.supervisor.remove(UK)
        await house.settle()
        assert await house.halted() == [DOWNLOAD]


async def test_what_a_person_halted_stays_halted_until_it_is_resumed(tmp_path: Path, stand: Stand) -> None:
    async with running_house(tmp_path, stand, "uk") as house:
        await house.supervisor.halt(UK, "lunch", by="ann")
        await house.settle()
    stand.taken()
    async with running_house(tmp_path, stand) as house:
        assert house.states()[UK] == "halted"
        assert house.supervisor.status(UK).by == "ann"
        await house.shop.set("uk", tax_rate="20")
        await house.settle()
        assert house.states()[UK] == "halted", "new settings do not overrule a person"
        house.supervisor.resume(UK)
        await house.settle()
        assert (house.states()[UK], await house.halted()) == ("waiting", [])


async def test_an_actor_that_is_slow_to_stop_delays_no_other(tmp_path: Path, stand: Stand) -> None:
    stand.slow = {DE}
    async with running_house(tmp_path, stand, "uk", "de") as house:
        stand.taken()
        await house.shop.set("de", enabled="off")
        await house.shop.open_channel("fr", "FR")
        await house.settle(11)
        assert "fr/order_intake" in stand.taken()
        stand.released.set()
        await house.settle(30)
        assert set(house.states()) == {*OWN, *OF_ACCOUNT, UK, "fr/order_intake"}


async def test_a_store_that_fails_for_a_while_loses_nothing(
    tmp_path: Path, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_given: object) -> None:
        raise ChanneldError("database_locked", "Another program holds the database.")

    async with running_house(tmp_path, stand, "uk") as house:
        with monkeypatch.context() as patch:
            patch.setattr(house.shop.store, "read", fails)
            await house.shop.open_channel("de", "DE")
            patch.setattr(house.shop.store, "write", fails)
            await house.supervisor.halt(UK, "lunch", by="ann")
            await house.settle(1)
        assert (DE in house.states(), await house.halted()) == (False, [])
        await house.settle(10)
        assert (DE in house.states(), await house.halted()) == (True, [UK])
