"""The ship-by board: what is late, what is near, and the way to the order."""

from datetime import timedelta

import pytest

from channel_protocol.orders import ShowOrder
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel, order, shown
from tests.support.monitor_screen import SMALL, WIDE, look, monitor
from tests.support.monitor_work import due

HOUR = timedelta(hours=1)


def shop() -> ScriptedDaemon:
    daemon = ScriptedDaemon(
        accounts=[account()],
        channels=[channel()],
        orders=[order(2)],
        due=[
            due(1, ship_by=START + 24 * HOUR + timedelta(seconds=10)),
            due(2, ship_by=START - 2 * HOUR, zone="America/Los_Angeles"),
            due(3, ship_by=START + 3 * HOUR, note="needs_attention"),
        ],
    )
    daemon.answers[ShowOrder] = shown(order(2))
    return daemon


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_orders_stand_by_their_ship_by_time_in_the_time_of_their_marketplace(size: tuple[int, int]) -> None:
    seen = look(shop(), size, "8")
    assert "■ 1 overdue · ▲ 1 at risk · ● 1 on track" in seen.text
    late, near, far = (line for line in seen.lines if " 202-" in line and ("■" in line or ":" in line))
    assert all(part in late for part in (order(2).order_id, "overdue", "PST", "−2 h 00"))
    assert all(part in near for part in (order(3).order_id, "at risk", "GMT"))
    assert all(part in far for part in (order(1).order_id, "on track", "1 d"))


async def test_what_comes_near_is_seen_although_nothing_is_published(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.press("8")
        assert "▲ 1 at risk · ● 1 on track" in screen.text
        await screen.passes(12)
        assert "■ 1 overdue · ▲ 2 at risk · ● 0 on track" in screen.text


async def test_its_note_is_told_and_enter_opens_the_order(clock: FakeClock) -> None:
    async with monitor(shop(), clock, WIDE) as screen:
        await screen.press("8")
        assert "Not processed yet" in screen.text
        await screen.press("down")
        assert "Its despatch note: needs attention" in screen.text
        await screen.press("home", "enter")
        await screen.shown()
        assert "TEA-250" in screen.text


async def test_it_is_filtered_by_risk_and_note(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.press("8", "slash")
        await screen.type("not processed")
        assert order(3).order_id not in screen.text
        assert order(1).order_id in screen.text


async def test_without_anything_to_send_it_says_so(clock: FakeClock) -> None:
    async with monitor(ScriptedDaemon(channels=[channel()]), clock) as screen:
        await screen.press("8")
        assert "Nothing is to be sent" in screen.text
