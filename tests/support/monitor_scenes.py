"""The monitor in every state that it may be found in, always painted alike: for pictures to compare."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from channel_protocol.base import Reply
from channel_protocol.channels import ChannelRow, ChannelShown, ShowChannel
from channel_protocol.codec import AnyRow
from channel_protocol.feeds import ShowFeed
from channel_protocol.listings import ListListings, ShowListing
from channel_protocol.locations import ListLocations
from channel_protocol.mappings import ListMappings
from channel_protocol.offers import ExplainStock, ListOffers
from channel_protocol.order_answers import CancelOrder, RefundOrder
from channel_protocol.orders import ShowOrder
from channel_protocol.prices import ListPrices
from channel_protocol.reports import ShowReport
from channel_protocol.session import TOPICS
from channel_protocol.work import ListWork, ShowWork
from channeltop import sample
from channeltop.app import ChannelTop
from channeltop.picture import StandingClock, self_contained
from channeltop.sample_answers import answer
from channeltop.sample_settings import SETTINGS
from channeltop.themes import LIGHT
from tests.support.monitor_daemon import ScriptedDaemon

SAMPLED = (
    ShowOrder,
    ListListings,
    ShowListing,
    ListMappings,
    ListLocations,
    ListWork,
    ListOffers,
    ExplainStock,
    ListPrices,
    ShowReport,
    ShowWork,
    ShowFeed,
    CancelOrder,
    RefundOrder,
)
SETTLED = 3
"""Pauses after which everything that a key caused has been painted."""


class Pictured(ChannelTop):
    """The monitor whose pictures need no fonts from elsewhere."""

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        return self_contained(super().export_screenshot(title=title, simplify=simplify))


def pictured(daemon: ScriptedDaemon, *, light: bool = False) -> Pictured:
    """The monitor of that daemon, at the sample's instant for ever."""
    app = Pictured("sample", connect=daemon.connect, clock=StandingClock())
    if light:
        app.theme = LIGHT.name
    return app


def busy() -> ScriptedDaemon:
    """Five channels: some work, some wait, one fails, one is halted, one is switched off."""
    return _daemon({topic: sample.rows(topic) for topic in TOPICS})


def empty() -> ScriptedDaemon:
    """Just installed."""
    return _daemon({})


def calm() -> ScriptedDaemon:
    """One channel, and all is well."""
    channel = cast("ChannelRow", sample.rows("channels")[0])
    rows: dict[str, Sequence[AnyRow]] = {
        "accounts": sample.rows("accounts")[:1],
        "actors": sample.rows("actors")[:2],
        "budgets": sample.rows("budgets")[1:2],
        "channels": [replace(channel, orders=12)],
        "orders": sample.rows("orders", 1),
    }
    return _daemon(rows)


def fifty() -> ScriptedDaemon:
    """Fifty channels of one account, none of which has any orders yet."""
    channel = cast("ChannelRow", sample.rows("channels")[0])
    rows: dict[str, Sequence[AnyRow]] = {
        "accounts": sample.rows("accounts")[:1],
        "actors": sample.rows("actors")[:1],
        "budgets": sample.rows("budgets")[:2],
        "channels": [replace(channel, channel=f"shop-{n:02}", orders=0) for n in range(50)],
    }
    return _daemon(rows)


def after(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Press those keys, each when what the one before caused has been painted."""

    async def press(pilot: Pilot[Any]) -> None:
        app = cast("Pictured", pilot.app)
        await _settle(pilot, app)
        for key in keys:
            await pilot.press(key)
            await _settle(pilot, app)

    return press


async def _settle(pilot: Pilot[Any], app: Pictured) -> None:
    for _ in range(SETTLED):
        await pilot.pause()
        app.repaint()
        for field in app.screen.query(Input):
            field.cursor_blink = False
    await pilot.pause()


def _daemon(topics: dict[str, Sequence[AnyRow]]) -> ScriptedDaemon:
    daemon = ScriptedDaemon(**topics)
    for kind in SAMPLED:
        daemon.answers[kind] = lambda request: cast("Reply", answer(request))
    daemon.answers[ShowChannel] = lambda request: ChannelShown(
        row=cast("ChannelRow", daemon.rows["channels"][request.channel]), settings=SETTINGS
    )
    return daemon
