"""Listings become items: by themselves by the same SKU, else by hand; open orders follow (semantics D10)."""

from pathlib import Path

import msgspec

from channel_protocol.listings import LinkListings, LinkWanted, ListingsLinked
from channeld.book.items.linking import link_by_sku
from channeld.domain.order import IncomingLine
from tests.support.book_shop import ORDER
from tests.support.domain_orders import MINUTE, NOW, UK_LINE, order
from tests.support.item_desk import ItemDesk, at_item_desk, fields

OTHER = "026-7654321-7654321"


async def items_of_orders(desk: ItemDesk) -> dict[str, list[int | None]]:
    return {each.order_id: [line.item_id for line in each.lines] for each in await desk.shop.orders()}


async def test_a_listing_that_comes_in_is_linked_to_the_item_of_its_sku(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        await desk.save(fields("MUG"), fields("cup"))
        await desk.appear("MUG", "CUP", "POT")
        assert await desk.linked_items() == {"MUG": "MUG"}
        assert (await items_of_orders(desk))[ORDER] == [1]
        assert await desk.told("MUG") == [
            "item.created ann: Item MUG created",
            "listing.linked channeld: Listing MUG linked by its SKU; 1 line of open orders with it",
        ]


async def test_by_hand_any_listing_is_linked_and_is_unlinked_again(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        await desk.save(fields("A"), fields("B"))
        await desk.appear("MUG")
        linked = await desk.link("MUG", "A")
        assert (linked.outcome, linked.orders) == ("linked", 1)
        again = await desk.link("MUG", "A")
        assert (again.outcome, again.orders) == ("unchanged", 0)
        other = await desk.link("MUG", "B")
        assert (other.outcome, other.orders) == ("linked", 1)
        assert (await items_of_orders(desk))[ORDER] == [2]
        unlinked = await desk.link("MUG", "")
        assert (unlinked.outcome, unlinked.orders) == ("unlinked", 1)
        assert (await items_of_orders(desk))[ORDER] == [None]
        assert (await desk.link("MUG", "")).outcome == "unchanged"
        assert await desk.told("MUG") == [
            "listing.linked ann: Listing MUG linked to item A; 1 line of open orders with it",
            "listing.linked ann: Listing MUG linked to item B, before to A; 1 line of open orders with it",
            "listing.unlinked ann: Listing MUG unlinked from item B; 1 line of open orders with it",
        ]


async def test_what_a_person_unlinked_no_automation_links(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.appear("MUG", "POT")
        assert (await desk.link("MUG", "")).outcome == "unchanged", "nothing is said of what is not linked"
        assert [(await desk.link("MUG", "-")).outcome for _ in "12"] == ["unlinked", "unchanged"]
        (made,) = await desk.save(fields("MUG"))
        assert made.linked == 0
        await desk.save(fields("POT"))
        await desk.link("POT", "")
        again = await desk.shop.store.write(
            lambda unit: link_by_sku(unit, desk.shop.account_id, ["MUG", "POT"], NOW)
        )
        assert again == {}
        assert await desk.linked_items() == {}


async def test_what_a_person_linked_stays_when_an_item_of_the_sku_is_made(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("A"))
        await desk.appear("MUG")
        await desk.link("MUG", "A")
        await desk.save(fields("MUG"))
        assert await desk.linked_items() == {"MUG": "A"}


async def test_a_link_holds_on_all_channels_of_the_account(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE")
        await desk.save(fields("A"))
        await desk.appear("MUG")
        await desk.link("MUG", "A")
        await desk.appear("MUG", channel="de")
        listings = (await desk.item("A")).listings
        assert [(each.channel, each.sku) for each in listings] == [("de", "MUG"), ("uk", "MUG")]
        assert (await desk.items())["A"].listings == 2


async def test_every_row_is_answered_and_names_all_that_is_wrong(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("MUG-1"))
        await desk.appear("MUG")
        answers = await desk.link_all(
            ("uk", "MUG", "mug-1"), ("nowhere", "MUG", "MUG-1"), ("uk", "PAN", ""), ("uk", "MUG", "MUG-1")
        )
        assert [answer.outcome for answer in answers] == ["refused", "refused", "refused", "linked"]
        assert [(problem.key, problem.nearest) for problem in answers[0].problems] == [("item", "MUG-1")]
        assert [problem.key for problem in answers[1].problems] == ["channel"]
        assert [problem.key for problem in answers[2].problems] == ["sku"]


async def test_of_two_who_link_the_same_the_later_one_holds_and_both_are_told(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        await desk.save(fields("A"), fields("B"))
        await desk.appear("MUG")
        ids = {"A": "command-ann-1", "B": "command-bob-1"}
        for item in ("A", "B", "A"):  # the third is the first one repeated: nothing is done
            wanted = LinkWanted(channel="uk", sku="MUG", item=item)
            request = LinkListings(command_id=ids[item], rows=(wanted,))
            assert (await desk.office.ask(request, ListingsLinked)).answers[0].outcome == "linked"
        assert await desk.linked_items() == {"MUG": "B"}
        assert [text.partition(": ")[2].partition(";")[0] for text in await desk.told("MUG")] == [
            "Listing MUG linked to item A",
            "Listing MUG linked to item B, before to A",
        ]
        both = await desk.link_all(("uk", "MUG", "A"), ("uk", "MUG", "B"))
        assert [(each.outcome, each.orders) for each in both] == [("linked", 1), ("refused", 0)]
        assert (await items_of_orders(desk))[ORDER] == [1]
        again = await desk.link_all(("uk", "MUG", "A"), ("uk", "MUG", "B"))
        assert [each.outcome for each in again] == ["unchanged", "refused"]


async def test_an_empty_item_says_nothing_beside_a_row_that_names_one(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.open_channel("de", "DE")
        await desk.save(fields("A"))
        await desk.appear("MUG", "POT")
        rows = [("uk", "MUG", ""), ("de", "MUG", "A"), ("uk", "POT", "-"), ("de", "POT", "")]
        assert [each.outcome for each in await desk.link_all(*rows)] == [
            "unchanged",
            "linked",
            "unlinked",
            "unchanged",
        ]
        again = await desk.link_all(*rows)
        assert {each.outcome for each in again} == {"unchanged"}, "a file that is loaded twice"
        assert await desk.linked_items() == {"MUG": "A"}


async def test_a_sku_that_only_an_open_order_has_is_linked_too(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        await desk.save(fields("A"))
        assert (await desk.link("MUG", "A")).orders == 1


async def test_orders_that_have_left_keep_what_they_were(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        await desk.save(fields("A"), fields("B"))
        await desk.link("MUG", "A")
        await desk.shop.apply(order("SHIPPED", updated_at=NOW + MINUTE))
        await desk.appear("MUG")
        assert (await desk.link("MUG", "B")).orders == 0
        assert (await items_of_orders(desk))[ORDER] == [1]


async def test_an_order_that_comes_in_finds_its_items(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("A"))
        await desk.appear("MUG", "POT")
        await desk.link("MUG", "A")
        lines = (UK_LINE, IncomingLine(order_item_id="2", sku="POT", quantity=1))
        await desk.shop.apply(order(lines=lines))
        assert (await items_of_orders(desk))[ORDER] == [1, None]
        assert "unlinked" in (await desk.office.snapshot("orders"))[f"uk/{ORDER}"].flags
        await desk.link("POT", "A")
        assert "unlinked" not in (await desk.office.snapshot("orders"))[f"uk/{ORDER}"].flags


async def test_an_order_of_an_items_sku_finds_it_before_there_is_a_listing(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("MUG"), fields("POT"))
        await desk.appear("POT")
        await desk.link("POT", "")
        pot = IncomingLine(order_item_id="2", sku="POT", quantity=1)
        await desk.shop.apply(order(lines=(UK_LINE, pot)))
        assert (await items_of_orders(desk))[ORDER] == [1, None], "but not what a person unlinked"
        assert "listing.linked channeld: Listing MUG linked by its SKU" in await desk.told("MUG")
        await desk.appear("MUG")
        assert await desk.linked_items() == {"MUG": "MUG"}


async def test_a_newer_view_of_an_order_brings_back_no_link_that_was_undone(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("A"))
        await desk.appear("MUG")
        await desk.link("MUG", "A")
        await desk.shop.apply(order())
        await desk.link("MUG", "")
        await desk.shop.apply(order(updated_at=NOW + MINUTE))
        assert (await items_of_orders(desk))[ORDER] == [None]


async def test_watchers_see_the_orders_that_followed(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(
            order(), order(order_id=OTHER, lines=(msgspec.structs.replace(UK_LINE, sku="POT"),))
        )
        before = await desk.office.snapshot("orders")
        await desk.save(fields("A"))
        await desk.link("MUG", "A")
        after = await desk.office.snapshot("orders")
        assert after[f"uk/{ORDER}"].version > before[f"uk/{ORDER}"].version
        assert after[f"uk/{OTHER}"] == before[f"uk/{OTHER}"]
