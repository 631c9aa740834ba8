"""What the requests about mapping and locations tell a person: how many orders hang on each (I14, D9)."""

from pathlib import Path

import pytest

from channel_protocol.channels import ChannelChanged, ChannelRow, SetChannel
from channel_protocol.locations import ListLocations, LocationList
from channel_protocol.mappings import ListMappings, MappingChanged, MappingList, SetMapping
from channeld.errors import InvalidRequest
from tests.support.book_office import Office, open_office
from tests.support.domain_orders import order


async def channel(office: Office) -> ChannelRow:
    return (await office.snapshot("channels"))["uk"]


async def map_word(office: Office, word: str, number: int = 1) -> None:
    request = SetMapping(
        command_id=f"command-{number}", kind="payment", channel="uk", tag=word, target="Card"
    )
    await office.ask(request, MappingChanged)


async def test_an_unmapped_word_needs_a_person_until_it_is_mapped(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply(
            order(order_id="1", payment_methods=("Invoice",)),
            order(order_id="2", payment_methods=("Invoice",)),
            order(order_id="3", payment_methods=("COD",)),
        )
        assert (await channel(office)).unmapped_payment == 3
        await map_word(office, "invoice")
        assert (await channel(office)).unmapped_payment == 1


async def test_orders_stored_before_their_word_was_mapped_keep_the_default_and_are_told(
    tmp_path: Path,
) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply(order(order_id="1", payment_methods=("COD",)))
        await map_word(office, "cod")
        await office.shop.apply(order(order_id="2", payment_methods=("COD",)))
        (row,) = (await office.ask(ListMappings(kind="payment"), MappingList)).rows
        assert (row.tag, row.target, row.orders, row.unmapped) == ("COD", "Card", 2, 1)


async def test_a_location_tells_how_many_orders_it_has(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply(order(order_id="1"), order(order_id="2", status="CANCELLED"))
        (place,) = (await office.ask(ListLocations(), LocationList)).rows
        assert (place.location, place.channels) == ("Default", "uk")
        assert (place.orders, place.open_orders) == (2, 1)


async def test_a_location_tells_which_channels_offer_what_lies_there(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        mapped = {"inventory_locations": "Default"}
        await office.ask(SetChannel(command_id="command-1", channel="uk", values=mapped), ChannelChanged)
        (place,) = (await office.ask(ListLocations(), LocationList)).rows
        assert place.offered_by == "uk"


def to_carrier(target: str) -> SetMapping:
    return SetMapping(command_id="command-9", kind="despatch", channel="uk", tag=" tracked 24", target=target)


async def test_a_service_of_ones_own_is_mapped_to_a_carrier(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        await office.shop.apply(order(order_id="1", service_level="STANDARD"))
        changed = await office.ask(to_carrier("Royal Mail / Tracked 24"), MappingChanged)
        assert (changed.row.tag, changed.note) == ("TRACKED 24", "")
        (row,) = (await office.ask(ListMappings(kind="despatch"), MappingList)).rows
        assert (row.target, row.orders) == ("Royal Mail / Tracked 24", 0)


@pytest.mark.parametrize(
    ("target", "told", "meant"),
    [
        ("Royl Mail / Tracked 24", "Other, named Royl Mail", "did you mean its code Royal Mail?"),
        ("Other: Royl Mail", "Other, named Royl Mail", ""),
        ("Postman Pat Couriers", "Other, named Postman Pat Couriers", ""),
    ],
)
async def test_what_amazon_is_told_of_a_carrier_without_a_code_is_said(
    target: str, told: str, meant: str, tmp_path: Path
) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        changed = await office.ask(to_carrier(target), MappingChanged)
        assert changed.row.target == target, "it is kept as it was typed"
        assert told in changed.note
        assert meant in changed.note
        assert ("did you mean" in changed.note) == bool(meant)


async def test_a_target_without_a_carrier_is_refused(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        await office.shop.open_channel()
        with pytest.raises(InvalidRequest) as refusal:
            await office.ask(to_carrier("Other"), MappingChanged)
        assert [problem.key for problem in refusal.value.problems] == ["target"]
