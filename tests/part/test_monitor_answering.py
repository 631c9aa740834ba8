"""An order is processed, cancelled and refunded in its detail: looked at in money first, and done once."""

import pytest
from msgspec.structs import replace

from channel_protocol.base import Problem, Request
from channel_protocol.errors import DaemonLost, RequestRefused
from channel_protocol.order_answers import (
    CancelOrder,
    LineUnits,
    OrderCancelled,
    OrderProcessed,
    OrderRefunded,
    ProcessOrder,
    RefundLine,
    RefundOrder,
    RefundPart,
)
from channel_protocol.orders import ShowOrder
from channel_protocol.work import ListWork, WorkList
from tests.support.fake_clock import FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel, order, shown
from tests.support.monitor_screen import WIDE, Monitor, monitor
from tests.support.monitor_work import ATTENTION, work

ROW = order(1)
ID = ROW.order_id
LINE = RefundLine(
    order_item_id="1",
    sku="TEA-250",
    title="Earl Grey",
    components={"Principal": 1000, "Tax": 200},
    amount=1200,
    charged=4100,
    refunded=300,
    left=2600,
    by_cancellation=False,
)
PROCESSED = OrderProcessed(
    order_id=ID, channel="uk-main", parcel=(), outcome="queued", message="The note is queued.", left=1
)


def refunded(*, done: bool) -> OrderRefunded:
    return OrderRefunded(
        order_id=ID,
        channel="uk-main",
        done=done,
        outcome="queued" if done else "preview",
        message="The refund is queued." if done else "",
        currency="GBP",
        amount=1200,
        lines=(LINE,),
    )


def cancelled(*, done: bool, amount: int | None = 4989) -> OrderCancelled:
    return OrderCancelled(
        order_id=ID,
        channel="uk-main",
        done=done,
        outcome="queued" if done else "preview",
        message="The cancellation is queued." if done else "",
        lines=(LineUnits(line="7", quantity=2, sku="TEA-250"),),
        currency="GBP",
        amount=amount,
    )


def shop() -> ScriptedDaemon:
    daemon = ScriptedDaemon(accounts=[account()], channels=[channel()], orders=[ROW])
    daemon.answers[ShowOrder] = shown(ROW)
    daemon.answers[ProcessOrder] = PROCESSED
    daemon.answers[CancelOrder] = lambda request: cancelled(done=not request.preview)
    daemon.answers[RefundOrder] = lambda request: refunded(done=not request.preview)
    return daemon


def asked(daemon: ScriptedDaemon, kind: type[Request]) -> list[Request]:
    return [request for request in daemon.requests if isinstance(request, kind)]


PROCESS = ProcessOrder(command_id="command 1", order_id=ID, channel="uk-main", tracking="AB1")


async def opened(screen: Monitor) -> None:
    """The order's detail, read."""
    await screen.steps("2", "enter")
    await screen.shown()


