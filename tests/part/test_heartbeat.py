"""The watchdog is fed while the loop turns and the store's writer answers, and only then."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from channeld.control.parts import Parts
from channeld.errors import ChanneldError
from channeld.heartbeat import heartbeat, patience
from channeld.runtime.notify import Notifier
from channeld.store.store import Store
from tests.support.book_office import open_office
from tests.support.fake_clock import FakeClock
from tests.support.notify_socket import Ear, listening

WATCHDOG = 90.0
HALF = WATCHDOG / 2


@pytest.fixture
def ear(tmp_path: Path) -> Generator[Ear]:
    with listening(tmp_path) as ear:
        yield ear


class OtherStore:
    """A store whose writer does what a test wants."""

    def __init__(self, store: Store) -> None:
        self.read = store.read
        self.hangs = False
        self.error: ChanneldError | None = None

    async def write(self, _unit: object) -> None:
        if self.hangs:
            await anyio.sleep_forever()
        if self.error:
            raise self.error


def beats(ear: Ear) -> int:
    return ear.heard().count("WATCHDOG=1")


def statuses(ear: Ear) -> list[str]:
    return [message.removeprefix("STATUS=") for message in ear.heard() if message.startswith("STATUS=")]


def with_store(parts: Parts, store: OtherStore) -> Parts:
    return replace(parts, store=store)  # pyright: ignore[reportArgumentType]


async def test_it_beats_twice_in_the_time_that_systemd_waits(tmp_path: Path, ear: Ear) -> None:
    async with open_office(tmp_path) as office:
        async with heartbeat(Notifier(ear.environ), office.parts, WATCHDOG):
            await office.shop.clock.settle()
            heard = ear.heard()
            assert heard[0] == "READY=1"
            assert heard.count("WATCHDOG=1") == 1
            await office.shop.clock.advance(4 * HALF)
            assert beats(ear) == 4
        assert "STOPPING=1" in ear.heard()
        await office.shop.clock.advance(4 * HALF)
        assert beats(ear) == 0


async def test_a_writer_that_hangs_is_not_covered_up(tmp_path: Path, ear: Ear) -> None:
    async with open_office(tmp_path) as office:
        store = OtherStore(office.shop.store)  # its `write` is none of the store's, so the clock may pass
        async with heartbeat(Notifier(ear.environ), with_store(office.parts, store), WATCHDOG):
            await office.shop.clock.advance(HALF)
            assert beats(ear) == 2
            store.hangs = True
            await office.shop.clock.advance(2 * WATCHDOG)
            assert beats(ear) == 0
            store.hangs = False
            await office.shop.clock.advance(HALF)
            assert beats(ear) > 0


async def test_a_store_that_says_why_it_cannot_write_is_alive(tmp_path: Path, ear: Ear) -> None:
    async with open_office(tmp_path) as office:
        store = OtherStore(office.shop.store)
        store.error = ChanneldError("disk_full", "The disk is full.", "Free some space.")
        async with heartbeat(Notifier(ear.environ), with_store(office.parts, store), WATCHDOG):
            await office.shop.clock.advance(4 * HALF)
            assert beats(ear) == 5


async def test_nobody_is_fed_who_does_not_watch(tmp_path: Path, ear: Ear) -> None:
    async with open_office(tmp_path) as office, heartbeat(Notifier(ear.environ), office.parts, None):
        await office.shop.clock.advance(WATCHDOG)
        assert beats(ear) == 0


async def test_the_status_says_how_it_goes_and_changes_with_it(tmp_path: Path, ear: Ear) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        async with heartbeat(Notifier(ear.environ), office.parts, None):
            await office.shop.clock.settle()
            assert statuses(ear) == ["1 channel; actors: none"]
            office.add_actor("eu/order_download")
            office.add_actor("uk/order_intake", channel="uk")
            await office.shop.clock.advance(60)
            assert statuses(ear) == ["1 channel; actors: 2 waiting"], "told once"
            await office.supervisor.halt("eu/order_download", "credentials refused", by="ann")
            await office.shop.clock.advance(10)
            assert statuses(ear) == [
                "1 channel; actors: 1 halted, 1 waiting; "
                "needs attention: eu/order_download halted (credentials refused)"
            ]
        assert statuses(ear) == ["stopping"]


async def test_a_long_start_asks_for_more_time_until_it_is_over(clock: FakeClock, ear: Ear) -> None:
    async with patience(Notifier(ear.environ), clock) as started:
        await clock.advance(25)
        heard = ear.heard()
        assert heard[0] == "STATUS=opening the database"
        assert heard[1:] == ["EXTEND_TIMEOUT_USEC=30000000"] * 3
        started()
        await clock.advance(60)
        assert ear.heard() == []


async def test_a_start_without_end_is_given_up(clock: FakeClock, ear: Ear) -> None:
    async with patience(Notifier(ear.environ), clock):
        await clock.advance(3600)
        ear.heard()
        await clock.advance(60)
        assert ear.heard() == []
