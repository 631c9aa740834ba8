"""Help, themes, mouse, command palette, the command itself and the picture."""

import asyncio
from pathlib import Path

from click.testing import CliRunner

from channel_protocol.channels import ChannelChanged, DisableChannel
from channel_protocol.orders import OrdersSynced, SyncOrders
from channeltop.main import main
from channeltop.picture import picture
from tests.support.fake_clock import FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, actor, channel, order
from tests.support.monitor_screen import WIDE, monitor


def small() -> ScriptedDaemon:
    return ScriptedDaemon(
        accounts=[account()], channels=[channel()], actors=[actor()], orders=[order(1), order(2)]
    )


async def test_the_help_names_the_keys_and_closes(clock: FakeClock) -> None:
    async with monitor(small(), clock) as screen:
        await screen.press("question_mark")
        assert "quit; channeld goes on" in screen.text
        await screen.press("escape")
        assert "Keys and signs" not in screen.text
        assert "uk-main" in screen.text


async def test_capital_d_changes_between_dark_and_light(clock: FakeClock) -> None:
    async with monitor(small(), clock) as screen:
        assert screen.app.current_theme.dark
        await screen.press("D")
        assert not screen.app.current_theme.dark


async def test_the_command_palette_opens_a_page(clock: FakeClock) -> None:
    async with monitor(small(), clock, WIDE) as screen:
        await screen.press("ctrl+p")
        assert "Audit trail" in screen.text


async def test_the_mouse_opens_pages_and_sorts(clock: FakeClock) -> None:
    async with monitor(small(), clock) as screen:
        await screen.pilot.click(offset=(10, 0))
        await screen.shown()
        assert order(1).order_id in screen.lines[2]
        await screen.pilot.click(offset=(3, 1))
        await screen.pilot.click(offset=(3, 1))
        await screen.shown()
        assert order(2).order_id in screen.lines[2]


async def test_q_quits(clock: FakeClock) -> None:
    async with monitor(small(), clock) as screen:
        await screen.pilot.press("q")
        await screen.pilot.pause()
        assert screen.app.return_code == 0


def test_the_command_explains_itself_without_a_daemon() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "--socket PATH" in result.output


async def test_the_picture_is_always_the_same() -> None:
    first, second = await picture(60, 12), await picture(60, 12)
    assert first == second
    assert "Over" in first


def test_colours_and_sizes_travel_with_the_package() -> None:
    import channeltop

    assert Path(channeltop.__file__).with_name("channeltop.tcss").is_file()


async def test_the_palette_does_what_the_page_does_on_a_key(clock: FakeClock) -> None:
    daemon = small()
    daemon.answers[SyncOrders] = OrdersSynced(complete=True, applied=3)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("ctrl+p")
        await screen.type("sync now")
        await screen.pilot.pause(0)
        await screen.press("enter")
        assert daemon.requests[-1] == SyncOrders(command_id="command 1", channel="uk-main")


def test_every_action_of_a_page_and_of_its_channel_is_in_the_palette() -> None:
    names = asyncio.run(palette("1"))
    assert {"Disable uk-main", "Test uk-main", "Sync now  (s)", "Restart  (r)", "Resume  (e)"} <= names
    assert {"Overview", "Orders", "Quarantine", "Audit trail", "Settings", "Mapping", "Help"} <= names
    assert {"Open  (enter)", "Read again  (v)", "Reverse the order  (O)"} <= asyncio.run(palette("2"))


async def palette(page: str) -> set[str]:
    async with monitor(small(), FakeClock()) as screen:
        await screen.press(page)
        return {command.title for command in screen.app.get_system_commands(screen.app.screen)}


async def test_the_palette_switches_the_chosen_channel_off(clock: FakeClock) -> None:
    daemon = small()
    daemon.answers[DisableChannel] = ChannelChanged(row=channel(enabled=False), changed=("enabled",))
    async with monitor(daemon, clock, WIDE) as screen:
        commands = {c.title: c.callback for c in screen.app.get_system_commands(screen.app.screen)}
        commands["Disable uk-main"]()
        await screen.shown()
        assert daemon.requests[-1] == DisableChannel(command_id="command 1", channel="uk-main")
        assert "uk-main is switched off." in screen.toast
