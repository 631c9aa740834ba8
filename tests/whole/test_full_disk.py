"""A disk that runs full under a running daemon: reads go on, writes say why, and room is all it needs."""

from pathlib import Path

import pytest

from channel_protocol.channels import ChannelList, ListChannels, SetChannel
from channel_protocol.errors import RequestRefused
from channeld.concerns.machine import LITTLE
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock
from tests.support.full_disk import filled, small_disk


async def change(daemon: Daemon, days: int) -> None:
    """Any request that changes something."""
    values = {"order_look_back_days": str(days)}
    await daemon.client.request(SetChannel(command_id=new_id(), channel="uk", values=values))


async def test_a_disk_that_runs_full_is_shown_and_loses_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    with small_disk(tmp_path / "disk", f"{LITTLE // 2**20 + 6}m") as disk:
        async with running_daemon(disk, market, clock) as daemon:
            await daemon.open_shop()
            placed = {market.place_order().order_id for _ in range(3)}
            await daemon.pass_time(minutes=6)
            assert set(await daemon.orders()) == placed
            assert (await daemon.status()).attention == ()

            ballast = filled(disk, leaving=2**20)
            await daemon.pass_time(minutes=12)
            assert any("MiB left" in line for line in (await daemon.status()).attention), "a warning first"
            ballast = filled(disk)
            late = [market.place_order().order_id for _ in range(150)]
            with pytest.raises(RequestRefused) as refused:
                for days in range(1, 30):
                    await change(daemon, days)
            assert refused.value.code == "disk_full"
            assert str(disk / "channeld.db") in refused.value.message
            assert "Free some space" in refused.value.hint
            await daemon.pass_time(minutes=20)
            attention = "\n".join((await daemon.status()).attention)
            assert f"The disk with the database is full at {disk / 'channeld.db'}" in attention
            assert "Free some space" in attention
            assert placed <= set(await daemon.orders())
            assert len((await daemon.ask(ListChannels(), ChannelList)).rows) == 1

            ballast.unlink()
            await change(daemon, 2)
            await clock.settle()
            attention = "\n".join((await daemon.status()).attention)
            assert "daemon/machine" not in attention, "right at once, not after a back-off"
            await daemon.pass_time(minutes=12)
            assert set(await daemon.orders()) == placed | set(late)
            assert (await daemon.status()).attention == ()
            await change(daemon, 3)
            assert not market.truth.over_budget
        async with running_daemon(disk, market, clock) as daemon:
            assert set(await daemon.orders()) == placed | set(late)


async def test_a_daemon_that_starts_on_a_full_disk_answers_and_goes_on_when_there_is_room(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    with small_disk(tmp_path / "disk", "6m") as disk:
        async with running_daemon(disk, market, clock) as daemon:
            await daemon.open_shop()
            placed = {market.place_order().order_id for _ in range(3)}
            await daemon.pass_time(minutes=6)
        ballast = filled(disk, leaving=150_000)
        late = {market.place_order().order_id for _ in range(60)}
        async with running_daemon(disk, market, clock) as daemon:
            await daemon.pass_time(minutes=20)
            assert placed <= set(await daemon.orders())
            assert any("disk" in line for line in (await daemon.status()).attention)
            ballast.unlink()
            await daemon.pass_time(minutes=20)
            assert set(await daemon.orders()) == placed | late


async def test_a_database_that_is_moved_away_is_shown_at_once(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        away = (tmp_path / "channeld.db").rename(tmp_path / "away")
        await daemon.pass_time(minutes=4)
        with pytest.raises(RequestRefused) as refused:
            await daemon.status()
        assert refused.value.code == "database_gone"
        away.rename(tmp_path / "channeld.db")
        order_id = market.place_order().order_id
        await daemon.pass_time(minutes=12)
        assert order_id in await daemon.orders()
