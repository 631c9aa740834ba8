"""What Amazon is to be told of a seller SKU, from what the book has (semantics D1–D7, I17)."""

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, event

from channeld.book.offering.computing.compute import compute
from channeld.domain.stock.abstention import Abstention
from channeld.domain.stock.explained import explained
from channeld.domain.stock.latency import DROP, KEEP, set_to
from channeld.domain.stock.limits import Limits, Offer
from channeld.domain.stock.relist import Closure
from channeld.domain.stock.value import Value
from channeld.store.listing_limits import ListingLimits
from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk, sale

TABLE: list[tuple[int, dict[str, Any], int]] = [
    (40, {"end_when": 5}, 40),
    (6, {"end_when": 5}, 6),
    (5, {"end_when": 5}, 0),
    (11, {"end_when": 5, "percentage": "50"}, 5),
    (100, {"percentage": "50", "max_listed": 10}, 10),
    (15, {"percentage": "50", "max_listed": 10}, 7),
    (3, {"percentage": "50"}, 1),
    (1, {"percentage": "50"}, 0),
    (7, {"percentage": "33.3"}, 2),
    (120, {"end_when": 10, "percentage": "80", "max_listed": 25}, 25),
    (12, {"end_when": 10, "percentage": "80", "max_listed": 25}, 9),
    (10, {"end_when": 10, "percentage": "80", "max_listed": 25}, 0),
]
"""What can be sold, what is set, what is sent."""
NAMES = {"percentage": "stock_percentage"}


def quantity(units: int) -> Value:
    return Value(quantity=units, lead_time=KEEP)


def _note(seen: list[str], *asked: Any) -> None:
    seen.append(asked[2])


async def test_the_table_of_cases_with_limits_of_listings_and_of_channels(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        for units, limits, sent in TABLE:
            values: dict[str, Any] = {
                key: Decimal(text) if key == "percentage" else text for key, text in limits.items()
            }
            await desk.sell(f"own {units} {limits}", units, **values)
            assert await desk.quantity(f"own {units} {limits}") == sent
            await desk.shop.set(end_when="", stock_percentage="", max_listed="")
            await desk.shop.set(**{NAMES.get(key, key): f"{text}" for key, text in limits.items()})
            await desk.sell(f"all {units} {limits}", units)
            assert await desk.quantity(f"all {units} {limits}") == sent


async def test_the_listings_own_limits_override_each_for_itself(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, end_when="5", stock_percentage="50", max_listed="10") as desk:
        await desk.sell("MUG", 40, max_listed=15, end_when=0)
        found = await desk.one()
        assert found.value is not None and found.value.quantity == 15
        assert explained(found.members[0].made) == (
            "A=40 (40−0), End When 0 of the listing passed, 50 % → 20, cap 15 of the listing → 15"
        )


async def test_an_oversold_location_lowers_the_sum_and_only_mapped_ones_count(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.place("Shop")
        await desk.place("Elsewhere")
        await desk.sell("MUG", 5)
        await desk.count("MUG", 0, "Shop")
        await desk.count("MUG", 100, "Elsewhere")
        await desk.shop.set(inventory_locations="Default, Shop", order_location="Shop")
        await desk.shop.apply(sale("MUG", 2))
        assert await desk.quantity() == 3
        await desk.shop.set(inventory_locations="Shop")
        assert await desk.quantity() == 0


async def test_a_kit_is_as_many_as_its_parts_allow_also_where_orders_hold_them(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 12)
        await desk.item("LID")
        await desk.count("LID", 9)
        await desk.item("PAIR", {"MUG": 2, "LID": 1})
        await desk.item("BOX", {"PAIR": 2, "LID": 1})
        await desk.list("PAIR")
        await desk.list("BOX")
        assert [await desk.quantity(sku) for sku in ("MUG", "PAIR", "BOX")] == [12, 6, 3]
        await desk.shop.apply(sale("MUG", 5))
        assert [await desk.quantity(sku) for sku in ("MUG", "PAIR", "BOX")] == [7, 3, 1]
        await desk.shop.apply(sale("PAIR", 2, number=2))
        assert [await desk.quantity(sku) for sku in ("MUG", "PAIR", "BOX")] == [3, 1, 0]
        found = (await desk.one("BOX")).members[0].available
        assert found is not None
        assert [(part.sku, part.each) for part in found.components] == [("MUG", 4), ("LID", 3)]


async def test_what_nobody_has_counted_is_not_sent_and_a_kit_of_it_is_not_either(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.place("Shop")
        await desk.sell("MUG", 4)
        await desk.item("LID")
        await desk.item("PAIR", {"MUG": 1, "LID": 1})
        for sku in ("LID", "PAIR"):
            await desk.list(sku)
            assert (await desk.one(sku)).value is None
            assert (await desk.one(sku)).withheld == Abstention.UNCOUNTED
        await desk.count("LID", 3, "Shop")
        assert (await desk.one("PAIR")).withheld == Abstention.UNCOUNTED, "the shop is not mapped"
        await desk.shop.set(inventory_locations="Default, Shop")
        assert await desk.quantity("PAIR") == 3
        await desk.count("MUG", 0)
        assert await desk.quantity("MUG") == 0, "counted, and none there: that is sent"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"enabled": "off"}, Abstention.DISABLED),
        ({"update_inventory": "off"}, Abstention.UPDATE_OFF),
        ({"inventory_locations": ""}, Abstention.NO_LOCATION),
        ({"dry_run": "on"}, Abstention.DRY_RUN),
    ],
)
async def test_settings_of_the_channel_that_send_nothing(
    tmp_path: Path, settings: dict[str, str], reason: Abstention
) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 4)
        await desk.shop.set(**settings)
        found = await desk.one()
        assert (found.value, found.withheld) == (None, reason)
        assert found.would == (4 if reason is Abstention.DRY_RUN else None)


