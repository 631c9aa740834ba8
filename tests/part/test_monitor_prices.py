"""The prices of a channel: how each stands, and what people decide about one."""

from typing import TypeVar

from channel_protocol.base import Problem, Request
from channel_protocol.errors import RequestRefused
from channel_protocol.listings import ListingList, ListListings
from channel_protocol.prices import (
    ApprovePrices,
    DropPrices,
    ListPrices,
    PriceAnswer,
    PriceDecision,
    PriceEvent,
    PriceList,
    PricesDecided,
    PriceShown,
    PricesSaved,
    PriceToApprove,
    PriceWanted,
    PushPrices,
    SavePrices,
    ShowPrice,
)
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_listings import download
from tests.support.monitor_prices import price
from tests.support.monitor_rows import account, channel
from tests.support.monitor_screen import WIDE, monitor

R = TypeVar("R", bound=Request)
HELD = price(2, state="Held", saved=399, holds=("it is 79 % below the price before",), min_price=500)


def shop() -> ScriptedDaemon:
    daemon = ScriptedDaemon(accounts=[account()], channels=[channel()], listing_downloads=[download()])
    daemon.answers[ListListings] = ListingList(rows=(), more=False)
    daemon.answers[ListPrices] = PriceList(rows=(price(1), HELD), after="", more=False)
    event = PriceEvent(at=START, event="saved", price=399, reference="", note="56 % below", by="anna")
    daemon.answers[ShowPrice] = PriceShown(row=HELD, events=(event,))
    decision = PriceDecision(sku="MUG-0002", outcome="pending", price=399, note="")
    for kind in (ApprovePrices, DropPrices, PushPrices):
        daemon.answers[kind] = PricesDecided(currency="GBP", answers=(decision,))
    daemon.answers[SavePrices] = PricesSaved(
        currency="GBP", answers=(PriceAnswer(outcome="pending", before=1899, after=1749),)
    )
    return daemon


def asked(daemon: ScriptedDaemon, kind: type[R]) -> list[R]:
    return [request for request in daemon.requests if isinstance(request, kind)]


async def test_prices_say_how_they_stand_and_enter_what_happened(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "p")
        for words in ("3.99", "■ to approve", "18.99", "79 % below"):
            assert words in screen.line(" MUG-0002")
        assert "✓ confirmed" in screen.line(" MUG-0001")
        await screen.steps("down", "enter")
        await screen.shown()
        assert asked(daemon, ShowPrice)[0].sku == "MUG-0002"
        assert "56 % below" in screen.line("saved  ")
        await screen.steps("escape", "escape")
        assert "Listings of uk-main" in screen.text


async def test_views_are_asked_of_the_daemon_and_prices_are_read_again_now_and_then(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.steps("9", "p", "f")
        assert [each.only for each in asked(daemon, ListPrices)][-1] == "held"
        before = len(asked(daemon, ListPrices))
        await screen.passes(20)
        assert 1 <= len(asked(daemon, ListPrices)) - before <= 5


async def test_that_very_price_is_approved_after_a_question(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "p", "a")
        assert "It does not wait for approval." in screen.toast
        await screen.steps("down", "a")
        assert "3.99 GBP instead of 18.99 GBP" in screen.text
        await screen.press("escape")
        assert asked(daemon, ApprovePrices) == []
        await screen.steps("a", "enter")
        (request,) = asked(daemon, ApprovePrices)
        assert request.rows == (PriceToApprove(sku="MUG-0002", price="3.99"),)
        assert "MUG-0002: 3.99 GBP is pending" in screen.toast


async def test_a_price_is_dropped_and_pushed_after_a_question(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "p", "x", "enter", "p", "enter")
        assert [each.skus for each in asked(daemon, DropPrices)] == [("MUG-0001",)]
        assert [each.skus for each in asked(daemon, PushPrices)] == [("MUG-0001",)]


async def test_only_what_is_typed_otherwise_is_saved(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "p", "down", "n")
        await screen.press("shift+tab", "shift+tab")
        await screen.press("ctrl+u")
        await screen.type("17.49")
        await screen.press("ctrl+s")
        (request,) = asked(daemon, SavePrices)
        assert request.rows == (PriceWanted(sku="MUG-0002", price="17.49"),)
        assert "MUG-0002: 17.49 GBP is pending" in screen.toast


async def test_a_price_that_cannot_be_stays_in_the_form_with_what_it_must_be(clock: FakeClock) -> None:
    daemon = shop()
    problem = Problem(key="max_price", message="must be above the lowest")
    daemon.answers[SavePrices] = RequestRefused("invalid", "Nothing was saved.", "Correct it.", [problem])
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "p", "down", "n", "ctrl+s")
        assert "must be above the lowest" in screen.text
