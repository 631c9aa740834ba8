"""The overview says how everything stands, why it waits, and what to do."""

from datetime import timedelta

import pytest

from channel_protocol.actors import ActorChanged, HaltActor, RestartActor, ResumeActor
from channel_protocol.errors import RequestRefused
from channel_protocol.orders import OrdersSynced, SyncOrders
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, actor, budget, channel
from tests.support.monitor_screen import SMALL, WIDE, Seen, look, monitor


def busy() -> ScriptedDaemon:
    return ScriptedDaemon(
        accounts=[account()],
        channels=[channel(synced=START - timedelta(minutes=3), quarantined=2)],
        actors=[
            actor(waits_for="searchOrders budget", until=START + timedelta(seconds=104)),
            actor(
                "uk-main/order_intake",
                channel="uk-main",
                state="failing",
                reason="Amazon answers 503",
                hint="look at its health page",
            ),
        ],
        budgets=[budget(tokens=5.0, waiting=3)],
    )


@pytest.fixture(scope="module")
def small() -> Seen:
    return look(busy(), SMALL)


@pytest.fixture(scope="module")
def wide() -> Seen:
    return look(busy(), WIDE, "down")


def test_each_concern_says_its_state_its_sync_date_and_what_it_waits_for(small: Seen, wide: Seen) -> None:
    for seen in (small, wide):
        line = seen.line("order download")
        assert "uk-main" in line
        assert "waiting" in line
        assert "2026-11-22 08:57" in line
        assert ":4" in line
        assert "search" in line
        assert "failing" in seen.line("order intake")


def test_a_wide_screen_shows_what_a_small_one_has_no_room_for(wide: Seen) -> None:
    heading = wide.line("Concern")
    assert all(
        name in heading for name in ("Account", "Mkt", "Since", "Stock sync", "Not told", "Open", "Quar.")
    )


def test_no_heading_is_clipped_on_a_small_screen(small: Seen) -> None:
    assert "…" not in small.line("Concern")
    assert "…" not in small.line("Operation")


def test_what_needs_attention_comes_with_what_to_do(small: Seen, wide: Seen) -> None:
    for seen in (small, wide):
        assert "Amazon answers 503" in seen.prose
        assert "look at its health page" in seen.prose
        assert "2 orders could not be applied" in seen.prose


def test_a_budget_is_a_gauge_with_who_waits(small: Seen) -> None:
    line = small.line("searchOrders  ")
    assert "━━" in line
    assert "5/20" in line
    assert "3: now" in line
    assert line.endswith("20 of 1,800")


def test_the_chosen_row_tells_its_reason_and_hint(wide: Seen) -> None:
    assert "uk-main/order_intake · failing since 09:00:00" in wide.text


def test_the_footer_names_the_verbs(small: Seen) -> None:
    verbs = ("Filter", "Sync now", "Restart", "Halt", "Resume", "Help", "Quit")
    assert all(verb in small.lines[-1] for verb in verbs)


async def test_a_countdown_goes_on_without_any_news(clock: FakeClock) -> None:
    async with monitor(busy(), clock) as screen:
        await screen.passes(60)
        assert " 0:4" in screen.line("order download")


async def test_without_an_account_it_says_how_to_add_one(clock: FakeClock) -> None:
    async with monitor(ScriptedDaemon(), clock) as screen:
        assert "channelctl account add" in screen.text


async def test_without_a_channel_it_says_how_to_add_one(clock: FakeClock) -> None:
    async with monitor(ScriptedDaemon(accounts=[account()]), clock) as screen:
        assert "channelctl channel add NAME --account eu" in screen.text


async def test_fifty_channels_can_be_walked_and_filtered(clock: FakeClock) -> None:
    daemon = ScriptedDaemon(
        accounts=[account()], channels=[channel(f"shop-{n:02}") for n in range(50)], actors=[actor()]
    )
    async with monitor(daemon, clock) as screen:
        assert "shop-49" not in screen.text
        await screen.press("end")
        assert "shop-49" in screen.text
        await screen.press("slash")
        await screen.type("shop-07")
        assert "shop-07" in screen.text
        assert "shop-08" not in screen.text
        await screen.press("escape")
        assert "shop-08" in screen.text


async def test_s_asks_for_the_orders_of_the_channel_and_tells_what_came_of_it(clock: FakeClock) -> None:
    daemon = busy()
    daemon.answers[SyncOrders] = OrdersSynced(
        complete=False, applied=0, waits_for="a token", until=START + timedelta(seconds=104)
    )
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("s")
        assert daemon.requests[-1] == SyncOrders(command_id="command 1", channel="uk-main")
        assert "It waits for a token" in screen.text


async def test_an_actor_is_restarted_or_resumed_by_one_key(clock: FakeClock) -> None:
    daemon = busy()
    daemon.answers[RestartActor] = ActorChanged(row=actor(state="starting"))
    daemon.answers[ResumeActor] = ActorChanged(row=actor(state="running"))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("r")
        assert daemon.requests[-1] == RestartActor(command_id="command 1", actor="eu/order_download")
        assert "eu/order_download is starting." in screen.text
        await screen.press("e")
        assert daemon.requests[-1] == ResumeActor(command_id="command 2", actor="eu/order_download")
        assert "eu/order_download is running." in screen.text


async def test_a_halt_takes_the_key_twice(clock: FakeClock) -> None:
    daemon = busy()
    daemon.answers[HaltActor] = ActorChanged(row=actor(state="halted"))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("h")
        assert not any(isinstance(request, HaltActor) for request in daemon.requests)
        await screen.press("h")
        assert isinstance(daemon.requests[-1], HaltActor)


async def test_the_second_key_for_another_actor_halts_nothing(clock: FakeClock) -> None:
    daemon = busy()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("h", "down", "h")
        await screen.passes(6)
        await screen.press("h")
        assert not any(isinstance(request, HaltActor) for request in daemon.requests)


async def test_a_refusal_is_told_with_its_hint(clock: FakeClock) -> None:
    daemon = busy()
    daemon.answers[RestartActor] = RequestRefused("not_permitted", "You may only read.", "Ask the owner.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("r")
        assert "You may only read." in screen.text
        assert "Ask the owner." in screen.text
