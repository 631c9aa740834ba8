"""The reports page: type, last requested and status; a key asks for one."""

from datetime import UTC, datetime

import pytest

from channel_protocol.errors import RequestRefused
from channel_protocol.reports import BadRow, GapRow, ReportRequested, RequestReport, ShowReport
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_listings import report, report_shown
from tests.support.monitor_rows import account, channel
from tests.support.monitor_screen import SMALL, WIDE, look, monitor

DONE, SENT = report(1), report(2, state="submitted")
FAILED = report(3, state="failed", reason="Amazon gave it up", hint="Ask again later.")


def shop() -> ScriptedDaemon:
    daemon = ScriptedDaemon(accounts=[account()], channels=[channel()], reports=[DONE, SENT, FAILED])
    daemon.answers[RequestReport] = ReportRequested(row=report(4, state="wanted"), attached=False)
    return daemon


def requested(daemon: ScriptedDaemon) -> list[RequestReport]:
    return [each for each in daemon.requests if isinstance(each, RequestReport)]


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_the_newest_is_on_top_and_only_the_three_words_stand_plain(size: tuple[int, int]) -> None:
    seen = look(shop(), size, "0")
    lines = [line for line in seen.lines if line.startswith(" listings")]
    assert [word in line for word, line in zip(("[failed]", "Submitted", "Processed"), lines, strict=True)]
    assert "Amazon gave it up" in seen.text
    assert "Ask again later." in seen.text


async def test_n_asks_for_one_with_the_channel_filled_in(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("0", "n")
        await screen.type("orders")
        await screen.steps("enter", "enter")
        await screen.type("2026-01-31")
        await screen.press("ctrl+s")
        assert "Report 4 of uk-main is asked for." in screen.toast
    (wish,) = requested(daemon)
    assert (wish.channel, wish.report_type) == ("uk-main", "orders")
    assert (wish.data_from, wish.data_to, wish.again) == (datetime(2026, 1, 31, tzinfo=UTC), None, False)


async def test_what_is_no_date_is_said_at_its_field(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("0", "n", "enter", "enter")
        await screen.type("soon")
        await screen.press("ctrl+s")
        assert "write 2026-01-31" in screen.text
    assert requested(daemon) == []


async def test_a_repeat_that_is_too_early_brings_up_a_field_for_it(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[RequestReport] = RequestRefused("asked_recently", "It was asked for at 09:00.", "Wait.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("0", "n")
        await screen.type("listings")
        await screen.press("ctrl+s")
        assert "It was asked for at 09:00." in screen.text
        await screen.type("yes")
        await screen.press("ctrl+s")
    assert [each.again for each in requested(daemon)] == [False, True]


async def test_enter_shows_how_it_went_bad_rows_and_gaps(clock: FakeClock) -> None:
    daemon = shop()
    shown = report_shown(FAILED)
    daemon.answers[ShowReport] = type(shown)(
        row=shown.row,
        facts=shown.facts,
        bad_rows=(BadRow(line=7, reason="price is no number", text="MUG"),),
        gaps=(
            GapRow(order_id="202-1", channel="uk-main", kind="missing", outcome="inserted", settled_at=START),
        ),
    )
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("0", "enter")
        await screen.shown()
        for words in ("seller-sku, price", "price is no number", "202-1", "inserted"):
            assert words in screen.text


async def test_they_are_filtered_by_type(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.steps("0", "slash")
        await screen.type("type:merchant state:failed")
        assert "[failed]" in screen.text
        assert "Processed" not in screen.text


def test_without_any_it_says_how_to_begin() -> None:
    assert "n asks for one" in look(ScriptedDaemon(), SMALL, "0").text
