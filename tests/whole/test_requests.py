"""What a person asks for is done once, whole or not at all; and waiting ends (design, sections 4 and 8)."""

from pathlib import Path

import pytest

from channel_protocol.accounts import AddAccount, SetAccount
from channel_protocol.actors import HaltActor
from channel_protocol.channels import ChannelChanged, SetChannel
from channel_protocol.errors import RequestRefused
from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList
from channel_protocol.orders import OrdersSynced, SyncOrders
from channeld.sandbox import Market
from tests.support.daemon import new_id, running_daemon
from tests.support.fake_clock import FakeClock


async def test_a_repeated_command_gets_the_first_answer_and_changes_nothing(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    command = new_id()
    request = SetChannel(command_id=command, channel="uk", values={"tax_rate": "20"})
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        first = await daemon.ask(request, ChannelChanged)
        await daemon.client.request(SetChannel(command_id=new_id(), channel="uk", values={"tax_rate": "5"}))
        told = len(await daemon.audit())
        again = await daemon.ask(request, ChannelChanged)
        assert (again.row, again.changed) == (first.row, first.changed)
        assert (await daemon.settings())["tax_rate"] == "5"
        assert len(await daemon.audit()) == told
    async with running_daemon(tmp_path, market, clock) as daemon:
        assert (await daemon.ask(request, ChannelChanged)).changed == first.changed, "also after a restart"
        assert (await daemon.settings())["tax_rate"] == "5"


async def test_the_id_of_one_command_is_refused_for_another(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    command = new_id()
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.ask(AddLocation(command_id=command, location="Leeds"), LocationAdded)
        for other in (
            AddLocation(command_id=command, location="Hull"),
            SyncOrders(command_id=command),
        ):
            with pytest.raises(RequestRefused) as refused:
                await daemon.client.request(other)
            assert refused.value.code == "command_id_reused"
        places = (await daemon.ask(ListLocations(), LocationList)).rows
        assert [place.location for place in places] == ["Default", "Leeds"]


async def test_bad_settings_are_named_all_at_once_and_none_is_applied(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        before, told = await daemon.settings(), len(await daemon.audit())
        bad = {
            "tax_rate": "120",
            "order_location": "Nowhere",
            "fba_enable": "on",
            "not_disclosed_email": "nobody",
            "order_received_offset": "1",
        }
        with pytest.raises(RequestRefused) as refused:
            await daemon.client.request(SetChannel(command_id=new_id(), channel="uk", values=bad))
        problems = {problem.key: problem for problem in refused.value.problems}
        assert set(problems) == {"tax_rate", "order_location", "fba_enable", "not_disclosed_email"}
        assert problems["fba_enable"].nearest == "fba_enabled"
        assert await daemon.settings() == before
        assert len(await daemon.audit()) == told


async def test_a_bad_account_is_not_half_added(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    bad = AddAccount(
        command_id=new_id(),
        account="e u",
        region="mars",
        seller_id="a",
        client_id="",
        client_secret="",
        refresh_token="Atzr|fine",  # noqa: S106 (nobody's)
        endpoint="http://example.com",
    )
    async with running_daemon(tmp_path, market, clock) as daemon:
        with pytest.raises(RequestRefused) as refused:
            await daemon.client.request(bad)
        keys = {problem.key for problem in refused.value.problems}
        assert keys == {"account", "region", "seller_id", "client_id", "client_secret", "endpoint"}
        assert "Atzr" not in repr(refused.value.problems)
        assert await daemon.audit() == []


async def test_waiting_for_a_sync_ends_when_it_is_complete(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        placed = market.place_order()
        await daemon.pass_time(minutes=2, seconds=30)
        request = SyncOrders(command_id=new_id(), channel="uk", wait=60)
        answer = await daemon.patiently(request, OrdersSynced)
        assert (answer.complete, answer.applied) == (True, 1)
        assert list(await daemon.orders()) == [placed.order_id]


async def test_waiting_for_a_sync_that_does_not_come_says_why(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        market.faults.plan("throttle_burst", None)
        request = SyncOrders(command_id=new_id(), channel="uk", wait=20)
        began = clock.monotonic()
        with pytest.raises(RequestRefused) as refused:
            await daemon.patiently(request, OrdersSynced)
        assert refused.value.code == "still_waiting"
        assert "eu/order_download" in refused.value.message
        assert "until" in refused.value.message
        assert refused.value.hint
        assert 20 <= clock.monotonic() - began <= 22


async def test_waiting_for_somebody_who_waits_for_a_person_ends_at_once(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        halt = HaltActor(command_id=new_id(), actor="eu/order_download", reason="stocktaking")
        await daemon.client.request(halt)
        with pytest.raises(RequestRefused) as refused:
            await daemon.client.request(SyncOrders(command_id=new_id(), channel="uk", wait=60))
        assert refused.value.code == "actor_halted"
        assert "stocktaking" in refused.value.message


async def test_an_actor_that_halts_while_somebody_waits_ends_the_wait(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        market.revoke(market.options.accounts[0].seller_id)
        await daemon.client.request(
            SetAccount(command_id=new_id(), account="eu", client_secret="wrong")  # noqa: S106 (nobody's)
        )
        began = clock.monotonic()
        with pytest.raises(RequestRefused) as refused:
            await daemon.patiently(SyncOrders(command_id=new_id(), channel="uk", wait=60), OrdersSynced)
        assert refused.value.code == "actor_halted"
        assert clock.monotonic() - began < 10
