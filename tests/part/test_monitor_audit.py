"""The audit trail grows before one's eyes, and stays put when one reads in it."""

from tests.support.fake_clock import FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import entry
from tests.support.monitor_screen import WIDE, monitor


def trail(n: int = 100) -> ScriptedDaemon:
    return ScriptedDaemon(audit=[entry(number, text=f"Event {number}.") for number in range(1, n + 1)])


def entries(lines: list[str]) -> list[str]:
    return [line[:60] for line in lines[2:-1]]


async def test_the_newest_entry_is_first_and_new_ones_appear_above(clock: FakeClock) -> None:
    daemon = trail()
    async with monitor(daemon, clock) as screen:
        await screen.press("4")
        assert "Event 100." in screen.lines[2]
        daemon.publish("audit", entry(101, text="Event 101."))
        await screen.shown()
        assert "Event 101." in screen.lines[2]


async def test_an_entry_that_is_being_read_keeps_its_place(clock: FakeClock) -> None:
    daemon = trail()
    async with monitor(daemon, clock) as screen:
        await screen.press("4", "pagedown", "pagedown", "up")
        before = screen.lines
        daemon.publish("audit", *(entry(n, text=f"Event {n}.") for n in range(101, 131)))
        await screen.shown()
        assert entries(screen.lines) == entries(before)


async def test_home_follows_the_newest_entry_again(clock: FakeClock) -> None:
    daemon = trail()
    async with monitor(daemon, clock) as screen:
        await screen.press("4", "down", "down", "home")
        daemon.publish("audit", entry(101, text="Event 101."))
        await screen.shown()
        assert "Event 101." in screen.lines[2]


async def test_it_is_filtered_by_text_channel_and_order(clock: FakeClock) -> None:
    daemon = ScriptedDaemon(
        audit=[
            entry(1, channel="uk", order_id="202-1", text="Order stored"),
            entry(2, channel="de", order_id="202-1", text="Order stored"),
            entry(3, channel="de", order_id="202-2", text="Refund asked"),
        ]
    )
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("4", "slash")
        await screen.type("channel:de order:202-1 stored")
        assert "1 entry" not in screen.text
        assert [line for line in screen.lines if " de " in line and "Order stored" in line]
        assert not [line for line in screen.lines if " uk " in line]
        assert "Refund asked" not in screen.text


async def test_why_stands_behind_what_happened_and_is_filtered_by(clock: FakeClock) -> None:
    failed = entry(1, text="Order Despatch Failed", reason="503 from Amazon (attempt 2)")
    async with monitor(ScriptedDaemon(audit=[failed, entry(2)]), clock, WIDE) as screen:
        await screen.press("4", "slash")
        await screen.type("attempt")
        assert "Order Despatch Failed: 503 from Amazon (attempt 2)" in screen.line("order.stored")
        assert "Something happened" not in screen.text
