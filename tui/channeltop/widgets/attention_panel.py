"""The panel of what needs a person."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from channeltop.attention import Notice
from channeltop.widgets.tones import toned

__all__ = ["AttentionPanel"]

SIGNS = {"bad": "■", "warn": "▲"}


class AttentionPanel(VerticalScroll, can_focus=True):
    """Every notice with what to do; one calm line when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Sequence[Notice] | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="notices")

    def show(self, notices: Sequence[Notice], *, known: bool) -> None:
        """Show these notices; while the state is not `known`, nothing is promised."""
        self.display = known
        if not known or notices == self._shown:
            return
        self._shown = notices
        self.set_class(not notices, "-calm")
        lines = [_line(notice) for notice in notices] or [toned("✓ Nothing needs attention.", "good")]
        self.query_one("#notices", Static).update(Content("\n").join(lines))


def _line(notice: Notice) -> Content:
    return Content.assemble(
        toned(f"{SIGNS[notice.tone]} ", notice.tone),
        notice.what,
        toned("  →  ", "muted"),
        toned(notice.do, "accent"),
    )
