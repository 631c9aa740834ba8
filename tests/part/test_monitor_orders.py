"""Orders are listed, filtered, opened, read again; personal data is shown on demand only."""

import pytest
from msgspec.structs import replace

from channel_protocol.orders import (
    OrderPersonal,
    OrderRecovered,
    RecoverOrder,
    RevealOrder,
    ShowOrder,
)
from tests.support.fake_clock import FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel, order, quarantined, shown
from tests.support.monitor_screen import SMALL, WIDE, look, monitor

FIRST = order(1).order_id


def shop() -> ScriptedDaemon:
    daemon = ScriptedDaemon(
        accounts=[account()],
        channels=[channel()],
        orders=[
            order(1),
            order(2, state="parked", total=None),
            order(3, total=1999, currency="JPY", channel="jp"),
        ],
        quarantine=[quarantined(reason="The currency is unknown", hint="Report it.")],
    )
    daemon.answers[ShowOrder] = shown(order(1))
    daemon.answers[RevealOrder] = OrderPersonal(
        order_id=FIRST, channel="uk-main", removed_at=None, fields={"name": "Ada Example"}
    )
    return daemon


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_an_order_has_its_channel_state_and_total(size: tuple[int, int]) -> None:
    seen = look(shop(), size, "2")
    assert all(part in seen.line(FIRST) for part in ("uk-main", "open", "19.99 GBP"))
    assert "1,999 JPY" in seen.line(order(3).order_id)
    assert all(part in seen.line(order(2).order_id) for part in ("parked", "–"))


async def test_the_newest_order_is_first_and_the_order_can_be_changed(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.press("2")
        assert FIRST in screen.lines[2]
        await screen.press("O")
        assert order(3).order_id in screen.lines[2]


async def test_the_filter_keeps_what_was_typed(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.press("2", "slash")
        await screen.type("state:parked")
        assert order(2).order_id in screen.text
        assert order(3).order_id not in screen.text


async def test_a_changed_order_is_shown_as_it_is_now(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.press("2")
        daemon.publish("orders", order(1, state="fulfilled", version=2))
        await screen.shown()
        assert "fulfilled" in screen.line(FIRST)


async def test_enter_opens_the_lines_the_explanation_the_facts_and_the_audit(clock: FakeClock) -> None:
    async with monitor(shop(), clock, WIDE) as screen:
        await screen.press("2", "enter")
        await screen.shown()
        assert all(part in screen.line("TEA-250") for part in ("Earl Grey", "16.66", "3.33", "19.99"))
        assert "16.66 net + 3.33 tax = 19.99" in screen.text
        assert "PRIME" in screen.text
        assert "Order stored" in screen.text
        await screen.press("escape")
        assert "TEA-250" not in screen.text


async def test_personal_data_is_shown_by_a_key_and_gone_when_the_detail_closes(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.press("2", "enter")
        await screen.shown()
        assert "Ada Example" not in screen.text
        await screen.press("p")
        assert "Ada Example" in screen.text
        assert daemon.requests[-1] == RevealOrder(command_id="command 1", order_id=FIRST, channel="uk-main")
        await screen.press("escape", "enter")
        await screen.shown()
        assert "TEA-250" in screen.text
        assert "Ada Example" not in screen.text


async def test_an_open_order_is_read_again_when_it_changes(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("2", "enter")
        changed = order(1, state="fulfilled", version=2)
        daemon.answers[ShowOrder] = shown(changed)
        daemon.publish("orders", changed)
        await screen.shown()
        await screen.shown()
        assert "fulfilled" in screen.line(FIRST)


async def test_v_reads_an_order_again_and_tells_the_outcome(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[RecoverOrder] = OrderRecovered(complete=True, outcome="unchanged", row=order(1))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("2", "v")
        assert daemon.requests[-1] == RecoverOrder(command_id="command 1", order_id=FIRST, channel="uk-main")
        assert f"{FIRST}: unchanged." in screen.text


async def test_a_quarantined_order_says_why_since_when_and_when_it_is_tried_again(clock: FakeClock) -> None:
    async with monitor(shop(), clock) as screen:
        await screen.press("3")
        line = screen.line(quarantined().order_id)
        assert all(part in line for part in ("3 h 00", "4", "40:59"))
        assert "The currency is unknown" in screen.text
        assert "Report it." in screen.text


async def test_without_orders_it_says_what_to_do(clock: FakeClock) -> None:
    async with monitor(ScriptedDaemon(channels=[channel(enabled=False)]), clock) as screen:
        await screen.press("2")
        assert "channelctl channel enable" in screen.text


async def test_that_there_are_more_orders_than_are_shown_is_said(clock: FakeClock) -> None:
    big = replace(channel(), orders=12_345)
    daemon = ScriptedDaemon(accounts=[account()], channels=[big], orders=[order(1), order(2)])
    async with monitor(daemon, clock) as screen:
        await screen.press("2")
        assert "Latest 2 of 12,345 orders by last change. More: channelctl order list" in screen.text
        daemon.publish("channels", replace(big, orders=2))
        await screen.shown()
        assert "Latest" not in screen.text
