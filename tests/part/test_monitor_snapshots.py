"""The monitor looks as it did when somebody last looked at it: small and wide, dark and light, in all states.

After a change that is meant: `pytest tests/part/test_monitor_snapshots.py --snapshot-update`, and look at the
pictures before they are committed.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from pytest_textual_snapshot import SVGImageExtension  # pyright: ignore[reportMissingTypeStubs]
from textual.pilot import Pilot

from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_scenes import after, busy, calm, empty, fifty, pictured

SVGImageExtension.file_extension = "svg"  # the plugin names it as an older syrupy did
pytestmark = pytest.mark.usefixtures("local_zone")
SMALL = (80, 24)
WIDE = (130, 40)


class Scene(NamedTuple):
    """One picture: whose rows, how large, in which theme, after which keys."""

    daemon: Callable[[], ScriptedDaemon]
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    light: bool = False


SCENES: Mapping[str, Scene] = {
    "overview small": Scene(busy, SMALL),
    "overview wide": Scene(busy, WIDE),
    "overview wide light": Scene(busy, WIDE, light=True),
    "overview of nothing": Scene(empty, SMALL),
    "overview of one channel": Scene(calm, SMALL, light=True),
    "overview of fifty channels": Scene(fifty, WIDE),
    "overview filtered": Scene(busy, SMALL, ("slash", *"failing", "enter")),
    "overview with a budget chosen": Scene(busy, SMALL, ("tab",)),
    "orders small": Scene(busy, SMALL, ("2",)),
    "orders wide light": Scene(busy, WIDE, ("2",), light=True),
    "orders of nothing": Scene(empty, SMALL, ("2",)),
    "order detail": Scene(busy, SMALL, ("2", "enter")),
    "order detail wide light": Scene(busy, WIDE, ("2", "enter"), light=True),
    "quarantine small": Scene(busy, SMALL, ("3",)),
    "quarantine wide light": Scene(busy, WIDE, ("3", "end"), light=True),
    "quarantine asks": Scene(busy, SMALL, ("3", "x")),
    "audit trail small": Scene(busy, SMALL, ("4",)),
    "settings small": Scene(busy, SMALL, ("5", "tab", "down")),
    "settings wide light": Scene(busy, WIDE, ("5", "tab", "space"), light=True),
    "mapping small": Scene(busy, SMALL, ("6",)),
    "mapping wide light": Scene(busy, WIDE, ("6", "s", "down"), light=True),
    "mapping form": Scene(busy, SMALL, ("6", "a")),
    "locations": Scene(busy, SMALL, ("6", "l")),
    "carriers": Scene(busy, SMALL, ("6", "c")),
    "work small": Scene(busy, SMALL, ("7",)),
    "work wide light": Scene(busy, WIDE, ("7", "down"), light=True),
    "work of nothing": Scene(empty, SMALL, ("7",)),
    "work asks": Scene(busy, SMALL, ("7", "x")),
    "work detail": Scene(busy, SMALL, ("7", "enter")),
    "work detail wide light": Scene(busy, WIDE, ("7", "down", "enter"), light=True),
    "feeds small": Scene(busy, SMALL, ("7", "f")),
    "feeds wide light": Scene(busy, WIDE, ("7", "f"), light=True),
    "feed detail": Scene(busy, SMALL, ("7", "f", "end", "enter")),
    "ship by small": Scene(busy, SMALL, ("8",)),
    "ship by wide light": Scene(busy, WIDE, ("8",), light=True),
    "ship by nothing": Scene(empty, SMALL, ("8",)),
    "order to process": Scene(busy, SMALL, ("2", "enter", "s")),
    "order to cancel": Scene(busy, SMALL, ("2", "enter", "c", "ctrl+s")),
    "order to refund": Scene(busy, SMALL, ("2", "enter", "r", "ctrl+s")),
    "order to refund wide light": Scene(busy, WIDE, ("2", "enter", "r", "ctrl+s"), light=True),
    "order with a note that failed": Scene(busy, WIDE, ("7", "t")),
    "listings small": Scene(busy, SMALL, ("9",)),
    "listings wide light": Scene(busy, WIDE, ("9", "down", "enter", "down", "down"), light=True),
    "listings not linked": Scene(busy, SMALL, ("9", "f", "enter")),
    "listings of nothing": Scene(empty, SMALL, ("9",)),
    "listing detail": Scene(busy, SMALL, ("9", "enter", "down", "down", "enter")),
    "listing to link": Scene(busy, SMALL, ("9", "enter", "down", "down", "l")),
    "reports small": Scene(busy, SMALL, ("0", "end", "up")),
    "reports wide light": Scene(busy, WIDE, ("0", "down", "down", "down"), light=True),
    "reports of nothing": Scene(empty, SMALL, ("0",)),
    "report detail": Scene(busy, SMALL, ("0", "end", "enter")),
    "report to request": Scene(busy, SMALL, ("0", "n")),
    "listing limits": Scene(busy, SMALL, ("9", "enter", "enter", "m")),
    "stock small": Scene(busy, SMALL, ("S", "tab", "down")),
    "stock wide light": Scene(busy, WIDE, ("S", "down", "down"), light=True),
    "stock detail": Scene(busy, SMALL, ("S", "tab", "enter")),
    "stock detail wide light": Scene(busy, WIDE, ("S", "tab", "enter"), light=True),
    "stock asks": Scene(busy, SMALL, ("S", "down", "p")),
    "prices small": Scene(busy, SMALL, ("9", "p", "down")),
    "prices wide light": Scene(busy, WIDE, ("9", "p"), light=True),
    "inventory locations": Scene(busy, SMALL, ("6", "i", "down", "down", "down", "enter")),
    "help": Scene(busy, SMALL, ("question_mark",)),
    "help wide light": Scene(busy, WIDE, ("question_mark",), light=True),
    "palette": Scene(busy, SMALL, ("ctrl+p",)),
}


@pytest.mark.parametrize("name", SCENES)
def test_it_looks_as_before(name: str, snap_compare: Callable[..., bool]) -> None:
    scene = SCENES[name]
    app = pictured(scene.daemon(), light=scene.light)
    assert snap_compare(app, terminal_size=scene.size, run_before=after(*scene.keys))


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["small", "wide light"])
def test_a_lost_daemon_looks_as_before(size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    daemon = busy()

    async def lose(pilot: Pilot[Any]) -> None:
        await after()(pilot)
        daemon.stop()
        await after()(pilot)

    assert snap_compare(pictured(daemon, light=size == WIDE), terminal_size=size, run_before=lose)
