"""The stock page: channels with what is not told yet, and seller SKUs with how their value comes about."""

from datetime import timedelta
from typing import TypeVar

import pytest

from channel_protocol.base import Request
from channel_protocol.errors import RequestRefused
from channel_protocol.offers import (
    ExplainStock,
    ListOffers,
    OfferList,
    OfferRow,
    PushAnswer,
    PushStock,
    StockPushed,
    StockSyncRow,
)
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_offers import explained, offer, synced
from tests.support.monitor_rows import account, channel
from tests.support.monitor_screen import SMALL, WIDE, look, monitor

R = TypeVar("R", bound=Request)
ODD = offer(2, standing="tried again later", dirty_since=START - timedelta(hours=2), reason="8541 mismatch")
DIFFERS = offer(3, standing="in flight", differing=("de-main",))


def shop(*stock: StockSyncRow, rows: tuple[OfferRow, ...] = (offer(1), ODD, DIFFERS)) -> ScriptedDaemon:
    channels = [channel(row.channel) for row in stock] or [channel()]
    daemon = ScriptedDaemon(accounts=[account()], channels=channels, stock_sync=stock or [synced()])
    daemon.answers[ListOffers] = OfferList(rows=rows, after="", more=False)
    daemon.answers[ExplainStock] = lambda request: explained(
        next(row for row in rows if row.sku == request.sku)
    )
    daemon.answers[PushStock] = StockPushed(
        answers=(PushAnswer(account="eu", sku="MUG-0002", outcome="queued", quantity=9, note=""),), queued=1
    )
    return daemon


def asked(daemon: ScriptedDaemon, kind: type[R]) -> list[R]:
    return [request for request in daemon.requests if isinstance(request, kind)]


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_channels_and_seller_skus_say_how_they_stand(size: tuple[int, int]) -> None:
    late = synced(dirty=1204, oldest=START - timedelta(hours=2), warning="no location is chosen")
    seen = look(shop(late), size, "S")
    for words in ("2026-11-22 09:00:00", "1,204", "2 h 00", "no lo"):
        assert words in seen.line(" uk-main")
    for words in ("9", "▲ tried again", "2 h 00"):
        assert words in seen.line(" MUG-0002")
    assert "✓ confirmed" in seen.line(" MUG-0001")


