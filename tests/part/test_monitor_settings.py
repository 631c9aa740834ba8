"""Settings are edited, looked at with what they do, and saved; nobody's change is lost in silence."""

import pytest
from msgspec.structs import replace

from channel_protocol import channels
from channel_protocol.accounts import CheckLine
from channel_protocol.base import Problem
from channel_protocol.channels import (
    Consequence,
    PreviewChannel,
    SetChannel,
    SettingChange,
    ShowChannel,
)
from channel_protocol.errors import DaemonLost, RequestRefused
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_offers import synced
from tests.support.monitor_screen import SMALL, WIDE, Monitor, look, monitor
from tests.support.monitor_settings import SettingsDaemon

TAX = SettingChange(key="tax_rate", label="Tax rate", old="0", new="20")
VCS = (
    SettingChange(key="vcs_enabled", label="VCS Enabled", old="off", new="on"),
    SettingChange(key="use_channel_tax", label="Use Channel Tax", old="off", new="on", implied=True),
)
SAYS = (
    Consequence(key="tax_rate", text="It counts for orders downloaded afterwards."),
    Consequence(key="tax_rate", text="It takes a while.", warning=True),
)


async def type_tax_rate(screen: Monitor, text: str = "20") -> None:
    """Open the page and type over the tax rate."""
    await screen.press("5")
    await screen.press("tab")
    await screen.type(text)


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_setting_has_label_value_default_and_meaning_beside_what_can_only_be_read(
    clock: FakeClock, size: tuple[int, int]
) -> None:
    daemon = SettingsDaemon()
    daemon.become({"tax_rate": "19"})
    async with monitor(daemon, clock, size) as screen:
        await screen.press("5")
        await screen.press("tab")
        assert all(part in screen.line("  Tax rate") for part in ("19", "default: 0"))
        assert "default: off" in screen.line("  Enabled")
        assert all(word in screen.prose for word in ("Order sync date never", "Inventory sync", "Fulfilment"))
        assert "Meaning of tax_rate." in screen.text
        assert "range of tax_rate" in screen.text


