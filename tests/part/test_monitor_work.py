"""The work page: a list that cannot empty itself, its detail, and what a person can do about it."""

from datetime import timedelta
from typing import TypeVar

import pytest
from msgspec.structs import replace

from channel_protocol.base import Request
from channel_protocol.errors import DaemonLost, RequestRefused
from channel_protocol.feeds import AbandonFeed, FeedAbandoned, FeedMessage, FeedShown, ShowFeed
from channel_protocol.orders import ShowOrder
from channel_protocol.work import DismissWork, RetryWork, ShowWork, WorkChanged, WorkRow
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel, order, shown
from tests.support.monitor_screen import SMALL, WIDE, Monitor, look, monitor
from tests.support.monitor_work import ATTENTION, feed, work, work_shown

REFUSED = work(1, state=ATTENTION, attempts=3, reason="No such carrier", hint="Name another one.")
REFUND = work(2, kind="refund", state=ATTENTION, says="ERROR", summary="TEA, CustomerReturn", amount=1200)
OPEN = work(3, deadline=START + timedelta(hours=5))
DONE = work(4, state="confirmed", ended_at=START - timedelta(hours=1))
R = TypeVar("R", bound=Request)
IN_DOUBT = RequestRefused("in_doubt", "Its outcome is not known.", "Wait until it is settled.")


def shop(*rows: WorkRow) -> ScriptedDaemon:
    daemon = ScriptedDaemon(accounts=[account()], channels=[channel()], work=rows, orders=[order(1)])
    daemon.answers[RetryWork] = WorkChanged(rows=(replace(REFUSED, state="queued", says="queued"),))
    daemon.answers[DismissWork] = WorkChanged(rows=(replace(REFUSED, state="dismissed", says="dismissed"),))
    daemon.answers[ShowOrder] = shown(order(1))
    return daemon


def asked(daemon: ScriptedDaemon, kind: type[R]) -> list[R]:
    return [request for request in daemon.requests if isinstance(request, kind)]


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_what_needs_a_person_is_on_top_with_its_reason_and_what_to_do(size: tuple[int, int]) -> None:
    seen = look(shop(DONE, OPEN, REFUSED), size, "7")
    lines = [line for line in seen.lines if line.startswith(" despatch")]
    assert [sign for line in lines for sign in "■○✓" if sign in line] == ["■", "○", "✓"]
    assert "needs attention" in lines[0]
    assert "5 h 00" in lines[1] or "4 h 59" in lines[1]
    assert "■ 1 needs a decision · 1 open · 1 ended" in seen.text
    assert "No such carrier" in seen.text
    assert "Name another one." in seen.text


async def test_that_somebody_is_needed_is_said_on_every_page_until_it_is_settled(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    async with monitor(daemon, clock) as screen:
        assert "7 Work ■1" in screen.lines[0]
        assert "1 despatch note needs a decision: No such carrier" in screen.prose
        await screen.press("4")
        assert "7 Work ■1" in screen.lines[0]
        daemon.publish("work", replace(REFUSED, state="dismissed", says="dismissed", version=2))
        await screen.shown()
        assert "■" not in screen.lines[0]
        await screen.press("1")
        assert "Nothing needs attention." in screen.text


async def test_it_is_filtered_by_kind_state_and_words(clock: FakeClock) -> None:
    async with monitor(shop(REFUSED, REFUND, OPEN), clock) as screen:
        await screen.steps("7", "slash")
        await screen.type("kind:refund state:needs 12.00")
        assert not [line for line in screen.lines if line.startswith((" despatch", " cancel"))]
        assert screen.line(" refund ")


async def test_thousands_of_rows_change_without_the_row_below_the_cursor_moving(clock: FakeClock) -> None:
    daemon = shop(*(work(n, deadline=START + timedelta(minutes=n)) for n in range(1, 5001)))
    async with monitor(daemon, clock) as screen:
        await screen.steps("7", "end")
        assert "5,000 open" in screen.text
        assert order(5000).order_id in screen.text
        daemon.publish("work", replace(work(1), state=ATTENTION, says="needs attention", version=2))
        await screen.shown()
        assert "■ 1 needs a decision · 4,999 open" in screen.text
        assert screen.text.count(order(5000).order_id) == 2, "in the list and described below it"


async def test_r_tries_again_at_once(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "r")
        assert asked(daemon, RetryWork) == [RetryWork(command_id="command 1", work_ids=(1,))]
        assert f"{REFUSED.order_id}: 2 units by Royal Mail 48, AB1 is queued." in screen.toast


async def test_a_refund_is_retried_only_after_a_question(clock: FakeClock) -> None:
    daemon = shop(REFUND)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "r")
        assert "12.00 GBP · TEA, CustomerReturn" in screen.text
        assert "Amazon is asked once more to pay this back." in screen.prose
        await screen.press("escape")
        assert asked(daemon, RetryWork) == []
        await screen.steps("r", "enter")
        assert asked(daemon, RetryWork) == [RetryWork(command_id="command 1", work_ids=(2,))]


async def test_what_is_in_doubt_is_repeated_only_by_a_person_who_was_told(clock: FakeClock) -> None:
    daemon = shop(REFUND)
    daemon.answers[RetryWork] = IN_DOUBT
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "r", "enter")
        assert all(text in screen.prose for text in (IN_DOUBT.message, IN_DOUBT.hint, "paid twice"))
        daemon.answers[RetryWork] = WorkChanged(rows=(REFUND,))
        await screen.press("enter")
        assert asked(daemon, RetryWork)[-1] == RetryWork(command_id="command 2", work_ids=(2,), force=True)
        assert len(asked(daemon, RetryWork)) == 2


