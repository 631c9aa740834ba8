"""What was previewed is what is then done (design, sections 8 and 9)."""

from pathlib import Path

import pytest

from channel_protocol.channels import (
    ChannelChanged,
    ChannelPreviewed,
    PreviewChannel,
    SetChannel,
)
from channel_protocol.errors import RequestRefused
from channel_protocol.locations import AddLocation
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

CHANGES = {"vcs_enabled": "on", "order_location": "Leeds", "fba_enabled": "on", "order_received_offset": "1"}


async def preview(daemon: Daemon, values: dict[str, str]) -> ChannelPreviewed:
    return await daemon.ask(PreviewChannel(channel="uk", values=values), ChannelPreviewed)


async def save(daemon: Daemon, values: dict[str, str], mark: str) -> ChannelChanged:
    request = SetChannel(command_id=new_id(), channel="uk", values=values, settings_mark=mark)
    return await daemon.ask(request, ChannelChanged)


async def test_what_was_previewed_is_what_is_then_done(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    first, second = market.place_order(), market.place_order()
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=4)
        await daemon.client.request(AddLocation(command_id=new_id(), location="Leeds"))
        before, stored = await daemon.settings(), await daemon.orders()
        assert set(stored) == {first.order_id, second.order_id}
        seen = await preview(daemon, CHANGES)
        assert await daemon.settings() == before
        change = await save(daemon, CHANGES, seen.settings_mark)

        after = await daemon.settings()
        assert {key: (before[key], after[key]) for key in after if before[key] != after[key]} == {
            each.key: (each.old, each.new) for each in seen.changes
        }
        assert change.changed == tuple(each.key for each in seen.changes)
        said = " ".join(each.text for each in seen.consequences)
        assert f"location {change.row.fulfilment_location}" in said
        assert "2 open or parked orders elsewhere stay there" in said
        third = market.place_order()
        await daemon.pass_time(minutes=10)
        places = {order_id: row.location for order_id, row in (await daemon.orders()).items()}
        assert places == {first.order_id: "Default", second.order_id: "Default", third.order_id: "Leeds"}


async def test_enabling_reads_from_the_instant_that_was_named(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        await daemon.add_channel("uk", "GB", account="eu", enable=False)
        seen = await preview(daemon, {"enabled": "on"})
        await save(daemon, {"enabled": "on"}, seen.settings_mark)
        cursor = (await daemon.channel()).order_cursor
        assert cursor is not None
        assert f"since {cursor:%Y-%m-%d %H:%M} UTC" in seen.consequences[0].text


async def test_a_change_by_somebody_else_in_between_is_not_overwritten(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        await daemon.add_channel("uk", "GB", account="eu", enable=False)
        seen = await preview(daemon, {"tax_rate": "20"})
        other = SetChannel(command_id=new_id(), channel="uk", values={"tax_rate": "7"})
        await daemon.client.request(other)
        with pytest.raises(RequestRefused) as refused:
            await save(daemon, {"tax_rate": "20"}, seen.settings_mark)
        assert refused.value.code == "changed_meanwhile"
        assert refused.value.hint
        assert (await daemon.settings())["tax_rate"] == "7"