async def test_what_the_columns_leave_out_is_told_of_the_row_below_the_cursor(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.steps("S", "enter", "down")
        for words in ("item ITEM-2", "tell 9, 3 days", "by patch", "failed: 8541 mismatch"):
            assert words in screen.prose
        await screen.press("down")
        assert "other on de-main" in screen.prose


async def test_only_what_is_looked_at_is_asked_for_page_by_page(clock: FakeClock) -> None:
    daemon = shop()

    def answer(request: ListOffers) -> OfferList:
        start = int(request.after or 0)
        rows = tuple(offer(n) for n in range(start, start + request.limit))
        return OfferList(rows=rows, after=str(start + request.limit), more=True)

    daemon.answers[ListOffers] = answer
    async with monitor(daemon, clock) as screen:
        assert asked(daemon, ListOffers) == [], "not before the page is opened"
        await screen.steps("S", "enter")
        assert "100 here; more below" in screen.text
        await screen.steps("end")
        await screen.shown()
        assert "200 here; more below" in screen.text
        assert [each.after for each in asked(daemon, ListOffers)] == ["", "100"]


async def test_views_and_what_is_typed_are_asked_of_the_daemon(clock: FakeClock) -> None:
    daemon = shop(synced("uk-main"), synced("de-main"))
    async with monitor(daemon, clock) as screen:
        await screen.steps("S", "f")
        last = asked(daemon, ListOffers)[-1]
        assert (last.channel, last.only) == ("", "dirty"), "all channels stand first"
        assert "not told yet" in screen.line("Seller SKUs of all channels")
        await screen.steps("down", "slash")
        await screen.type("mug is:with")
        last = asked(daemon, ListOffers)[-1]
        assert (last.channel, last.text, last.only) == ("de-main", "mug", "withheld")


async def test_while_stock_moves_it_is_read_again_now_and_then_and_not_each_time(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.press("S")
        before = len(asked(daemon, ListOffers))
        for n in range(10):
            daemon.publish("stock_sync", synced(dirty=n, version=2 + n))
            await screen.shown()
        assert 1 <= len(asked(daemon, ListOffers)) - before <= 2
        await screen.passes(5)
        settled = len(asked(daemon, ListOffers))
        await screen.passes(30)
        assert len(asked(daemon, ListOffers)) == settled, "what does not move is not read"


async def test_enter_opens_how_a_quantity_comes_about_and_what_became_of_it(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("S", "enter", "enter")
        await screen.shown()
        (request,) = asked(daemon, ExplainStock)
        assert (request.sku, request.account) == ("MUG-0001", "eu")
        for words in (
            "Amazon is asked at 09:05.",
            "A=12 (15−3) for uk-main",
            "cut by Max Listed",
            "report shows 7",
            "2 × ITEM-1",
            "Orders that reserve it, 1 order of 40",
            "203-1",
            "submission-17",
        ):
            assert words in screen.text
        assert "12" in screen.line("2 × ITEM-1"), "15 less 3"
        await screen.press("escape")
        assert "Seller SKUs of uk-main" in screen.text


async def test_p_pushes_one_after_a_question_and_tells_what_became_of_it(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("S", "enter", "down", "p")
        assert "Amazon is told 9 of MUG-0002" in screen.prose
        await screen.press("escape")
        assert asked(daemon, PushStock) == []
        await screen.steps("p", "enter")
        (request,) = asked(daemon, PushStock)
        assert (request.skus, request.account, request.channel) == (("MUG-0002",), "eu", "")
        assert "MUG-0002: 9 is sent once more." in screen.toast


async def test_p_pushes_a_whole_channel_but_never_all_of_them(clock: FakeClock) -> None:
    daemon = shop(synced("uk-main"), synced("de-main"))
    daemon.answers[PushStock] = StockPushed(answers=(), queued=214)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("S", "p")
        assert "Choose a channel, or a seller SKU" in screen.toast
        await screen.steps("down", "p")
        assert "Send all of de-main once more?" in screen.text
        await screen.press("enter")
        (request,) = asked(daemon, PushStock)
        assert (request.skus, request.channel) == ((), "de-main")
        assert "214 SKUs sent once more." in screen.toast


async def test_a_push_that_is_refused_says_so(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[PushStock] = RequestRefused("unknown_sku", "There is no such SKU.", "Download listings.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("S", "enter", "p", "enter")
        assert "There is no such SKU. Download listings." in screen.toast


async def test_without_a_daemon_the_page_stays_and_asks_nothing(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.press("S")
        daemon.stop()
        await screen.shown()
        before = len(daemon.requests)
        await screen.press("f")
        assert len(daemon.requests) == before
        assert "channeld is not running." in screen.text


def test_without_a_channel_and_without_an_sku_it_says_what_to_do() -> None:
    assert "channelctl channel add" in look(ScriptedDaemon(), SMALL, "S").text
    nothing = look(shop(synced(at=None), rows=()), SMALL, "S").prose
    assert "Update inventory is on and listings are linked" in nothing
    assert "Amazon was never told of any" in nothing


async def test_the_overview_says_how_far_stock_is_told_and_what_is_wrong(clock: FakeClock) -> None:
    daemon = shop(synced(dirty=1204, oldest=START - timedelta(minutes=7)))
    async with monitor(daemon, clock, WIDE) as screen:
        assert "1,204 7 min" in screen.line(" uk-main")
        assert "1,204 SKUs not told yet, the oldest for 7 min" in screen.text
        daemon.publish("stock_sync", synced(warning="no location is chosen", version=2))
        await screen.shown()
        assert "▲ uk-main: no location is chosen" in screen.text