async def test_x_asks_and_then_dismisses(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "x")
        assert "Nothing more is done about this despatch note" in screen.prose
        await screen.steps("escape", "x", "enter")
        assert asked(daemon, DismissWork) == [DismissWork(command_id="command 1", work_ids=(1,))]


async def test_a_refusal_is_shown_with_its_hint(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    daemon.answers[RetryWork] = RequestRefused("not_now", "It is being sent.", "Look again in a minute.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "r")
        assert "It is being sent. Look again in a minute." in screen.toast


async def test_about_what_has_ended_there_is_nothing_to_do(clock: FakeClock) -> None:
    daemon = shop(DONE)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "r", "x")
        assert "It is confirmed already" in screen.toast
        assert asked(daemon, RetryWork) == []
        assert asked(daemon, DismissWork) == []


async def test_a_note_is_retried_with_another_carrier(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    async with monitor(daemon, clock) as screen:
        await screen.steps("7", "c")
        await screen.type("DHL")
        await screen.steps("enter", "enter")
        await screen.type("AB2")
        assert asked(daemon, RetryWork) == [], "Enter only goes on"
        await screen.press("ctrl+s")
        assert asked(daemon, RetryWork) == [
            RetryWork(command_id="command 1", work_ids=(1,), carrier="DHL", tracking="AB2")
        ]


async def test_only_a_despatch_note_has_a_carrier(clock: FakeClock) -> None:
    async with monitor(shop(REFUND), clock, WIDE) as screen:
        await screen.steps("7", "c")
        assert "Only a despatch note has a carrier." in screen.toast


async def twice(screen: Monitor, key: str) -> None:
    """Press a key twice, so fast that nothing happens in between."""
    screen.app.screen.query_one("Table").focus()
    for _ in range(2):
        await screen.app.screen.run_action(key)
    await screen.shown()


async def test_a_question_is_asked_once_for_a_key_that_was_pressed_twice(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    async with monitor(daemon, clock) as screen:
        await screen.press("7")
        await twice(screen, "dismiss_work")
        await screen.press("enter")
        assert "Dismiss the despatch note" not in screen.text
        assert len(asked(daemon, DismissWork)) == 1


async def test_after_a_lost_answer_the_same_command_is_sent_again(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    answer = daemon.answers[RetryWork]
    daemon.answers[RetryWork] = DaemonLost("daemon_lost", "The connection ended.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "r")
        assert "Asked for again, it is done once." in screen.toast
        daemon.answers[RetryWork] = answer
        await screen.steps("r", "r")
        ids = [request.command_id for request in asked(daemon, RetryWork)]
        assert ids == ["command 1", "command 1", "command 2"]


async def test_enter_opens_what_amazon_is_told_and_t_the_order(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    daemon.answers[ShowWork] = work_shown(REFUSED)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "enter")
        await screen.shown()
        assert '{"packageReferenceId": "1"}' in screen.text
        assert "AB1" in screen.line("tracking")
        assert "Order Despatch Failed: 503 (attempt 1)" in screen.text
        await screen.press("t")
        await screen.shown()
        assert "TEA-250" in screen.text
        await screen.steps("escape", "escape")
        assert "1 needs a decision" in screen.text


async def test_a_detail_is_asked_for_again_when_its_row_changes(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    daemon.answers[ShowWork] = work_shown(REFUSED)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "enter")
        queued = replace(REFUSED, state="queued", says="queued", version=2)
        daemon.answers[ShowWork] = work_shown(queued)
        daemon.publish("work", queued)
        await screen.shown()
        await screen.shown()
        assert "queued" in screen.line("Despatch note")


async def test_f_lists_the_feeds_the_stuck_ones_first(clock: FakeClock) -> None:
    daemon = shop(REFUSED)
    daemon.publish("feeds", feed(1, state="done"), feed(2, stuck_since=START - timedelta(hours=1)))
    daemon.answers[ShowFeed] = FeedShown(
        row=feed(2),
        results=(FeedMessage(message_id=1, work_id=1, order_id="202-1", result="error", code="18028"),),
    )
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("7")
        assert "■ 1 feed stuck" in screen.text
        await screen.press("f")
        lines = [line for line in screen.lines if "order fulfillment" in line]
        assert "stuck 1 h 00" in lines[0]
        assert "2 ok, 1 error" in lines[1]
        await screen.press("enter")
        await screen.shown()
        assert asked(daemon, ShowFeed) == [ShowFeed(feed="2")]
        assert "error" in screen.line("18028")
        await screen.steps("escape", "escape")
        assert "1 needs a decision" in screen.text


async def test_x_gives_a_stuck_feed_up_after_saying_what_that_means(clock: FakeClock) -> None:
    daemon = shop()
    stuck = feed(2, stuck_since=START - timedelta(hours=1))
    daemon.publish("feeds", stuck)
    daemon.answers[AbandonFeed] = FeedAbandoned(done=False, row=stuck, message="2 in doubt.", in_doubt=2)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("7", "f", "x")
        assert "2 in doubt." in screen.prose
        await screen.press("escape")
        await screen.steps("x", "enter")
        assert [request.confirmed for request in asked(daemon, AbandonFeed)] == [False, False, True]
        assert {request.feed for request in asked(daemon, AbandonFeed)} == {"2"}
        daemon.answers[AbandonFeed] = RequestRefused("not_possible", "It is not stuck.", "Wait.")
        await screen.press("x")
        assert "It is not stuck. Wait." in screen.toast


async def test_without_work_it_says_where_it_comes_from(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.press("7")
        assert "An order is processed, cancelled or refunded in its detail" in screen.prose
        await screen.press("f")
        assert "No feed was made yet." in screen.text
