"""Shown while there is no daemon: why, what to do, and how old the data is."""

from datetime import datetime

from textual.content import Content
from textual.widgets import Static

from channeltop.format import age, clock_time, countdown
from channeltop.model import Link
from channeltop.widgets.tones import toned

__all__ = ["Banner"]


class Banner(Static):
    """Takes no room while the link is up."""

    def show(self, link: Link, now: datetime) -> None:
        """Show the link as it is now."""
        lost = not link.up and bool(link.why)
        self.display = lost
        if lost:
            self.update(Content.assemble(toned("No daemon. ", "strong"), link.why, "\n", _times(link, now)))


def _times(link: Link, now: datetime) -> Content:
    old = f"What you see is {age(link.lost_at, now)} old, of {clock_time(link.lost_at)} UTC. "
    wait = countdown(link.retry_at, now)
    again = "Trying again now." if wait == "now" else f"Trying again in {wait}."
    return toned((old if link.lost_at else "") + again, "muted")
