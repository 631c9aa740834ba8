"""Help, themes, mouse, command palette, the command itself and the picture."""

from pathlib import Path

from click.testing import CliRunner

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
        assert "overview, orders, quarantine, audit trail" in screen.text
        await screen.press("escape")
        assert "Keys and signs" not in screen.text
        assert "uk-main" in screen.text


async def test_d_changes_between_dark_and_light(clock: FakeClock) -> None:
    async with monitor(small(), clock) as screen:
        assert screen.app.current_theme.dark
        await screen.press("d")
        assert not screen.app.current_theme.dark


async def test_the_command_palette_opens_a_page(clock: FakeClock) -> None:
    async with monitor(small(), clock, WIDE) as screen:
        await screen.press("ctrl+p")
        assert "Audit trail" in screen.text


async def test_the_mouse_opens_pages_and_sorts(clock: FakeClock) -> None:
    async with monitor(small(), clock) as screen:
        await screen.pilot.click(offset=(25, 0))
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
    assert "channeld" in first


def test_colours_and_sizes_travel_with_the_package() -> None:
    import channeltop

    assert Path(channeltop.__file__).with_name("channeltop.tcss").is_file()