async def test_a_parcel_is_processed_with_its_tracking_number(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.press("s")
        await screen.type("AB1")
        await screen.press("enter")
        assert asked(daemon, ProcessOrder) == [], "Enter only goes on"
        await screen.press("ctrl+s")
        assert asked(daemon, ProcessOrder) == [PROCESS]
        assert f"{ID}: The note is queued. 1 unit still to be sent." in screen.toast


async def test_a_parcel_can_have_some_of_it_and_a_carrier(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("s", "enter", "enter")
        await screen.type("DHL")
        await screen.press("enter")
        await screen.type("TEA-250=2; MUG")
        await screen.press("ctrl+s")
        assert "write a line as SKU=2" in screen.text
        assert asked(daemon, ProcessOrder) == []
        await screen.type("=1")
        await screen.press("ctrl+s")
        assert asked(daemon, ProcessOrder) == [
            replace(
                PROCESS,
                tracking="",
                carrier="DHL",
                lines=(LineUnits(line="TEA-250", quantity=2), LineUnits(line="MUG", quantity=1)),
            )
        ]


async def test_a_service_that_is_not_mapped_is_said_in_the_form_which_stays(clock: FakeClock) -> None:
    daemon = shop()
    problem = Problem(key="service", message="is not mapped to a carrier of Amazon's")
    daemon.answers[ProcessOrder] = RequestRefused("unmapped", "Nothing was sent.", "Map it.", [problem])
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("s", "ctrl+s")
        assert "is not mapped to a carrier of Amazon's" in screen.text
        daemon.answers[ProcessOrder] = PROCESSED
        await screen.press("ctrl+s")
        assert "The note is queued." in screen.toast


async def test_what_is_sent_again_after_a_lost_answer_is_the_same_command(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[ProcessOrder] = DaemonLost("daemon_lost", "The connection ended.")
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.press("s")
        await screen.type("AB1")
        await screen.press("ctrl+s")
        assert "Whether it was still done is in the audit trail." in screen.prose
        daemon.answers[ProcessOrder] = PROCESSED
        await screen.press("ctrl+s")
        assert asked(daemon, ProcessOrder) == [PROCESS, PROCESS]


async def test_a_refund_shows_the_money_before_the_question(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.press("r")
        await screen.type("TEA-250:Principal=10.00,Tax=2.00")
        await screen.press("ctrl+s")
        preview = RefundOrder(
            command_id="command 1",
            order_id=ID,
            channel="uk-main",
            parts=(RefundPart(line="TEA-250", amounts={"Principal": "10.00", "Tax": "2.00"}),),
            preview=True,
        )
        assert asked(daemon, RefundOrder) == [preview]
        assert f"Refund 12.00 GBP of {ID}?" in screen.text
        assert "Principal 10.00 + Tax 2.00" in screen.text
        assert "charged 41.00, given back before 3.00, left after this 26.00" in screen.prose
        await screen.press("enter")
        deed = replace(preview, command_id="command 2", preview=False, amount_seen=1200)
        assert asked(daemon, RefundOrder) == [preview, deed]
        assert "The refund is queued." in screen.toast


async def test_a_refund_that_is_not_agreed_to_is_not_made(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("r", "ctrl+s", "ctrl+s", "escape")
        assert len(asked(daemon, RefundOrder)) == 1


async def test_that_more_is_asked_for_than_is_left_is_said_in_the_form(clock: FakeClock) -> None:
    daemon = shop()
    problem = Problem(key="lines.TEA-250", message="0.01 GBP more than is left")
    daemon.answers[RefundOrder] = RequestRefused(
        "over_refund", "Nothing is paid back.", "Ask less.", [problem]
    )
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("r", "ctrl+s")
        assert "TEA-250: 0.01 GBP more than is left" in screen.text
        assert "Nothing is paid back." not in screen.text, "it is said once, at its field"


async def test_a_refund_that_is_refused_after_the_question_is_said_with_its_hint(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("r", "ctrl+s")
        daemon.answers[RefundOrder] = RequestRefused("changed", "Less is left by now.", "Look again.")
        await screen.press("enter")
        assert "Less is left by now. Look again." in screen.toast


async def test_a_cancellation_says_what_goes_back_and_is_done_once(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.press("c")
        await screen.type("NoInventory")
        await screen.press("ctrl+s")
        assert "item 7" in screen.line("2 × TEA-250")
        assert "49.89 GBP go back to the buyer, by Amazon" in screen.text
        await screen.steps("enter", "enter")
        preview = CancelOrder(
            command_id="command 1", order_id=ID, channel="uk-main", reason="NoInventory", preview=True
        )
        deed = replace(preview, command_id="command 2", preview=False, amount_seen=4989)
        assert asked(daemon, CancelOrder) == [preview, deed]
        assert "The cancellation is queued." in screen.toast


async def test_money_that_is_not_known_is_not_made_up(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[CancelOrder] = cancelled(done=False, amount=None)
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("c", "ctrl+s")
        assert "What goes back is not known" in screen.text
        assert " 0.00" not in screen.text


async def test_what_is_cancelled_here_only_gives_nothing_back(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[CancelOrder] = replace(cancelled(done=False, amount=None), here_only=True)
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("c", "ctrl+s")
        assert "Cancelled here only; Amazon is not told and no money goes back." in screen.prose
        assert "What goes back" not in screen.text


async def test_a_refund_that_is_not_sent_is_told_and_not_asked_about(clock: FakeClock) -> None:
    daemon = shop()
    off = replace(refunded(done=False), outcome="not sent", message="Order Refunds are off.")
    daemon.answers[RefundOrder] = off
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("r", "ctrl+s")
        assert "Order Refunds are off." in screen.toast
        assert "Refund 12.00 GBP" not in screen.text
        await screen.press("enter")
        assert len(asked(daemon, RefundOrder)) == 1


async def test_a_refund_of_lately_is_given_again_only_on_a_yes(clock: FakeClock) -> None:
    daemon = shop()
    lately = RequestRefused("refunded_lately", "The same was refunded lately.", "If it is meant: yes.")
    agreed = daemon.answers[RefundOrder]
    daemon.answers[RefundOrder] = lately
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.press("r")
        assert "yes or no" not in screen.text
        await screen.press("ctrl+s")
        assert "yes or no" in screen.text
        assert "The same was refunded lately." in screen.text
        await screen.press("ctrl+s")
        await screen.type("maybe")
        await screen.press("ctrl+s")
        assert "write yes or no" in screen.text
        assert [getattr(each, "again", None) for each in asked(daemon, RefundOrder)] == [False, False]
        daemon.answers[RefundOrder] = agreed
        await screen.steps(*["backspace"] * 5)
        await screen.type("yes")
        await screen.press("ctrl+s")
        assert f"Refund 12.00 GBP of {ID}?" in screen.text
        await screen.press("enter")
        preview, deed = asked(daemon, RefundOrder)[-2:]
        assert isinstance(preview, RefundOrder)
        assert isinstance(deed, RefundOrder)
        assert (preview.again, preview.preview, deed.again, deed.preview) == (True, True, True, False)


@pytest.mark.parametrize("code", ["shipped_already", "processed_already"])
async def test_what_is_known_already_is_told_only_on_a_yes(code: str, clock: FakeClock) -> None:
    daemon = shop()
    problem = Problem(key="order_id", message="has nothing left to send")
    daemon.answers[ProcessOrder] = RequestRefused(code, "It is shipped.", "Yes.", [problem])
    async with monitor(daemon, clock, WIDE) as screen:
        await opened(screen)
        await screen.steps("s", "ctrl+s")
        assert "has nothing left to send" in screen.text
        daemon.answers[ProcessOrder] = PROCESSED
        await screen.type("yes")
        await screen.press("ctrl+s")
        assert asked(daemon, ProcessOrder)[-1] == replace(
            PROCESS, command_id="command 2", tracking="", force=True
        )


async def test_the_detail_shows_what_amazon_was_told_and_follows_it(clock: FakeClock) -> None:
    daemon = shop()
    note = work(1, state=ATTENTION, reason="No such carrier", hint="Name another one.")
    daemon.answers[ListWork] = WorkList(rows=(note,), attention=1)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("2", "enter")
        await screen.shown()
        assert "needs attention" in screen.line("despatch ")
        assert "No such carrier → Name another one." in screen.prose.replace("→ ", "→ ")
        queued = replace(note, state="queued", says="queued", version=2)
        daemon.answers[ListWork] = WorkList(rows=(queued,), attention=0)
        daemon.publish("work", queued)
        await screen.shown()
        await screen.shown()
        assert "queued" in screen.line("despatch ")
        assert "Name another one." not in screen.text