async def test_listings_of_which_nothing_is_sent(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 4)
        await desk.list("POT")
        await desk.item("CUP")
        await desk.count("CUP", 4)
        await desk.list("CUP", fba=True)
        found = await desk.computed("MUG", "POT", "CUP", "NOTHING")
        assert found["POT"].withheld == Abstention.UNLINKED
        assert (found["CUP"].value, found["CUP"].withheld) == (None, Abstention.FBA)
        assert (found["NOTHING"].members, found["NOTHING"].value) == ((), None)
        await desk.limit("MUG", ignore_sync=True)
        assert (await desk.one()).withheld == Abstention.IGNORE_SYNC
        await desk.limit("MUG", ignore_sync=False)
        assert await desk.quantity() == 4
        await desk.limit("CUP", ignore_sync=False)
        assert (await desk.one("CUP")).withheld == Abstention.FBA, "which Ignore Sync cannot undo"


async def test_channels_of_a_seller_agree_on_the_smallest_and_the_longest(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, max_listed="7", default_latency="2") as desk:
        await desk.shop.clock.advance(60)
        await desk.shop.open_channel("de", "DE", **SENDING, default_latency="5")
        await desk.sell("MUG", 30)
        await desk.list("MUG", "de")
        found = await desk.one()
        assert found.value is not None
        assert (found.value.quantity, found.value.lead_time) == (7, set_to(5))
        assert (found.group.owner, found.channels, found.group.differing) == (1, (1, 2), (1, 2))
        await desk.shop.set("uk", dry_run="on")
        found = await desk.one()
        assert found.value is not None and found.value.quantity == 30
        assert (found.group.owner, found.would) == (2, 7)


async def test_handling_times_of_products(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, product_latency="on") as desk:
        for sku, properties in {
            "OWN": {"AMAZON_uk": "4", "Despatch Time": "9"},
            "ALL": {"Despatch Time": " 9 "},
            "NONE": {"AMAZON_other": "3"},
            "BAD": {"Despatch Time": "31"},
        }.items():
            await desk.item(sku, properties=properties)
            await desk.count(sku, 1)
            await desk.list(sku)
        found = await desk.computed("OWN", "ALL", "NONE", "BAD")
        said = {sku: each.value.lead_time for sku, each in found.items() if each.value}
    assert said == {"OWN": set_to(4), "ALL": set_to(9), "NONE": DROP, "BAD": KEEP}
    assert "must be a whole number" in found["BAD"].issue


