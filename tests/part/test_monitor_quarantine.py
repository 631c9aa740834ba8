"""The quarantine says what is wrong and when it is tried again, and a person can say that it needs nobody."""

from msgspec.structs import replace

from channel_protocol.orders import DismissOrder, OrderDismissed, OrderRecovered, QuarantineRow, RecoverOrder
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel, quarantined
from tests.support.monitor_screen import WIDE, monitor

NAMELESS = replace(
    quarantined(7, reason="orderId is missing", hint="Look for it in Seller Central."),
    order_id="unreadable-5a0f31c2d97e4b68",
    next_attempt=None,
)


def shop(*rows: QuarantineRow) -> ScriptedDaemon:
    return ScriptedDaemon(accounts=[account()], channels=[channel()], quarantine=rows)


async def test_an_order_tells_its_fault_its_channel_and_what_to_do(clock: FakeClock) -> None:
    row = quarantined(reason="orderItems[0].quantityOrdered is missing", hint="It is tried again.")
    async with monitor(shop(row), clock, WIDE) as screen:
        await screen.press("3")
        line = screen.line(f" {row.order_id} ")
        assert all(
            each in line for each in ("uk-main", "3 h 00", "4", "40:5", "orderItems[0].quantityOrdered")
        )
        assert "It is tried again." in screen.text


async def test_v_tries_it_now(clock: FakeClock) -> None:
    daemon = shop(quarantined())
    daemon.answers[RecoverOrder] = OrderRecovered(complete=True, outcome="inserted")
    async with monitor(daemon, clock) as screen:
        await screen.press("3", "v")
        assert daemon.requests[-1] == RecoverOrder(
            command_id="command 1", order_id=quarantined().order_id, channel="uk-main"
        )


async def test_x_asks_and_then_dismisses(clock: FakeClock) -> None:
    daemon = shop(NAMELESS)
    dismissed = replace(NAMELESS, dismissed_at=START)
    daemon.answers[DismissOrder] = OrderDismissed(row=dismissed)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("3", "x")
        assert "It is not tried again, as its id cannot be read." in screen.prose
        await screen.press("enter")
        assert daemon.requests[-1] == DismissOrder(
            command_id="command 1", order_id=NAMELESS.order_id, account="eu"
        )
        daemon.publish("quarantine", dismissed)
        await screen.shown()
        assert "dismissed 09:00:0" in screen.text
        await screen.press("x")
        assert "is dismissed already" in screen.toast


async def test_a_question_that_is_refused_dismisses_nothing(clock: FakeClock) -> None:
    daemon = shop(quarantined())
    async with monitor(daemon, clock) as screen:
        await screen.press("3", "x")
        assert "tried again by itself all the same" in screen.prose
        await screen.press("escape")
        assert not any(isinstance(request, DismissOrder) for request in daemon.requests)


async def test_what_was_dismissed_stands_at_the_end(clock: FakeClock) -> None:
    old = replace(quarantined(1), since=quarantined().since.replace(year=2020), dismissed_at=START)
    async with monitor(shop(old, quarantined(2)), clock) as screen:
        await screen.press("3")
        orders = [line for line in screen.lines if " 303-" in line]
        assert "303-0000002" in orders[0]
        assert "303-0000001" in orders[1]
