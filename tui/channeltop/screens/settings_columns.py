"""The columns of the list of channels beside their settings."""

from datetime import datetime

import msgspec

from channel_protocol.channels import ChannelRow
from channeltop.tone import Tone
from channeltop.widgets.columns import Column

__all__ = ["CHANNEL_COLUMNS", "Line"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A channel in the list."""

    row: ChannelRow
    changed: bool
    """Something is typed that is not saved."""


def _tone(line: Line, now: datetime) -> Tone:
    return "accent" if line.changed else "" if line.row.enabled else "muted"


CHANNEL_COLUMNS: tuple[Column[Line], ...] = (
    Column(
        name="channel",
        heading="Channel",
        width=10,
        grow=1,
        text=lambda line, now: f"{'*' if line.changed else ''}{line.row.channel}",
        tone=_tone,
        order=lambda line: line.row.channel,
    ),
    Column(
        name="enabled",
        heading="On",
        width=3,
        text=lambda line, now: "on" if line.row.enabled else "off",
        tone=_tone,
    ),
)
