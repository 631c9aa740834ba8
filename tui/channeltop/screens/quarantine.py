"""Orders that could not be applied: why, since when, and when they are tried again."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from channel_protocol.orders import QuarantineRow, RecoverOrder
from channeltop.asked import Asked
from channeltop.format import age, countdown, moment
from channeltop.model import Model
from channeltop.screens.list_page import ListPage
from channeltop.tone import Tone
from channeltop.widgets.columns import Column
from channeltop.widgets.table import Table
from channeltop.widgets.tones import joined, toned

__all__ = ["QUARANTINE_COLUMNS", "Quarantine"]


def _strong(row: QuarantineRow, now: datetime) -> Tone:
    return "strong"


def _warn(row: QuarantineRow, now: datetime) -> Tone:
    return "warn"


QUARANTINE_COLUMNS: tuple[Column[QuarantineRow], ...] = (
    Column(
        name="order",
        heading="Order",
        width=19,
        text=lambda row, now: row.order_id,
        tone=_strong,
        order=lambda row: row.order_id,
    ),
    Column(
        name="channel",
        heading="Channel",
        width=9,
        text=lambda row, now: row.channel or row.account,
        order=lambda row: row.channel,
    ),
    Column(
        name="since",
        heading="Since",
        width=6,
        right=True,
        text=lambda row, now: age(row.since, now),
        order=lambda row: row.since.timestamp(),
        ticking=True,
    ),
    Column(
        name="attempts",
        heading="Tries",
        width=6,
        priority=2,
        right=True,
        text=lambda row, now: str(row.attempts),
        order=lambda row: row.attempts,
    ),
    Column(
        name="next",
        heading="Next in",
        width=8,
        right=True,
        text=lambda row, now: countdown(row.next_attempt, now),
        order=lambda row: row.next_attempt.timestamp() if row.next_attempt else float("inf"),
        ticking=True,
    ),
    Column(name="reason", heading="Reason", width=20, text=lambda row, now: row.reason, tone=_warn, grow=1),
)


class Quarantine(ListPage[QuarantineRow]):
    """The oldest first."""

    MODE = "quarantine"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "recover", "Try now")]

    def table(self) -> Table[QuarantineRow]:
        return Table(QUARANTINE_COLUMNS, key=lambda row: row.key, text=_text, sort="since")

    def rows(self, model: Model) -> Mapping[str, QuarantineRow]:
        return model.quarantine

    def empty(self, model: Model) -> str:
        return "No order is quarantined: every order that was read could be applied."

    def describe(self, row: QuarantineRow, now: datetime) -> Content:
        heading = joined(
            (
                toned(row.order_id, "strong"),
                toned(f"since {moment(row.since, now)}", "muted"),
                toned(f"next attempt {moment(row.next_attempt, now)}" if row.next_attempt else "", "muted"),
            )
        )
        return Content("\n").join((heading, toned(row.reason, "warn"), toned(row.hint, "accent")))

    def action_recover(self) -> None:
        if row := self.selected:
            channel = row.channel or None
            self.post_message(Asked(RecoverOrder(command_id="", order_id=row.order_id, channel=channel)))


def _text(row: QuarantineRow) -> str:
    return f"{row.order_id} {row.channel} {row.account} {row.reason} {row.hint}"
