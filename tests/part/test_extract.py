"""Extract inventory: items out of unlinked listings, again and again, never overwriting (semantics E1)."""

from pathlib import Path

import msgspec

from channeld.domain.listing.details import ListingDetails
from channeld.domain.listing.item import ItemRelationship
from channeld.store import listing_details, listings
from channeld.store.channels import Channel
from channeld.store.listing_details import Read
from channeld.store.unit import Unit
from tests.support.book_shop import ORDER
from tests.support.domain_orders import order
from tests.support.item_desk import ItemDesk, at_item_desk, fields

EAN = "4006381333931"


async def read_in_full(desk: ItemDesk, listing_id: int) -> None:
    """As Download Full Listings does it."""
    details = ListingDetails(
        images=("https://images.example/1.jpg",),
        relationships=(ItemRelationship(kind="VARIATION", parent_skus=("MUGS",)),),
        attributes=msgspec.Raw(b'{"brand":[{"value":"Potter"}]}'),
    )

    def note(unit: Unit) -> None:
        read = Read(listing_id, "MUG", "A mug of clay.", details)
        listing_details.note_read(unit, [read], desk.shop.now)

    await desk.shop.store.write(note)


async def test_an_item_is_made_of_what_the_listing_shows_and_linked(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        (listing,) = await desk.appear("MUG", title="A mug", asin="B1", product_id=EAN, product_id_type="4")
        await read_in_full(desk, listing)
        done = await desk.extract()
        assert (done.created, done.linked, done.skipped, done.after) == (1, 0, (), "")
        shown = await desk.item("MUG")
        assert (shown.row.title, shown.row.barcodes) == ("A mug", (EAN,))
        assert shown.row.properties == {
            "brand": "Potter",
            "description": "A mug of clay.",
            "images": "https://images.example/1.jpg",
            "product type": "MUG",
            "variation parent": "MUGS",
        }
        assert [each.sku for each in shown.listings] == ["MUG"]
        assert [line.item_id for line in (await desk.shop.order(ORDER)).lines] == [1]
        assert (await desk.told("MUG"))[-1] == (
            "listing.linked ann: Listing MUG extracted: linked to item MUG; 1 line of open orders with it"
        )


async def test_without_full_details_there_are_title_and_barcode(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.appear("MUG", title="A mug", product_id="B000TEST12", product_id_type="1")
        await desk.extract()
        row = (await desk.item("MUG")).row
        assert (row.title, row.barcodes, row.properties) == ("A mug", (), {})


async def test_it_goes_page_by_page_and_after_a_death_makes_what_is_missing(tmp_path: Path) -> None:
    skus = [f"MUG-{number}" for number in range(7)]
    async with at_item_desk(tmp_path) as desk:
        await desk.appear(*skus)
        first = await desk.extract(limit=3)
        assert (first.created, first.after) == (3, "MUG-2")
    async with at_item_desk(tmp_path) as desk:  # nobody knows how far it was
        pages = [await desk.extract(limit=3)]
        while pages[-1].after:
            pages.append(await desk.extract(after=pages[-1].after, limit=3))
        assert sum(page.created for page in pages) == 4
        assert await desk.linked_items() == {sku: sku for sku in skus}
        again = await desk.extract()
        assert (again.created, again.linked, again.skipped, again.after) == (0, 0, (), "")


async def test_an_item_that_is_there_is_linked_and_stays_as_it_is(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.appear("MUG", title="Amazon's title")
        await desk.link("MUG", "-")
        await desk.save(fields("MUG", title="Mine", barcodes=("OWN",)))
        before = (await desk.item("MUG")).row
        done = await desk.extract("MUG")
        assert (done.created, done.linked) == (0, 1)
        after = (await desk.item("MUG")).row
        assert msgspec.structs.replace(after, listings=0) == before
        assert after.listings == 1


async def test_what_was_left_alone_is_skipped_unless_it_is_named(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("pot"))
        await desk.appear("MUG", "POT", "CUP")
        await desk.link("MUG", "-")
        done = await desk.extract()
        assert done.created == 1
        reasons = {problem.key: problem.message for problem in done.skipped}
        assert set(reasons) == {"MUG", "POT"}
        assert "unlinked by a person" in reasons["MUG"]
        assert "item pot in capitals" in reasons["POT"]
        assert set(await desk.items()) == {"CUP", "pot"}
        named = await desk.extract("MUG", "POT", "CUP", "PAN")
        assert named.created == 2
        reasons = {problem.key: problem.message for problem in named.skipped}
        assert reasons == {"CUP": "is linked to item CUP", "PAN": "is no listing of this channel"}
        assert await desk.linked_items() == {sku: sku for sku in ("MUG", "POT", "CUP")}


async def test_listings_that_are_gone_become_no_items_unless_named(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.appear("MUG")
        await desk.shop.store.write(
            lambda unit: listings.mark_absent(unit, {1: "gone"}, desk.shop.now, desk.shop.now)
        )
        assert (await desk.extract()).created == 0
        assert (await desk.extract("MUG")).created == 1


async def test_the_same_sku_of_another_account_is_linked_by_itself(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        de: Channel = await desk.shop.open_channel("de", "DE")
        await desk.appear("MUG", title="A mug")
        await desk.appear("MUG", channel="de", title="Becher")
        done = await desk.extract()
        assert done.created == 1
        assert len((await desk.item("MUG")).listings) == 2, "one SKU space for all channels of an account"
        assert (await desk.extract(channel=de.name)).created == 0
        assert (await desk.item("MUG")).row.title == "A mug"


async def test_what_no_item_can_be_is_told(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.appear("MUG\u200b", "CUP")
        done = await desk.extract()
        assert done.created == 1
        (problem,) = done.skipped
        assert (problem.key, "sku must be" in problem.message) == ("MUG\u200b", True)