async def test_an_invalid_handling_time_leaves_the_last_valid_one_in_force(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, product_latency="on") as desk:
        await desk.item("MUG", properties={"Despatch Time": "6"})
        await desk.count("MUG", 1)
        await desk.list("MUG")
        await desk.settle()
        await desk.item("MUG", properties={"Despatch Time": "two"})
        value = await desk.value()
        assert value is not None and value.lead_time == set_to(6)
        assert "6, stays" in (await desk.row()).issue


async def test_a_value_that_was_taken_away_is_not_remembered(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, product_latency="on") as desk:
        await desk.item("MUG", properties={"Despatch Time": "20"})
        await desk.count("MUG", 1)
        await desk.list("MUG")
        await desk.settle()
        for value, says in (("", DROP), ("two", KEEP)):
            await desk.item("MUG", properties={"Despatch Time": value})
            await desk.settle()
            told = await desk.value()
            assert told is not None and told.lead_time == says


async def test_another_items_last_valid_handling_time_is_not_taken_over(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, product_latency="on") as desk:
        for item, days in (("MUG", "20"), ("CUP", "two")):
            await desk.item(item, properties={"Despatch Time": days})
            await desk.count(item, 1)
        await desk.list("MUG")
        await desk.settle()
        await desk.link("MUG", "CUP")
        told = await desk.value()
        assert told is not None and told.lead_time == KEEP


async def test_what_is_asked_instead_of_what_is_stored(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 30)
        settings = (await desk.one()).members[0].selling.settings
        other = msgspec.structs.replace(settings, limits=Limits(max_listed=3))
        own = ListingLimits(channel_id=1, sku="MUG", limits=Limits(max_listed=2))
        by_channel = await desk.computed("MUG", settings={1: other})
        by_listing = await desk.computed("MUG", settings={1: other}, limits={(1, "MUG"): own})
        off = msgspec.structs.replace(settings, update_inventory=False)
        without = await desk.computed("MUG", settings={1: off})
        assert [each["MUG"].value and each["MUG"].value.quantity for each in (by_channel, by_listing)] == [
            3,
            2,
        ]
        assert without["MUG"].value is None
        assert await desk.quantity() == 30


async def test_a_listing_that_is_gone_is_not_put_up_by_its_units(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 4)
        await desk.shop.store.write(
            lambda unit: unit.connection.exec_driver_sql("UPDATE listings SET presence = 'gone'")
        )
        found = await desk.one()
        assert (found.value, found.closure, found.withheld) == (None, Closure.DELETED, Closure.DELETED)


async def test_an_answer_costs_the_same_questions_however_many_skus_there_are(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        for number in range(30):
            await desk.sell(f"MUG {number}", number)
        seen: list[str] = []

        def count(connection: Connection, *skus: str) -> int:
            before = len(seen)
            found = compute(connection, desk.shop.account_id, skus)
            assert all(isinstance(each.members[0].made, Offer) for each in found.values())
            return len(seen) - before

        def compare(connection: Connection) -> None:
            event.listen(connection, "before_cursor_execute", partial(_note, seen))
            count(connection, "MUG 0")
            assert count(connection, "MUG 1") == count(connection, *(f"MUG {n}" for n in range(30)))

        await desk.shop.store.read(compare)


async def test_the_desk_is_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    async def quantities(desk: OfferDesk) -> dict[str, int | None]:
        found = await desk.computed("MUG", "POT")
        return {sku: each.value.quantity if each.value else None for sku, each in found.items()}

    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 4)
        before = await quantities(desk)
    async with at_offer_desk(tmp_path) as desk:
        assert await quantities(desk) == before == {"MUG": 4, "POT": None}
