"""The help screen: every key, as the pages bind them, and what the signs mean."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from channeltop.keys import Key, keys_of
from channeltop.screens.channel_test import ChannelTest
from channeltop.screens.detail import Detail
from channeltop.screens.entry import Entry
from channeltop.screens.feeds import Feeds
from channeltop.screens.list_page import ListPage
from channeltop.screens.listing_detail import ListingDetail
from channeltop.screens.listings import Listings
from channeltop.screens.mapping import MappingPage
from channeltop.screens.order_detail import OrderDetail
from channeltop.screens.orders import Orders
from channeltop.screens.overview import Overview
from channeltop.screens.prices import PriceDetail, Prices
from channeltop.screens.quarantine import Quarantine
from channeltop.screens.question import Question
from channeltop.screens.reports import Reports
from channeltop.screens.settings import Settings
from channeltop.screens.ship_by import ShipBy
from channeltop.screens.stock import Stock
from channeltop.screens.stock_detail import StockDetail
from channeltop.screens.work import Work
from channeltop.screens.work_detail import WorkDetail
from channeltop.standing import STATES
from channeltop.widgets.filter_box import FilterBox
from channeltop.widgets.setting_field import Choice
from channeltop.widgets.settings_form import SettingsForm
from channeltop.widgets.table import Table
from channeltop.widgets.tones import toned

__all__ = ["SECTIONS", "Help"]

SECTIONS: Sequence[tuple[str, Sequence[type]]] = (
    ("In a list", (Table, ListPage, FilterBox)),
    ("On the overview", (Overview,)),
    ("On the orders", (Orders,)),
    ("In an order's detail", (Detail, OrderDetail)),
    ("In the quarantine", (Quarantine,)),
    ("On the settings", (Settings, SettingsForm, Choice)),
    ("On the mapping", (MappingPage,)),
    ("On the work", (Work,)),
    ("In one piece of work, and in the feeds", (WorkDetail, Feeds)),
    ("On the ship-by board", (ShipBy,)),
    ("On the listings, and in one of them", (Listings, ListingDetail)),
    ("On the prices, and in one of them", (Prices, PriceDetail)),
    ("On the reports", (Reports,)),
    ("On the stock, and in one seller SKU", (Stock, StockDetail)),
    ("In forms, questions and tests", (Entry, Question, ChannelTest)),
)
"""Whose keys stand where; those of the whole program come before."""
EXTRA = (
    Key(("tab",), "the next part of the page"),
    Key(("ctrl+p",), "command palette: pages and actions by name"),
)
"""What Textual binds."""
COLUMN = 19

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
    """Any of its keys closes it; the arrows scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", "Close", tooltip="in this help: close it")
    ]

    def __init__(self, program: type) -> None:
        super().__init__()
        self._program = program

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as frame:
            frame.border_title = "Keys and signs"
            yield Static(_keys(self._program))
            yield Static(_signs())

    async def action_dismiss(self, result: None = None) -> None:
        self.dismiss(result)


def _keys(program: type) -> Content:
    everywhere = [*keys_of(program), *EXTRA, *keys_of(Help)]
    lines = [*_section("Everywhere", everywhere)]
    for title, owners in SECTIONS:
        lines += _section(title, [key for owner in owners for key in keys_of(owner)])
    return Content("\n").join(lines)


def _section(title: str, keys: Iterable[Key]) -> Iterable[Content]:
    yield toned(title, "strong")
    for key in keys:
        yield toned(f"  {key.text:<{COLUMN}} ", "accent") + key.meaning
    yield Content()


def _signs() -> Content:
    lines = [toned("States", "strong")]
    for state, (sign, tone) in STATES.items():
        lines.append(toned(f"  {sign} {state:<{COLUMN - 2}} ", tone) + MEANINGS[state])
    return Content("\n").join(lines)
