"""Orders that could not be applied: why, since when, when they are tried again, and that nobody need care."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from channel_protocol.orders import DismissOrder, QuarantineRow, RecoverOrder
from channeltop.asked import Asked, Raised
from channeltop.format import moment, things
from channeltop.model import Model, Rows
from channeltop.screens.list_page import ListPage
from channeltop.screens.quarantine_columns import QUARANTINE_COLUMNS
from channeltop.screens.question import Question
from channeltop.widgets.table import Table
from channeltop.widgets.tones import joined, toned

__all__ = ["Quarantine"]


class Quarantine(ListPage[QuarantineRow]):
    """The oldest first; those that were dismissed at the end."""

    MODE = "quarantine"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "recover", "Try now", tooltip="read the order again from Amazon and try it now"),
        Binding("x", "dismiss_order", "Dismiss", tooltip="the order needs attention no longer; asks first"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._source: Rows | None = None
        self._ordered: Mapping[str, QuarantineRow] = {}

    def table(self) -> Table[QuarantineRow]:
        return Table(QUARANTINE_COLUMNS, key=lambda row: row.key, text=_text)

    def rows(self, model: Model) -> Mapping[str, QuarantineRow]:
        source = model.topics["quarantine"].rows
        if source is not self._source:
            self._source = source
            ordered = sorted(
                model.quarantine.values(), key=lambda row: (row.dismissed_at is not None, row.since)
            )
            self._ordered = {row.key: row for row in ordered}
        return self._ordered

    def empty(self, model: Model) -> str:
        return "No order is quarantined: every order that was read could be applied."

    def describe(self, row: QuarantineRow, now: datetime) -> Content:
        heading = joined(
            (
                toned(row.order_id, "strong"),
                Content(f"channel {row.channel}" if row.channel else f"account {row.account}"),
                toned(f"since {moment(row.since, now)}", "muted"),
                toned(f"tried {row.attempts:,}×", "muted"),
                toned(f"next attempt {moment(row.next_attempt, now)}" if row.next_attempt else "", "muted"),
                toned(f"dismissed {moment(row.dismissed_at, now)}" if row.dismissed_at else "", "good"),
            )
        )
        return Content("\n").join((heading, toned(row.reason, "warn"), toned(row.hint, "accent")))

    def action_recover(self) -> None:
        if row := self.selected:
            channel = row.channel or None
            self.post_message(Asked(RecoverOrder(command_id="", order_id=row.order_id, channel=channel)))

    def action_dismiss_order(self) -> None:
        row = self.selected
        if row is None:
            return
        if row.dismissed_at:
            self.notify(f"{row.order_id} is dismissed already.")
            return
        question = Question(f"Dismiss {row.order_id}?", _consequences(row), "dismiss it")
        self.post_message(Raised(question, lambda agreed: self._dismiss(row) if agreed else None))

    def _dismiss(self, row: QuarantineRow) -> None:
        self.post_message(
            Asked(DismissOrder(command_id="", order_id=row.order_id, account=row.account or None))
        )


def _consequences(row: QuarantineRow) -> Content:
    again = (
        f"It is tried again by itself all the same ({things(row.attempts, 'attempt')} so far)."
        if row.next_attempt
        else "It is not tried again, as its id cannot be read."
    )
    return Content("\n").join(
        (
            toned(row.reason, "warn"),
            Content(),
            Content("It is not in the order book. It needs attention no longer, and stays in this list."),
            Content(again),
            Content("It needs attention again when Amazon sends something else for it."),
        )
    )


def _text(row: QuarantineRow) -> str:
    dismissed = "dismissed" if row.dismissed_at else ""
    return f"{row.order_id} {row.channel} {row.account} {row.reason} {row.hint} {dismissed}"
