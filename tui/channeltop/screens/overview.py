"""The overview: how every concern of every channel stands, what needs a person, and the budgets."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from channel_protocol.actors import BudgetRow, HaltActor, RestartActor, ResumeActor
from channel_protocol.base import Request
from channel_protocol.orders import SyncOrders
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channeltop.asked import Asked
from channeltop.attention import attention
from channeltop.clock import Clock
from channeltop.model import Model, Rows
from channeltop.screens.budget_columns import BUDGET_COLUMNS
from channeltop.screens.list_page import ListPage
from channeltop.screens.standing_columns import STANDING_COLUMNS, described
from channeltop.standing import Standing, standings
from channeltop.widgets.attention_panel import AttentionPanel
from channeltop.widgets.table import Table

__all__ = ["Overview"]

NO_ACCOUNT = (
    "No account yet. Add one, then a channel:  channelctl account add NAME --region eu"
)
NO_CHANNEL = "No channel yet. Add one:  channelctl channel add NAME --account {account} --marketplace UK"
CONFIRM_WITHIN = 5.0


class Overview(ListPage[Standing]):
    """Acts on the actor below the cursor."""

    MODE = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sync", "Sync now"),
        Binding("r", "restart", "Restart"),
        Binding("h", "halt", "Halt"),
        Binding("e", "resume", "Resume"),
    ]

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._source: tuple[Rows, Rows] | None = None
        self._standings: Mapping[str, Standing] = {}
        self._budget_rows: Rows | None = None
        self._budgets = Table(
            BUDGET_COLUMNS, key=lambda row: row.key, sort="waiting", reverse=True, id="budgets"
        )
        self._halting: tuple[str, datetime] | None = None
        """The actor whose halt waits for a second key, and when it was asked."""

    def table(self) -> Table[Standing]:
        return Table(STANDING_COLUMNS, key=lambda row: row.key, text=_text)

    def rows(self, model: Model) -> Mapping[str, Standing]:
        source = (model.topics["channels"].rows, model.topics["actors"].rows)
        if self._source is None or source[0] is not self._source[0] or source[1] is not self._source[1]:
            self._source = source
            self._standings = {row.key: row for row in standings(model)}
        return self._standings

    def empty(self, model: Model) -> str:
        for account in model.accounts:
            return NO_CHANNEL.format(account=account)
        return NO_ACCOUNT

    def describe(self, row: Standing, now: datetime) -> Content:
        return described(row, now)

    def body(self) -> Iterable[Widget]:
        yield AttentionPanel()
        yield from super().body()
        yield self._budgets

    def show(self, model: Model, now: datetime) -> None:
        super().show(model, now)
        self.query_one(AttentionPanel).show(attention(model, now), known=bool(model.channels or model.actors))
        rows = model.budgets
        self._budgets.display = bool(rows)
        if rows is self._budget_rows:
            self._budgets.tick(now)
        else:
            self._budget_rows = model.topics["budgets"].rows
            self._budgets.show(sorted(rows.values(), key=_budget_order), now)

    def action_sync(self) -> None:
        if row := self.selected:
            self.post_message(Asked(SyncOrders(command_id="", channel=row.channel or None)))

    def action_restart(self) -> None:
        self._ask(lambda actor: RestartActor(command_id="", actor=actor))

    def action_resume(self) -> None:
        self._ask(lambda actor: ResumeActor(command_id="", actor=actor))