async def test_the_inventory_sync_date_is_the_newest_that_was_told(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    async with monitor(daemon, clock) as screen:
        await screen.press("5")
        daemon.publish("stock_sync", synced(at=START))
        await screen.shown()
        assert f"Inventory sync date {START:%Y-%m-%d %H:%M:%S}" in screen.text


async def test_a_location_is_chosen_from_one_s_own_and_up_reaches_what_is_out_of_sight(
    clock: FakeClock,
) -> None:
    async with monitor(SettingsDaemon(), clock, (80, 12)) as screen:
        await screen.press("5")
        await screen.press("tab", "up", "up")
        assert "Leeds" not in screen.text
        await screen.press("enter")
        await screen.press("down", "enter")
        assert "Leeds" in screen.line("Order download location")
        assert "FBA UK" not in screen.text
        assert "was Default" in screen.text


async def test_several_locations_are_typed_with_commas_and_completed_and_an_empty_limit_is_not_set(
    clock: FakeClock,
) -> None:
    async with monitor(SettingsDaemon(), clock) as screen:
        await screen.press("5")
        await screen.press("tab", *["down"] * 4)
        assert "not set" in screen.line("Max Listed")
        assert "known: Default, Leeds" in screen.text
        await screen.type("Default, le")
        await screen.press("right")
        assert "Default, Leeds" in screen.line("*Inventory location mapping")
        assert "FBA UK" not in screen.text


async def test_what_was_typed_is_marked_and_typing_it_back_is_no_change(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen, "test 5s")
        assert "test 5s" in screen.line("*Tax rate"), "letters that are keys elsewhere are typed here"
        assert "was 0" in screen.line("*Tax rate")
        assert "*uk-main" in screen.text
        assert not daemon.asked_for(PreviewChannel)
        await screen.press("ctrl+u", "0")
        assert "*" not in screen.line("Tax rate")
        assert "*uk-main" not in screen.text


async def test_consequences_are_agreed_to_first_and_then_done_by_one_command(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    daemon.preview([TAX], *SAYS)
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen)
        await screen.press("ctrl+s")
        assert "Save uk-main?" in screen.text
        assert "Tax rate  0 → 20" in screen.text
        assert all(each.text in screen.text for each in SAYS)
        await screen.press("escape")
        assert not daemon.asked_for(SetChannel)
        assert "*Tax rate" in screen.text, "what was typed is still there"
        await screen.press("ctrl+s", "enter", "enter")
        values = {"tax_rate": "20"}
        assert daemon.asked_for(PreviewChannel) == [PreviewChannel(channel="uk-main", values=values)] * 2
        mark = daemon.row.settings_mark
        assert daemon.asked_for(SetChannel) == [
            SetChannel(command_id="command 1", channel="uk-main", values=values, settings_mark=mark)
        ]
        assert "Tax rate 0 → 20" in screen.toast
        assert "It takes a while." in screen.toast
        assert "*Tax rate" not in screen.text
        assert "20" in screen.line("  Tax rate")


async def test_what_comes_along_is_said_and_shown_afterwards(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    daemon.preview(VCS)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("5")
        await screen.press("tab", "down", "down", "space", "ctrl+s")
        assert "comes along" in screen.line("Use Channel Tax  off")
        await screen.press("enter")
        assert " on " in screen.line("Use Channel Tax")


async def test_all_problems_stand_at_their_fields_at_once(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    daemon.answers[PreviewChannel] = RequestRefused(
        "invalid",
        "The change has 2 problems; nothing was changed.",
        "Correct what is listed.",
        [
            Problem(key="tax_rate", message="must be a number from 0 to 100"),
            Problem(key="order_look_back_days", message="must be a whole number"),
        ],
    )
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen, "xx")
        await screen.press("down")
        await screen.type("y")
        await screen.press("ctrl+s")
        lines = screen.lines
        at = lines.index(screen.line("*Tax rate"))
        assert "must be a number from 0 to 100" in lines[at + 1]
        assert "*Order look-back" in lines[at + 2]
        assert "must be a whole number" in lines[at + 3]
        assert "2 problems" in screen.toast
        await screen.type("5")
        assert "must be a number from 0 to 100" not in screen.text, "the first wrong field has the keyboard"
        assert "must be a whole number" in screen.text


async def test_what_is_so_already_is_no_change(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen, "0.0")
        await screen.press("ctrl+s")
        assert "nothing was changed" in screen.toast
        assert "*Tax rate" not in screen.text
        assert not daemon.asked_for(SetChannel)


async def test_e_switches_the_channel_alone_and_leaves_what_is_typed(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    off = SettingChange(key="enabled", label="Enabled", old="on", new="off")
    daemon.preview([off], Consequence(key="enabled", text="3 parked orders wait meanwhile."))
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen)
        await screen.press("escape", "e")
        assert "3 parked orders wait meanwhile." in screen.text
        await screen.press("y")
        (request,) = daemon.asked_for(SetChannel)
        assert isinstance(request, SetChannel)
        assert request.values == {"enabled": "off"}
        assert "*Tax rate" in screen.text


async def test_the_test_shows_every_step_with_verdict_and_hint(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    daemon.test(
        CheckLine(step=1, name="Token exchange", verdict="ok", message="Amazon accepts the credentials"),
        CheckLine(step=2, name="Participation", verdict="failed", message="not there", hint="Join it."),
    )
    async with monitor(daemon, clock) as screen:
        await screen.press("5", "t")
        assert all(part in screen.line("Token exchange") for part in ("1", "ok"))
        assert "failed" in screen.line("Participation")
        assert all(words in screen.text for words in ("not there", "Join it.", "A step failed."))
        assert daemon.asked_for(channels.TestChannel) == [channels.TestChannel(channel="uk-main")]
        await screen.press("escape")
        assert "Token exchange" not in screen.text
        daemon.answers[channels.TestChannel] = RequestRefused(
            "not_permitted", "You may only look.", "Ask Ann."
        )
        await screen.press("t")
        assert "You may only look." in screen.text
        assert "Ask Ann." in screen.text


async def test_changes_are_discarded_only_after_a_question(clock: FakeClock) -> None:
    async with monitor(SettingsDaemon(), clock) as screen:
        await type_tax_rate(screen)
        await screen.press("escape", "escape")
        assert "Discard 1 change of uk-main?" in screen.text
        assert "Tax rate: 20" in screen.text
        await screen.press("escape")
        assert "*Tax rate" in screen.text
        await screen.press("escape", "enter")
        assert "*Tax rate" not in screen.text
        assert "default" in screen.line("Tax rate")


async def test_what_is_typed_stays_while_something_else_is_looked_at(clock: FakeClock) -> None:
    async with monitor(SettingsDaemon("uk-main", "us-main"), clock) as screen:
        await type_tax_rate(screen)
        await screen.press("escape", "down")
        assert "us-main · eu" in screen.text
        assert "*Tax rate" not in screen.text
        await screen.press("1", "5", "up")
        assert "uk-main · eu" in screen.text
        assert "*Tax rate" in screen.text


async def test_somebody_else_s_change_does_not_take_what_is_typed_and_is_not_overwritten_unseen(
    clock: FakeClock,
) -> None:
    daemon = SettingsDaemon()
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen)
        daemon.become({"tax_rate": "7", "order_look_back_days": "3"})
        await screen.shown()
        await screen.shown()
        told = "uk-main was changed meanwhile: Tax rate 0 → 7, Order look-back 7 → 3."
        assert told in screen.toast
        assert "3" in screen.line("  Order look-back")
        assert all(part in screen.line("*Tax rate") for part in ("20", "was 7"))
        assert "Somebody else changed it from 0 meanwhile." in screen.prose
        daemon.preview([SettingChange(key="tax_rate", label="Tax rate", old="7", new="20")])
        await screen.press("ctrl+s")
        assert "7 → 20  changed by somebody else" in screen.text


async def test_orders_that_come_in_do_not_read_the_settings_again(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    async with monitor(daemon, clock) as screen:
        await screen.press("5")
        await screen.shown()
        before = len(daemon.asked_for(ShowChannel))
        daemon.publish("channels", replace(daemon.row, version=9, orders=5))
        await screen.shown()
        assert len(daemon.asked_for(ShowChannel)) == before == 1


async def test_without_a_daemon_the_form_stays_and_saving_says_so(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen)
        daemon.stop()
        await screen.shown()
        await screen.press("ctrl+s")
        assert "There is no daemon to ask." in screen.toast
        assert "What you typed stays here." in screen.toast
        assert "*Tax rate" in screen.text
        daemon.start("boot 2")
        daemon.preview([TAX])
        await screen.passes(3)
        await screen.press("ctrl+s")
        assert "Tax rate  0 → 20" in screen.text


REFUSALS = {
    "A setting of channel uk-main was changed.": "changed_meanwhile",
    "You may look, but not change anything.": "not_permitted",
}


async def test_a_save_that_is_refused_or_lost_says_so_and_keeps_what_was_typed(clock: FakeClock) -> None:
    daemon = SettingsDaemon()
    daemon.may_write = False
    daemon.preview([TAX])
    async with monitor(daemon, clock) as screen:
        await type_tax_rate(screen)
        for message, code in REFUSALS.items():
            daemon.answers[SetChannel] = RequestRefused(code, message, "What to do.")
            await screen.press("ctrl+s", "enter")
            assert f"{message} What to do. What you typed stays here." in screen.toast
        daemon.answers[SetChannel] = DaemonLost("daemon_lost", "channeld closed the connection.", "")
        await screen.press("ctrl+s", "enter")
        assert "Whether it was still done is in the audit trail." in screen.toast
        assert "*Tax rate" in screen.text


def test_without_a_channel_it_says_what_to_do() -> None:
    seen = look(ScriptedDaemon(), SMALL, "5")
    assert "channelctl channel add NAME" in seen.text
