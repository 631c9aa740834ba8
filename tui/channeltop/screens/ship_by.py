"""The ship-by board: what is still to be sent, by the nearest ship-by time, in the marketplaces' own time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channel_protocol.order_answers import DueRow
from channeltop.asked import OrderOpened
from channeltop.format import instant, things
from channeltop.model import Model, Rows
from channeltop.screens.list_page import ListPage
from channeltop.screens.ship_by_columns import SHIP_BY_COLUMNS, due_text, note_tone, risk_tone
from channeltop.ship_by import RISKS, counted, in_order, local, risk
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told
from channeltop.widgets.tones import joined, toned

__all__ = ["ShipBy"]


class ShipBy(ListPage[DueRow]):
    """The nearest first."""

    MODE = "ship_by"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", tooltip="open the order, where it is processed")
    ]

    def __init__(self) -> None:
        super().__init__()
        self._source: Rows | None = None
        self._ordered: Mapping[str, DueRow] = {}

    def body(self) -> Iterable[Widget]:
        yield Told(id="summary")
        yield from super().body()

    def table(self) -> Table[DueRow]:
        return Table(SHIP_BY_COLUMNS, key=lambda row: row.key, text=due_text)

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        self.query_one("#summary", Told).tell(_summary(model.due.values(), now))

    def rows(self, model: Model) -> Mapping[str, DueRow]:
        source = model.topics["due"].rows
        if source is not self._source:
            self._source = source
            self._ordered = {row.key: row for row in in_order(model.due.values())}
        return self._ordered

    def empty(self, model: Model) -> str:
        return "Nothing is to be sent: every order is on its way, cancelled, or Amazon's own to send."

    def describe(self, row: DueRow, now: datetime) -> Content:
        first = joined(
            (
                toned(row.order_id, "strong"),
                Content(f"{row.channel} ({row.marketplace})"),
                toned(risk(row, now), risk_tone(row, now)),
                Content(f"{things(row.units, 'unit')} to send"),
                Content(row.service),
                toned(row.flags.replace(",", ", "), "warn"),
            )
        )
        there = f"ship by {local(row.ship_by, row.zone)} in {row.zone}" if row.ship_by else "no ship-by time"
        second = joined(
            (Content(there), toned(f"{instant(row.ship_by)[:16]} UTC" if row.ship_by else "", "muted"))
        )
        return Content("\n").join((first, second, _note_line(row)))

    def on_table_chosen(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        if row := self.selected:
            self.post_message(OrderOpened(row.order_id, row.channel))


def _summary(rows: Iterable[DueRow], now: datetime) -> Content:
    counts = counted(rows, now)
    return joined(
        toned(f"{sign} {counts[name]:,} {name or 'without a time'}", tone if counts[name] else "muted")
        for name, (sign, tone) in RISKS.items()
        if name or counts[name]
    )


def _note_line(row: DueRow) -> Content:
    if not row.note:
        return toned("Not processed yet: enter opens it, and s there processes it.", "accent")
    return toned(f"Its despatch note: {row.note.replace('_', ' ')}", note_tone(row))
