"""Items: each row is answered, a file loaded twice changes nothing, kits never go round in a circle."""

from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from channel_protocol.items import ItemList, ListItems, SaveItems, ShowItem
from channeld.store import tables
from tests.support.book_office import READER
from tests.support.domain_orders import order
from tests.support.item_desk import at_item_desk, fields, kit

MUG = fields("MUG", title="A mug", barcodes=("4006381333931",), properties={"Colour": "blue"})


async def test_what_is_saved_is_shown(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        assert (
            await desk.outcomes(MUG, fields("BOX"), kit("SET", "MUG", "BOX", quantity=2)) == ["created"] * 3
        )
        rows = await desk.items()
        assert list(rows) == ["BOX", "MUG", "SET"]
        assert (rows["MUG"].title, rows["MUG"].barcodes) == ("A mug", ("4006381333931",))
        assert rows["MUG"].properties == {"Colour": "blue"}
        assert [(part.sku, part.quantity) for part in rows["SET"].components] == [("BOX", 2), ("MUG", 2)]
        assert (await desk.item("MUG")).kits == ("SET",)


async def test_loading_the_same_again_changes_nothing(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        rows = [MUG, fields("BOX"), kit("SET", "MUG", "BOX")]
        await desk.save(*rows)
        before, texts = await desk.items(), await desk.shop.texts()
        await desk.shop.clock.advance(60)
        assert await desk.outcomes(*rows) == ["unchanged"] * 3
        assert await desk.items() == before
        assert await desk.shop.texts() == texts


async def test_a_change_touches_what_is_named_and_is_audited_once_with_old_and_new(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(MUG)
        change = fields("MUG", title="A cup", properties={"colour": "red", "Size": "L"})
        assert await desk.outcomes(change, mode="set") == ["changed"]
        row = (await desk.item("MUG")).row
        assert (row.title, row.barcodes) == ("A cup", ("4006381333931",))
        assert row.properties == {"Colour": "red", "Size": "L"}, "one property, however it is written"
        assert (await desk.told("MUG"))[-1] == (
            "item.changed ann: Item MUG changed: title: A mug → A cup; Colour: blue → red; Size: empty → L"
        )
        assert len(await desk.told("MUG")) == 2
        await desk.save(fields("MUG", barcodes=(), properties={"SIZE": ""}))
        row = (await desk.item("MUG")).row
        assert (row.barcodes, row.properties) == ((), {"Colour": "red"})


async def test_every_row_is_answered_and_a_bad_one_stops_nothing(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        bad = fields("CUP", title="x" * 501, barcodes=("4006381333930",), properties={"a=b": "c"})
        good, refused, last = await desk.save(fields("BOX"), bad, kit("SET", "BOX", "LID"))
        assert good.outcome == "created"
        assert [problem.key for problem in refused.problems] == ["title", "barcodes", "properties.a=b"]
        assert [problem.message for problem in last.problems] == ["LID is no item"]
        assert list(await desk.items()) == ["BOX"]


async def test_add_refuses_what_is_there_and_set_what_is_not(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(MUG)
        (there,) = await desk.save(MUG, mode="add")
        (unknown,) = await desk.save(fields("mug", title="x"), mode="set")
        assert (there.outcome, there.problems[0].key) == ("refused", "sku")
        assert (unknown.outcome, unknown.problems[0].nearest) == ("refused", "MUG")
        refusal = await desk.office.refused(ShowItem(sku="mug"))
        assert (refusal.code, refusal.hint) == ("unknown_item", "Did you mean MUG?")


async def test_a_kit_is_never_made_of_itself(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(fields("A"), kit("B", "A"), kit("C", "B"))
        (own,) = await desk.save(kit("A", "A"))
        (round_,) = await desk.save(kit("A", "C"))
        assert "itself" in own.problems[0].message
        assert round_.problems[0].message == "goes round in a circle: A → C → B → A"
        turned = [fields("B", components=()), kit("A", "C")]
        assert await desk.outcomes(*turned) == ["changed", "changed"], "a row sees what those before it did"


async def test_a_component_that_a_kit_needs_cannot_vanish(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(MUG, kit("SET", "MUG"))
        gone = delete(tables.items).where(tables.items.c.sku == "MUG")
        with pytest.raises(IntegrityError):
            await desk.shop.store.write(lambda unit: unit.connection.execute(gone).rowcount)
        assert "MUG" in await desk.items()


async def test_items_are_found_by_sku_title_and_barcode_a_page_at_a_time(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.save(MUG, *(fields(f"CUP-{number}") for number in range(5)))
        assert list(await desk.items("mug")) == list(await desk.items("13339")) == ["MUG"]
        assert list(await desk.items("a MU")) == ["MUG"]
        assert await desk.items("%") == {}
        seen: list[str] = []
        more, after = True, ""
        while more:
            page = await desk.office.ask(ListItems(after=after, limit=2), ItemList)
            seen += [row.sku for row in page.rows]
            more, after = page.more, seen[-1]
        assert seen == [*(f"CUP-{number}" for number in range(5)), "MUG"]


async def test_a_reader_changes_no_item(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        request = SaveItems(command_id="command-0", mode="add", rows=(MUG,))
        assert (await desk.office.refused(request, READER)).code == "not_permitted"


async def test_a_new_item_is_linked_to_listings_of_its_sku_and_open_orders_follow(tmp_path: Path) -> None:
    async with at_item_desk(tmp_path) as desk:
        await desk.shop.apply(order())
        await desk.appear("MUG", "mug")
        assert "unlinked" in (await desk.office.snapshot("orders"))["uk/026-1234567-1234567"].flags
        (answer,) = await desk.save(MUG)
        assert (answer.outcome, answer.linked) == ("created", 1)
        assert await desk.linked_items() == {"MUG": "MUG"}, "not the one that differs in capitals"
        assert "unlinked" not in (await desk.office.snapshot("orders"))["uk/026-1234567-1234567"].flags
