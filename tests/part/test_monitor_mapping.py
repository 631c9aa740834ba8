"""The mapping page: unmapped words first; set and removed by keys; what is wrong is said in place."""

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from channel_protocol.base import Problem, Request
from channel_protocol.channels import (
    ChannelChanged,
    ChannelPreviewed,
    Consequence,
    PreviewChannel,
    SetChannel,
    SettingChange,
)
from channel_protocol.errors import RequestRefused
from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList, LocationRow
from channel_protocol.mappings import (
    ListMappings,
    MappingChanged,
    MappingList,
    MappingRemoved,
    MappingRow,
    RemoveMapping,
    SetMapping,
)
from tests.support.fake_clock import FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_rows import account, channel, word
from tests.support.monitor_screen import WIDE, monitor

R = TypeVar("R", bound=Request)
DEFAULT = LocationRow(location="Default", kind="own", channels="uk-main", orders=9, open_orders=4)


def listed(*rows: MappingRow) -> Callable[[ListMappings], MappingList]:
    """Answers with the rows of the kind that was asked for."""
    return lambda request: MappingList(rows=tuple(row for row in rows if row.kind == request.kind))


def shop(*rows: MappingRow) -> ScriptedDaemon:
    daemon = ScriptedDaemon(accounts=[account()], channels=[channel()])
    daemon.answers[ListMappings] = listed(*rows)
    daemon.answers[ListLocations] = LocationList(rows=(DEFAULT,))
    return daemon


def asked(daemon: ScriptedDaemon, kind: type[R]) -> list[R]:
    return [request for request in daemon.requests if isinstance(request, kind)]


UNMAPPED = word("INVOICE", target=None, orders=12, unmapped=12)
MAPPED = word("CREDITCARD", target="Card", orders=40)


async def test_what_is_not_mapped_comes_first_with_its_orders(clock: FakeClock) -> None:
    async with monitor(shop(MAPPED, UNMAPPED), clock) as screen:
        await screen.press("6")
        assert "Payment 2 ▲1" in screen.text
        lines = [line for line in screen.lines if "uk-main " in line]
        assert "INVOICE" in lines[0]
        assert "not mapped" in lines[0]
        assert "CREDITCARD" in lines[1]
        assert "12 orders stored with the default" in screen.prose


async def test_the_three_lists_are_a_key_away(clock: FakeClock) -> None:
    parcel = word("STANDARD", kind="shipping", target="Parcel")
    async with monitor(shop(MAPPED, parcel), clock) as screen:
        await screen.press("6")
        await screen.press("s")
        assert "Parcel" in screen.line("STANDARD")
        await screen.press("l")
        assert "uk-main" in screen.line("Default ")
        assert "9 orders, 4 of them open" in screen.text
        await screen.press("p")
        assert "Card" in screen.line("CREDITCARD ")


async def test_a_word_is_mapped_and_the_lists_are_asked_for_again(clock: FakeClock) -> None:
    daemon = shop(UNMAPPED)
    daemon.answers[SetMapping] = MappingChanged(row=word("INVOICE", target="Bank"))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("6")
        await screen.press("enter")
        await screen.type("Bank")
        daemon.answers[ListMappings] = listed(word("INVOICE", target="Bank", orders=12, unmapped=12))
        await screen.press("enter")
        (request,) = asked(daemon, SetMapping)
        assert request == SetMapping(
            command_id="command 1", kind="payment", channel="uk-main", tag="INVOICE", target="Bank"
        )
        assert "Orders downloaded from now on follow it." in screen.toast
        assert "Payment 1" in screen.text
        assert "not mapped" not in screen.text


async def test_what_is_wrong_is_said_in_the_form_which_stays(clock: FakeClock) -> None:
    daemon = shop(UNMAPPED)
    problem = Problem(key="target", message="must have at most 100 characters")
    daemon.answers[SetMapping] = RequestRefused("invalid", "Nothing was changed.", "Correct it.", [problem])
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        await screen.press("enter")
        await screen.type("B")
        await screen.press("enter")
        assert "must have at most 100 characters" in screen.text
        daemon.answers[SetMapping] = MappingChanged(row=word("INVOICE", target="B"))
        await screen.press("enter")
        assert len(asked(daemon, SetMapping)) == 2
        assert "must have" not in screen.text


async def test_an_error_that_belongs_to_no_field_is_said_as_a_whole(clock: FakeClock) -> None:
    daemon = shop(UNMAPPED)
    daemon.answers[SetMapping] = RequestRefused("not_permitted", "You may only read.", "Ask the owner.")
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        await screen.press("enter")
        await screen.type("B")
        await screen.press("enter")
        assert "You may only read." in screen.text
        assert "Ask the owner." in screen.text


