"""The help screen: every key, and what the signs mean."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from channeltop.standing import STATES
from channeltop.widgets.tones import toned

__all__ = ["KEYS", "Help"]

KEYS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "Everywhere",
        (
            ("1 2 3 4", "overview, orders, quarantine, audit trail"),
            ("tab", "the next part of the page"),
            ("d", "dark or light"),
            ("ctrl+p", "command palette"),
            ("q", "quit; channeld goes on"),
        ),
    ),
    (
        "In a list",
        (
            ("↑ ↓ pgup pgdn", "move; home follows what comes in at the top"),
            ("/", "filter: words, or field:value such as channel:uk"),
            ("esc", "in the filter: clear it"),
            ("o  O", "sort by the next column; reverse the order"),
            ("enter", "open the order"),
        ),
    ),
    (
        "On the overview",
        (
            ("s", "look for changed orders of the channel now"),
            ("r", "restart the actor; one that is failing is tried now"),
            ("h h", "halt the actor until it is resumed"),
            ("e", "resume a halted actor"),
        ),
    ),
    (
        "On an order",
        (
            ("v", "read it again from Amazon and apply it"),
            ("p", "in the detail: show its personal data (audited)"),
            ("esc", "in the detail: back to the list"),
        ),
    ),
)

MEANINGS = {
    "running": "works",
    "waiting": "for a budget, for Amazon, or for its next turn",
    "starting": "is being started",
    "failing": "is tried again by itself",
    "halted": "needs a person",
    "stopped": "does not run",
    "disabled": "the channel is switched off",
}


class Help(ModalScreen[None]):
    """Any of its keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as frame:
            frame.border_title = "Keys and signs"
            yield Static(_keys())
            yield Static(_signs())

    async def action_dismiss(self, result: None = None) -> None:
        self.dismiss(result)


def _keys() -> Content:
    lines: list[Content] = []
    for title, keys in KEYS:
        lines.append(toned(title, "strong"))
        lines += [toned(f"  {key:<14}", "accent") + meaning for key, meaning in keys]
        lines.append(Content())
    return Content("\n").join(lines)


def _signs() -> Content:
    lines = [toned("States", "strong")]
    for state, (sign, tone) in STATES.items():
        lines.append(toned(f"  {sign} {state:<12}", tone) + MEANINGS[state])
    return Content("\n").join(lines)
