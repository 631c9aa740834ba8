"""Whatever changes what Amazon is to be told makes it be computed anew, in the same unit of work."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from channeld.commands.channels import add_channel, remove_channel
from channeld.store import channels, listings
from channeld.store.unit import Unit
from tests.support.offer_desk import SENDING, OfferDesk, at_offer_desk, sale
from tests.support.stock_desk import StockDesk, at_stock_desk

Change = Callable[[OfferDesk], Awaitable[object]]


async def stocked(desk: OfferDesk) -> None:
    """Mugs on two channels, 10 and none of an oversold sort; a box of two mugs and a lid; a loose lid."""
    await desk.place("Shop")
    await desk.shop.clock.advance(60)
    await desk.shop.open_channel("de", "DE", **SENDING)
    await desk.sell("MUG", 10)
    await desk.list("MUG", "de")
    await desk.item("LID")
    await desk.count("LID", 8)
    await desk.item("BOX", {"MUG": 2, "LID": 1})
    await desk.list("BOX")


async def seen(desk: OfferDesk, status: str, id_: int = 1) -> None:
    """A report shows the listing otherwise, or not."""

    def book(unit: Unit) -> None:
        if status == "present":
            listings.mark_present(unit, [(id_, 2)], desk.shop.now)
        else:
            listings.mark_absent(unit, {id_: status}, desk.shop.now, desk.shop.now)

    await desk.shop.store.write(book)


CHANGES: dict[str, tuple[Change, int | None, int | None]] = {
    "a level": (lambda d: d.count("MUG", 4), 4, 2),
    "a level of a part": (lambda d: d.count("LID", 1), 10, 1),
    "a level elsewhere": (lambda d: d.count("MUG", 99, "Shop"), 10, 5),
    "an order": (lambda d: d.shop.apply(sale("MUG", 3)), 7, 3),
    "an order of the kit": (lambda d: d.shop.apply(sale("BOX", 2)), 6, 3),
    "a parked order": (lambda d: d.shop.apply(sale("MUG", 3, status="PENDING")), 7, 3),
    "an order shipped at once": (lambda d: d.shop.apply(sale("MUG", 3, shipped=3, status="SHIPPED")), 7, 3),
    "a limit of the listing": (lambda d: d.limit("MUG", max_listed=2), 2, 5),
    "a limit of the channel": (lambda d: d.shop.set(max_listed="3"), 3, 3),
    "a limit of the other channel": (lambda d: d.shop.set("de", end_when="10"), 0, 5),
    "a location": (lambda d: d.shop.set("uk", inventory_locations="Shop"), 10, None),
    "it is unlinked": (lambda d: d.link("MUG", None), None, 5),
    "it is linked to another": (lambda d: d.link("MUG", "LID"), 8, 5),
    "other parts": (lambda d: d.item("BOX", {"LID": 4}), 10, 2),
    "Update inventory is off": (lambda d: d.shop.set(update_inventory="off"), 10, None),
    "the other channel is off": (lambda d: d.shop.set("de", enabled="off"), 10, 5),
    "dry run": (lambda d: d.shop.set(dry_run="on"), 10, None),
    "it is missing": (lambda d: seen(d, "missing"), 10, 5),
    "it is gone on one channel": (lambda d: seen(d, "gone"), 10, 5),
    "the kit is gone": (lambda d: seen(d, "gone", 3), 10, None),
    "the channel is removed": (
        lambda d: d.shop.command(lambda unit, asked: remove_channel(unit, asked, "uk")),
        10,
        None,
    ),
}
"""What happens → what Amazon is then told of the mug, and of the box."""


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_leads_to_the_right_value(tmp_path: Path, name: str) -> None:
    change, mugs, boxes = CHANGES[name]
    async with at_offer_desk(tmp_path) as desk:
        await stocked(desk)
        assert (await desk.told("MUG"), await desk.told("BOX")) == (10, 5)
        assert await desk.settle() == 0
        await change(desk)
        assert (await desk.told("MUG"), await desk.told("BOX")) == (mugs, boxes)


async def test_what_comes_back_is_offered_again(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await stocked(desk)
        await seen(desk, "gone", 3)
        assert await desk.told("BOX") is None
        await seen(desk, "present", 3)
        assert await desk.told("BOX") == 5
        await desk.shop.set(dry_run="on")
        assert ((await desk.told("BOX")), (await desk.row("BOX")).would) == (None, 5)
        await desk.shop.set(dry_run="off")
        assert await desk.told("BOX") == 5


async def test_a_part_that_a_kit_no_longer_takes_is_offered_again(tmp_path: Path) -> None:
    """An order of the kit held it."""
    async with at_offer_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.apply(sale("BOX", 2))
        assert await desk.told("MUG") == 6
        await desk.item("BOX", {"LID": 1})
        assert await desk.told("MUG") == 10


async def test_a_part_that_a_kit_takes_from_now_on_is_held_by_its_orders(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.sell("POT", 7)
        await desk.shop.apply(sale("BOX", 2))
        assert await desk.told("POT") == 7
        await desk.item("BOX", {"POT": 1})
        assert await desk.told("POT") == 5


async def test_a_listing_on_one_more_channel_counts(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await stocked(desk)
        await desk.shop.set("de", max_listed="3")
        assert await desk.told("BOX") == 5
        await desk.list("BOX", "de")
        assert await desk.told("BOX") == 3


async def test_handling_times_follow_the_items_properties(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, product_latency="on") as desk:
        await desk.sell("MUG", 10)
        await desk.settle()
        await desk.item("MUG", properties={"Despatch Time": "3"})
        value = await desk.value()
        assert value is not None and value.lead_time.days == 3


async def test_an_item_that_is_made_later_is_linked_and_offered(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.list("MUG")
        assert await desk.told() is None
        assert not await desk.rows("MUG"), "of what nobody linked nothing is kept"
        await desk.item("MUG")
        await desk.count("MUG", 6)
        assert await desk.told() == 6


async def test_orders_that_are_linked_later_hold_their_units(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 10)
        await desk.shop.apply(sale("CUP", 3))
        assert await desk.told() == 10
        await desk.link("CUP", "MUG")
        assert await desk.told() == 7
        await desk.link("CUP", None)
        assert await desk.told() == 10


async def test_a_parked_order_of_a_removed_channel_holds_nothing_until_it_is_back(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await stocked(desk)
        parked = sale("MUG", 3, status="PENDING", marketplace_id=(await desk.shop.channel(2)).marketplace_id)
        await desk.shop.apply(parked)
        assert await desk.told() == 7
        await desk.shop.command(lambda unit, asked: remove_channel(unit, asked, "de"))
        assert await desk.told() == 10
        await desk.shop.command(lambda unit, asked: add_channel(unit, asked, "de", "eu", "DE"))
        assert await desk.told() == 7


async def with_an_order(desk: StockDesk) -> OfferDesk:
    offers = OfferDesk(desk.shop)
    await offers.sell("MUG", 10)
    assert await offers.told() == 10
    await desk.shop.apply(sale("MUG", 3))
    assert await offers.told() == 7
    return offers


async def test_units_that_leave_or_come_back_here(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path, **SENDING) as desk:
        offers = await with_an_order(desk)
        done = await desk.process(order_id=sale().order_id)
        assert await offers.told() == 7, "they left both the shelf and the order"
        assert done.row is not None
        await desk.dismiss(done.row.work_id)
        assert await offers.told() == 7


async def test_units_to_be_cancelled_are_nobody_elses_until_amazon_shows_it(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path, **SENDING) as desk:
        offers = await with_an_order(desk)
        await desk.cancel(order_id=sale().order_id, lines={"1": 2})
        assert await offers.told() == 7
        await desk.shop.apply(sale("MUG", 3, cancelled=2, minutes=5))
        assert await offers.told() == 9


async def test_units_that_are_cancelled_here_alone_are_free_at_once(tmp_path: Path) -> None:
    async with at_stock_desk(tmp_path, **SENDING, order_cancellations="off") as desk:
        offers = await with_an_order(desk)
        await desk.cancel(order_id=sale().order_id, lines={"1": 2})
        assert await offers.told() == 9


async def test_units_of_a_cancellation_that_is_rejected_for_good_are_free(tmp_path: Path) -> None:
    """The channel was removed, so Amazon is never told; the order stays in the book as it is."""
    async with at_stock_desk(tmp_path, **SENDING) as desk:
        other = await (await with_an_order(desk)).another_account()
        await other.list("MUG", "fr")
        await desk.cancel(order_id=sale().order_id, lines={"1": 2})
        assert await other.told() == 7
        await desk.remove_channel()
        assert await other.told() == 9


async def test_units_that_leave_from_where_nobody_counts_do_not_come_back(tmp_path: Path) -> None:
    """The item is counted elsewhere: what was sold and sent away must not be offered again."""
    async with at_stock_desk(tmp_path) as desk:
        offers = OfferDesk(desk.shop)
        await offers.place("Shop")
        await desk.shop.set(**SENDING | {"inventory_locations": "Default, Shop"}, order_location="Shop")
        await with_an_order(desk)
        assert await offers.told() == 7
        await desk.process(order_id=sale().order_id)
        assert await offers.told() == 7


async def test_a_count_after_units_have_left_is_what_is_offered(tmp_path: Path) -> None:
    """Orders are put where nobody counts: what left is in the new count already."""
    async with at_offer_desk(tmp_path) as desk:
        await desk.place("Attic")
        await desk.shop.set(inventory_locations="Attic, Default")
        await desk.item("MUG")
        await desk.list("MUG", "uk")
        await desk.count("MUG", 40, "Attic")
        for day in range(1, 4):
            shipped = sale("MUG", 3, number=day, shipped=3, minutes=day, status="SHIPPED")
            await desk.shop.apply(shipped)
            await desk.count("MUG", 40 - 3 * day, "Attic")
            assert await desk.quantity() == 40 - 3 * day


async def test_a_parcel_from_a_place_of_another_channel_takes_nothing_off_sale(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.place("Attic")
        await desk.shop.set(order_location="Attic")
        await desk.shop.command(lambda unit, asked: add_channel(unit, asked, "de", "eu", "DE"))
        await desk.shop.set("de", **SENDING | {"inventory_locations": "Attic"}, enabled="on")
        await desk.sell("MUG", 40)
        await desk.list("MUG", "de")
        await desk.shop.apply(sale("MUG", 1, shipped=1, minutes=2, status="SHIPPED"))
        assert await desk.quantity() == 40


async def test_nothing_is_noted_for_an_account_that_sends_nothing(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path, update_inventory="off") as desk:
        await stocked(desk)
        await desk.shop.set("de", update_inventory="off")
        await desk.settle()
        await desk.shop.apply(sale("MUG", 3))
        await desk.count("MUG", 5)
        assert await desk.stale() == {}
        assert await desk.shop.store.read(lambda c: channels.by_name(c, "uk")) is not None
        await desk.shop.set(update_inventory="on")
        assert await desk.told() == 2


async def test_a_sale_of_one_seller_lowers_what_another_account_of_ours_offers(tmp_path: Path) -> None:
    async with at_offer_desk(tmp_path) as desk:
        await desk.sell("MUG", 10)
        await desk.item("BOX", {"MUG": 2})
        other = await desk.another_account()
        await other.list("BOX", "fr")
        assert await other.told("BOX") == 5
        await desk.shop.apply(sale("MUG", 3, status="PENDING"))
        assert await other.told("BOX") == 3
        await desk.shop.command(lambda unit, asked: remove_channel(unit, asked, "uk"))
        assert await other.told("BOX") == 5, "the order is parked for ever"