async def test_a_word_can_be_mapped_beforehand(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[SetMapping] = MappingChanged(row=word("COD", kind="shipping"))
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        await screen.press("s", "a")
        await screen.type("NEXT_DAY")
        await screen.press("enter")
        await screen.type("Express")
        await screen.press("enter")
        assert asked(daemon, SetMapping) == [
            SetMapping(
                command_id="command 1", kind="shipping", channel="uk-main", tag="NEXT_DAY", target="Express"
            )
        ]


async def test_a_mapping_is_removed_only_after_a_question(clock: FakeClock) -> None:
    daemon = shop(MAPPED)
    daemon.answers[RemoveMapping] = MappingRemoved(kind="payment", channel="uk-main", tag="CREDITCARD")
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        await screen.press("x")
        assert "Orders downloaded from now on get the default" in screen.prose
        await screen.press("escape")
        assert asked(daemon, RemoveMapping) == []
        await screen.press("x", "enter")
        assert asked(daemon, RemoveMapping) == [
            RemoveMapping(command_id="command 1", kind="payment", channel="uk-main", tag="CREDITCARD")
        ]


async def test_what_is_not_mapped_cannot_be_removed(clock: FakeClock) -> None:
    async with monitor(shop(UNMAPPED), clock) as screen:
        await screen.press("6", "x")
        assert "There is no mapping here to remove." in screen.toast


async def test_a_location_is_added(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[AddLocation] = LocationAdded(row=LocationRow(location="Leeds", kind="own"))
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        await screen.press("l", "a")
        await screen.type("Leeds")
        await screen.press("enter")
        assert asked(daemon, AddLocation) == [AddLocation(command_id="command 1", location="Leeds")]
        assert "Location Leeds is added." in screen.toast


async def test_the_lists_are_filtered_together(clock: FakeClock) -> None:
    async with monitor(shop(MAPPED, UNMAPPED), clock) as screen:
        await screen.press("6")
        await screen.press("slash")
        await screen.type("invo")
        assert "INVOICE" in screen.text
        assert "CREDITCARD" not in screen.text


async def test_what_others_change_is_seen_by_and_by(clock: FakeClock) -> None:
    daemon = shop(UNMAPPED)
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        daemon.answers[ListMappings] = listed(word("INVOICE", target="Bank"))
        await screen.passes(31)
        await screen.shown()
        assert "Bank" in screen.line("INVOICE ")


async def test_without_a_daemon_the_lists_stay_and_come_anew_with_it(clock: FakeClock) -> None:
    daemon = shop(UNMAPPED)
    async with monitor(daemon, clock) as screen:
        await screen.press("6")
        daemon.stop()
        await screen.shown()
        assert "INVOICE" in screen.text
        daemon.answers[ListMappings] = listed(word("INVOICE", target="Bank"))
        daemon.start("boot 2")
        await screen.passes(6)
        await screen.shown()
        assert "Bank" in screen.line("INVOICE ")


async def test_a_service_of_ones_own_is_mapped_to_a_carrier(clock: FakeClock) -> None:
    daemon = shop(word("Royal Mail 48", kind="despatch", target="Royal Mail / Tracked 48", orders=0))
    daemon.answers[SetMapping] = MappingChanged(row=word("Parcel", kind="despatch", target="DHL / DHL Paket"))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("6", "c")
        assert "Royal Mail / Tracked 48" in screen.line(" Royal Mail 48 ")
        await screen.press("a")
        await screen.type("Parcel")
        await screen.press("enter")
        await screen.type("DHL / DHL Paket")
        await screen.press("enter")
        assert asked(daemon, SetMapping) == [
            SetMapping(
                command_id="command 1",
                kind="despatch",
                channel="uk-main",
                tag="Parcel",
                target="DHL / DHL Paket",
            )
        ]
        assert "Orders processed from now on follow it." in screen.toast


async def test_what_happens_without_the_mapping_of_a_service_is_said(clock: FakeClock) -> None:
    daemon = shop(word("Royal Mail 48", kind="despatch", target="Royal Mail / Tracked 48"))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("6", "c", "x")
        assert "are refused until it is mapped" in screen.prose


async def test_the_locations_that_a_channel_offers_from_are_chosen_after_their_consequences(
    clock: FakeClock,
) -> None:
    daemon = shop()
    daemon.publish("channels", channel("de-main"))
    daemon.answers[ListLocations] = LocationList(
        rows=(replace(DEFAULT, offered_by="uk-main"), LocationRow(location="Leeds", kind="own"))
    )
    before = SettingChange(key="inventory_locations", label="Inventory", old="Default", new="Default,Leeds")
    daemon.answers[PreviewChannel] = ChannelPreviewed(
        channel="uk-main",
        settings_mark="mark 7",
        changes=(before,),
        consequences=(Consequence(key="inventory_locations", text="31 listings would change."),),
    )
    daemon.answers[SetChannel] = ChannelChanged(row=channel(), changed=("inventory_locations",))
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("6", "i")
        assert "nowhere: nothing is sent" in screen.line(" de-main")
        assert "Default" in screen.line(" uk-main")
        await screen.steps("down", "enter")
        assert "Locations that uk-main offers from" in screen.text
        await screen.type(", le")
        await screen.steps("right", "ctrl+s")
        (looked,) = asked(daemon, PreviewChannel)
        assert looked == PreviewChannel(channel="uk-main", values={"inventory_locations": "Default, Leeds"})
        assert "31 listings would change." in screen.text
        assert asked(daemon, SetChannel) == []
        await screen.press("enter")
        (change,) = asked(daemon, SetChannel)
        assert change == SetChannel(
            command_id="command 1",
            channel="uk-main",
            values={"inventory_locations": "Default, Leeds"},
            settings_mark="mark 7",
        )


async def test_a_location_that_does_not_exist_is_said_at_its_field(clock: FakeClock) -> None:
    daemon = shop()
    problem = Problem(key="inventory_locations", message="Hull is no location")
    daemon.answers[PreviewChannel] = RequestRefused("invalid", "It cannot be so.", "Correct it.", [problem])
    async with monitor(daemon, clock) as screen:
        await screen.steps("6", "i", "enter")
        await screen.type("Hull")
        await screen.press("ctrl+s")
        assert "Hull is no location" in screen.text
        assert "Locations that uk-main offers from" in screen.text
