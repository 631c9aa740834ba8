"""Suggestions for a page of listings, in a bounded number of questions."""

from pathlib import Path

from sqlalchemy import Connection, event

from channeld.book.items.suggesting import suggestions
from channeld.domain.listing.linking import ListingFacts
from tests.support.item_desk import ItemDesk, at_item_desk, fields

UPC = "036000291452"


async def told(desk: ItemDesk, **listing: str) -> list[tuple[str, str]]:
    facts = ListingFacts(**({"sku": "LISTING"} | listing))
    found = await desk.shop.store.read(lambda c: suggestions(c, [facts]))
    return [(each.item, each.why) for each in found[facts.sku]]


async def test_what_speaks_for_an_item(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(
            fields("mug-1", title="A blue mug"),
            fields("UPC", barcodes=(f"0{UPC}",)),
            fields("ISBN", barcodes=("9780804429573",)),
            fields("OWN", properties={"Asin": "B0OWN"}),
            fields("LINKED"),
        )
        await desk.appear("ANOTHER", asin="B0LINKED")
        await desk.link("ANOTHER", "LINKED")
        assert await told(desk, sku="MUG-1") == [("mug-1", "sku")]
        assert await told(desk, product_id=UPC, product_id_type="3") == [("UPC", "barcode")]
        assert await told(desk, product_id="080442957X", product_id_type="2") == [("ISBN", "barcode")]
        assert await told(desk, asin="B0OWN") == [("OWN", "asin")]
        assert await told(desk, asin="B0LINKED") == [("LINKED", "asin")]
        assert await told(desk, title="Mug, blue (a)") == [("mug-1", "title")]
        assert await told(desk, asin="B0", title="Nothing of the kind") == []
        everything = await told(
            desk, sku="MUG-1", product_id=UPC, product_id_type="3", asin="B0OWN", title="mug blue a"
        )
        assert everything == [("mug-1", "sku"), ("UPC", "barcode"), ("OWN", "asin")]


async def test_a_page_of_listings_takes_as_many_questions_as_one(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(*(fields(f"item-{number}", title=f"Mug {number}") for number in range(50)))

        def questions(connection: Connection, count: int) -> int:
            page = [ListingFacts(sku=f"ITEM-{n}", asin=f"B{n}", title=f"{n} mug") for n in range(count)]
            asked: list[str] = []

            def hear(_c: object, _cursor: object, statement: str, *_more: object) -> None:
                asked.append(statement)

            event.listen(connection, "before_cursor_execute", hear)
            found = suggestions(connection, page)
            event.remove(connection, "before_cursor_execute", hear)
            assert all(len(each) == 1 for each in found.values())
            return len(asked)

        one = await desk.shop.store.read(lambda c: questions(c, 1))
        assert await desk.shop.store.read(lambda c: questions(c, 50)) == one <= 6
