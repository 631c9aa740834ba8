"""A lost daemon is a state that is shown, and the monitor finds back by itself."""

from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from channel_protocol.actors import RestartActor
from channel_protocol.errors import DaemonLost
from channel_protocol.session import Subscribe
from channeltop.app import ChannelTop
from channeltop.connection import Connection
from channeltop.events import Event, Lost
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, actor, channel, order
from tests.support.monitor_screen import SMALL, WIDE, Seen, monitor


def small() -> ScriptedDaemon:
    return ScriptedDaemon(
        accounts=[account()],
        channels=[channel(synced=START - timedelta(minutes=3))],
        actors=[actor()],
        orders=[order(1)],
    )


async def test_without_a_daemon_it_says_why_and_what_to_do(clock: FakeClock) -> None:
    daemon = ScriptedDaemon()
    daemon.stop("channeld is not running: there is no socket.", "Start it with `channeld run`.")
    async with monitor(daemon, clock) as screen:
        assert "channeld is not running: there is no socket." in screen.prose
        assert "Start it with `channeld run`." in screen.prose
        assert "Nothing needs attention" not in screen.text


async def test_the_real_client_says_where_it_looked(clock: FakeClock, tmp_path: Path) -> None:
    app = ChannelTop(tmp_path / "channeld.sock", clock=clock)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.repaint()
        await pilot.pause()
        assert "channeld is not running: there is no socket at" in Seen(app.export_screenshot()).prose


async def test_what_was_known_stays_with_its_age(clock: FakeClock) -> None:
    daemon = small()
    async with monitor(daemon, clock) as screen:
        daemon.stop()
        await screen.passes(42)
        assert "uk-main" in screen.text
        assert "What you see is 42 s old" in screen.text


async def test_it_tries_again_after_half_a_second_and_then_less_often(clock: FakeClock) -> None:
    daemon = ScriptedDaemon()
    daemon.stop()
    events: list[Event] = []
    connection = Connection(Path("channeld.sock"), daemon.connect, clock, events.append)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(connection.run)
        await clock.advance(18.5)
        tasks.cancel_scope.cancel()
    tried_at = [event.at - START for event in events if isinstance(event, Lost)]
    assert [at.total_seconds() for at in tried_at] == [0, 0.5, 1.5, 3.5, 8.5, 13.5, 18.5]


async def test_a_new_boot_brings_everything_anew(clock: FakeClock) -> None:
    daemon = small()
    async with monitor(daemon, clock) as screen:
        daemon.publish("channels", channel("de-main"))
        await screen.shown()
        daemon.stop()
        await screen.shown()
        daemon.rows["channels"] = {"fr-main": channel("fr-main")}
        daemon.start("boot 2")
        await screen.passes(2)
        await screen.shown()
        assert "fr-main" in screen.text
        assert "de-main" not in screen.text
        assert "No daemon" not in screen.text


async def test_a_lost_delta_is_made_good_by_a_fresh_snapshot(clock: FakeClock) -> None:
    daemon = small()
    async with monitor(daemon, clock) as screen:
        daemon.publish("channels", channel("lost-shop"), lost=True)
        daemon.publish("channels", channel("next-shop"))
        await screen.shown()
        await screen.shown()
        assert daemon.requests[-1] == Subscribe(topics=("channels",))
        assert "lost-shop" in screen.text


async def test_a_verb_without_a_daemon_is_told_and_nothing_breaks(clock: FakeClock) -> None:
    daemon = small()
    async with monitor(daemon, clock, WIDE) as screen:
        daemon.stop()
        await screen.shown()
        await screen.press("r")
        assert "There is no daemon to ask." in screen.text


async def test_a_verb_whose_answer_was_lost_says_where_to_look(clock: FakeClock) -> None:
    daemon = small()
    daemon.answers[RestartActor] = DaemonLost("daemon_lost", "channeld closed the connection.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("r")
        assert "Whether it was still done is in the audit trail." in screen.text


@pytest.mark.parametrize(("size", "words"), [(SMALL, "r/o"), (WIDE, "read only")])
async def test_a_reader_sees_that_it_may_only_read(
    clock: FakeClock, size: tuple[int, int], words: str
) -> None:
    daemon = small()
    daemon.may_write = False
    async with monitor(daemon, clock, size) as screen:
        assert words in screen.lines[0]
