"""How many clients are served, and that those who may only look keep out nobody who may write."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import anyio
import pytest
from structlog.testing import capture_logs

from tests.support.fake_clock import FakeClock
from tests.support.session_house import Answer, Client, House, open_house


@pytest.fixture
async def house(clock: FakeClock) -> AsyncGenerator[House]:
    async with open_house(clock) as house:
        yield house


@asynccontextmanager
async def as_user(house: House, uid: int, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Answer]:
    """A connection of that user; gives what the daemon says first."""

    def told(connection: object) -> int:
        return uid

    with monkeypatch.context() as patch:
        patch.setattr("channeld.control.listener.peer_uid", told)
        stream = await anyio.connect_unix(house.path)
        async with stream:
            first = await Client(stream).read()
            patch.undo()
            yield first


async def test_readers_cannot_keep_out_who_may_write(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channeld.control.listener.MOST_SESSIONS", 8)
    monkeypatch.setattr("channeld.control.listener.KEPT_FOR_WRITERS", 2)
    with capture_logs() as logs:
        async with AsyncExitStack() as crowd:
            member = partial(as_user, house, 54321, monkeypatch)
            hellos = [await crowd.enter_async_context(member()) for _ in range(9)]
            assert [hello["type"] for hello in hellos] == ["hello"] * 6 + ["refused"] * 3
            assert hellos[-1]["code"] == "too_many_clients"
            for uid in (0, os.geteuid()):
                hello = await crowd.enter_async_context(as_user(house, uid, monkeypatch))
                assert hello["may_write"]
            last = await crowd.enter_async_context(as_user(house, 0, monkeypatch))
            assert last["code"] == "too_many_clients"
    told = [each["sessions"] for each in logs if each["event"] == "too many clients are connected"]
    assert told == [6, 8], "each limit once"


async def test_a_crowd_that_comes_again_is_logged_again(
    house: House, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channeld.control.listener.MOST_SESSIONS", 2)
    with capture_logs() as logs:
        for _ in range(2):
            async with AsyncExitStack() as crowd:
                for _ in range(4):
                    await crowd.enter_async_context(as_user(house, 0, monkeypatch))
            await clock.settle()
            assert house.listener.sessions == 0
    assert [each["event"] for each in logs].count("too many clients are connected") == 2
