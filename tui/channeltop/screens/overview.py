"""The overview: how every concern of every channel stands, what needs a person, and the budgets."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import is_
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from channel_protocol.actors import HaltActor, RestartActor, ResumeActor
from channel_protocol.base import Request
from channel_protocol.channels import DisableChannel, EnableChannel
from channel_protocol.orders import SyncOrders
from channeltop.asked import Asked, Raised
from channeltop.attention import attention
from channeltop.budgets import forecasts
from channeltop.model import Model, Rows
from channeltop.screens.budget_columns import BUDGET_COLUMNS, budget_described
from channeltop.screens.channel_test import ChannelTest
from channeltop.screens.downloading import Downloading
from channeltop.screens.list_page import ListPage
from channeltop.screens.page import Command
from channeltop.screens.standing_columns import STANDING_COLUMNS, described
from channeltop.standing import Standing, standings
from channeltop.widgets.attention_panel import AttentionPanel
from channeltop.widgets.table import Table
from channeltop.widgets.told import Told

__all__ = ["Overview"]

NO_ACCOUNT = """No account yet. Add one, then a channel, and switch the channel on:
  channelctl account add NAME --region eu
  channelctl channel add NAME --account ACCOUNT --marketplace UK
  channelctl channel enable NAME"""
NO_CHANNEL = """No channel yet. Add one, and switch it on:
  channelctl channel add NAME --account {account} --marketplace UK
  channelctl channel enable NAME"""
CONFIRM_WITHIN = 5.0
STANDING_TOPICS = ("channels", "actors", "listing_downloads", "stock_sync")


class Overview(ListPage[Standing]):
    """Acts on the actor below the cursor."""

    MODE = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sync", "Sync now", tooltip="look for changed orders of the channel now"),
        Binding("d", "download", "Load", tooltip="download the channel's listings now"),
        Binding("r", "restart", "Restart", tooltip="restart the actor; one that is failing is tried now"),
        Binding("h", "halt", "Halt", tooltip="pressed twice: halt the actor until it is resumed"),
        Binding("e", "resume", "Resume", tooltip="resume a halted actor"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._source: tuple[Rows, ...] | None = None
        self._standings: Mapping[str, Standing] = {}
        self._budget_source: tuple[Rows, ...] | None = None
        self._budgets = Table(
            BUDGET_COLUMNS,
            key=lambda row: row.key,
            group=lambda row: row.budget.account,
            sort="waiting",
            reverse=True,
            id="budgets",
        )
        self._downloading = Downloading(self)
        self._halting: tuple[str, datetime] | None = None
        """The actor whose halt waits for a second key, and when it was asked."""

    def table(self) -> Table[Standing]:
        return Table(STANDING_COLUMNS, key=lambda row: row.key, text=_text, group=_group)

    def rows(self, model: Model) -> Mapping[str, Standing]:
        source = tuple(model.topics[topic].rows for topic in STANDING_TOPICS)
        if self._source is None or not all(map(is_, source, self._source)):
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
        known = model.fresh and bool(model.channels or model.actors)
        self.query_one(AttentionPanel).show(attention(model, now), known=known)
        source = tuple(model.topics[topic].rows for topic in ("budgets", "accounts", "channels"))
        self._budgets.display = bool(model.budgets)
        if self._budget_source and all(map(is_, source, self._budget_source)):
            self._budgets.tick(now)
        else:
            self._budget_source = source
            self._budgets.show(forecasts(model), now)
            self._describe()

    def _describe(self) -> None:
        """Of the list that the keyboard is in."""
        if self._budgets.has_focus and (row := self._budgets.selected):
            self.query_one("#description", Told).tell(budget_described(row, self.now))
        else:
            super()._describe()

    def on_descendant_focus(self) -> None:
        self._describe()

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        self._describe()

    def commands(self) -> Iterable[Command]:
        """What is done to the channel below the cursor."""
        if (row := self.selected) and (name := row.channel):
            switch = ("Disable", DisableChannel) if row.row and row.row.enabled else ("Enable", EnableChannel)
            yield Command(
                f"{switch[0]} {name}",
                "Switch the channel off" if switch[0] == "Disable" else "Switch the channel on",
                lambda: self.post_message(Asked(switch[1](command_id="", channel=name))),
            )
            yield Command(
                f"Test {name}",
                "Try the channel's way to Amazon, step by step; changes nothing",
                lambda: self.post_message(Raised(ChannelTest(name))),
            )

    def action_sync(self) -> None:
        if row := self.selected:
            self.post_message(Asked(SyncOrders(command_id="", channel=row.channel or None)))

    def action_download(self) -> None:
        row = self.selected
        if row and row.channel:
            self._downloading.download(row.channel)
        else:
            self.notify("No channel is chosen whose listings could be downloaded.", severity="warning")

    def action_restart(self) -> None:
        self._ask(lambda actor: RestartActor(command_id="", actor=actor))

    def action_resume(self) -> None:
        self._ask(lambda actor: ResumeActor(command_id="", actor=actor))

    def action_halt(self) -> None:
        self._ask(self._halt)

    def _halt(self, actor: str) -> Request | None:
        """A halt lasts until somebody ends it, so it takes the key twice."""
        asked, self._halting = self._halting, (actor, self.now)
        if asked and asked[0] == actor and (self.now - asked[1]).total_seconds() <= CONFIRM_WITHIN:
            self._halting = None
            return HaltActor(command_id="", actor=actor, reason="halted in the monitor")
        self.notify(f"Press h again to halt {actor} until it is resumed.", timeout=CONFIRM_WITHIN)
        return None

    def _ask(self, request_for: Callable[[str], Request | None]) -> None:
        row = self.selected
        if row is None or not row.actor:
            self.notify("Nothing runs here: there is no actor.", severity="warning")
        elif request := request_for(row.actor):
            self.post_message(Asked(request))


def _group(row: Standing) -> tuple[str, str]:
    return row.account, row.channel


def _text(row: Standing) -> str:
    names = f"{row.channel} {row.account} {row.marketplace} {row.concern}"
    return f"{names} {row.state} {row.waits_for} {row.reason}"
