"""Items as files: what was written is read back as it was, and whatever is wrong is answered row by row."""

import io
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from channel_protocol.errors import ClientError
from channel_protocol.items import Component, ItemFields, ItemRow
from channelctl.item_csv.components import components, written
from channelctl.item_csv.reading import Read, read_csv, read_lines
from channelctl.item_csv.writing import write_csv, write_lines
from channelctl.order_csv.cells import SHORTENED
from channeld.domain.item import Item, Part, Wish, changed

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def row(item: Item) -> ItemRow:
    """As the daemon shows it."""
    return ItemRow(
        version=3,
        sku=item.sku,
        title=item.title,
        barcodes=item.barcodes,
        properties=dict(item.properties),
        components=tuple(Component(sku=part.sku, quantity=part.quantity) for part in item.components),
        listings=1,
        created_at=NOON,
        changed_at=NOON,
    )


def wish(fields: ItemFields) -> Wish:
    """What the daemon takes it for."""
    parts = fields.components
    return Wish(
        sku=fields.sku,
        title=fields.title,
        barcodes=fields.barcodes,
        properties=fields.properties,
        components=None if parts is None else tuple(Part(sku=p.sku, quantity=p.quantity) for p in parts),
    )


SEEN = "=+-@'\",;:|A1bß青＝ "
WILD = st.text(f"{SEEN}\t\n\r\ufeff\u200b\u2028", max_size=8)
SKU = st.text(SEEN, max_size=6).map(lambda text: text.strip() or "A")
NAME = SKU.map(lambda text: text.replace("=", "-"))
BARCODE = SKU.map(lambda text: text.replace(" ", ""))


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Whatever the book would take."""
    parts = draw(st.dictionaries(SKU.map("{}*".format), st.integers(1, 999), max_size=3))
    drawn = changed(
        None,
        Wish(
            sku=draw(SKU),
            title=draw(WILD),
            barcodes=tuple(draw(st.lists(BARCODE, max_size=2))),
            properties={"x": "", **draw(st.dictionaries(NAME, WILD, max_size=3))},
            components=tuple(Part(sku=sku, quantity=quantity) for sku, quantity in parts.items()),
        ),
    )
    assume(isinstance(drawn, Item))
    assert isinstance(drawn, Item)
    assume(not any(SHORTENED.fullmatch(text) for text in (drawn.sku, *drawn.barcodes)))
    return drawn


def read_back(read: Read) -> list[Item]:
    """As items that did not exist before."""
    assert read.refused == []
    found = [changed(None, wish(each.fields)) for each in read.rows]
    assert all(isinstance(each, Item) for each in found)
    return sorted((each for each in found if isinstance(each, Item)), key=lambda each: each.sku)


@settings(max_examples=50, deadline=None)
@given(st.lists(items(), max_size=4, unique_by=lambda each: each.sku))
def test_a_csv_is_read_back_as_it_was_written(some: list[Item]) -> None:
    text = io.StringIO(newline="")
    write_csv(text, map(row, some))
    back = read_csv(text.getvalue().replace("\r\n", "\n"))
    assert read_back(back) == sorted(some, key=lambda each: each.sku)
    for each in back.rows:
        before = next(item for item in some if item.sku == each.fields.sku)
        assert changed(before, wish(each.fields)) == before, "and changes nothing where it came from"


@settings(max_examples=50, deadline=None)
@given(st.lists(items(), max_size=4, unique_by=lambda each: each.sku))
def test_lines_are_read_back_as_they_were_written(some: list[Item]) -> None:
    text = io.StringIO()
    assert write_lines(text, map(row, some)) == len(some)
    assert read_back(read_lines(text.getvalue())) == sorted(some, key=lambda each: each.sku)


@settings(max_examples=50, deadline=None)
@given(st.lists(items(), min_size=1, max_size=3))
def test_no_cell_begins_like_a_formula(some: list[Item]) -> None:
    import csv

    text = io.StringIO(newline="")
    write_csv(text, map(row, some))
    cells = [cell for line in csv.reader(io.StringIO(text.getvalue(), newline="")) for cell in line]
    assert not [cell for cell in cells if cell[:1] in tuple("=@\t\r") and cell]


PARTS = {
    "": (),
    "CUP=2": (("CUP", 2),),
    "CUP=2, MUG=01": (("CUP", 2), ("MUG", 1)),
    '"CUP,BLUE=2",MUG=1': (("CUP,BLUE", 2), ("MUG", 1)),
    "A=1=2": (("A=1", 2),),
}


@pytest.mark.parametrize(("cell", "parts"), PARTS.items())
def test_components_of_a_cell(cell: str, parts: tuple[tuple[str, int], ...]) -> None:
    assert tuple((part.sku, part.quantity) for part in components(cell)) == parts
    assert components(written(components(cell))) == components(cell)


@pytest.mark.parametrize("cell", ["CUP", "CUP=", "=2", "CUP=0", "CUP=1.5", "CUP=-1", 'C"UP=1,"'])
def test_components_that_are_none(cell: str) -> None:
    with pytest.raises(ValueError, match=r"must be|quotation"):
        components(cell)


def test_a_column_that_is_not_there_leaves_the_field_alone_and_an_empty_cell_clears_it() -> None:
    (only,) = read_csv("sku\nA\n").rows
    assert only.fields == ItemFields(sku="A")
    (cleared,) = read_csv("sku;title;barcodes;components;Property: Size\nA;;;;\n").rows
    assert cleared.fields == ItemFields(
        sku="A", title="", barcodes=(), components=(), properties={"Size": ""}
    )


def test_properties_keep_the_capitals_of_their_names() -> None:
    read = read_csv("sku,PROPERTY:Colour,property:colour\nA,red,\nB,,blue\n")
    assert [each.fields.properties for each in read.rows] == [{"Colour": "red"}, {"colour": "blue"}]


def test_components_come_before_their_kits_whatever_their_order() -> None:
    text = "sku,components\nSET,MUG=1\nBIG,SET=2\nMUG,\n"
    assert [each.fields.sku for each in read_csv(text).rows] == ["MUG", "SET", "BIG"]


def test_a_circle_of_kits_keeps_no_other_kit_from_its_components() -> None:
    text = 'sku,components\nBIG,SET=1\nSET,MUG=1\nA,"B=1,CUP=1"\nB,A=1\nC,C=1\nLAST,A=1\nMUG,\nCUP,\n'
    turns = [each.fields.sku for each in read_csv(text).rows]
    assert sorted(turns) == ["A", "B", "BIG", "C", "CUP", "LAST", "MUG", "SET"], (
        "the daemon refuses what is wrong"
    )
    for part, kit in (("MUG", "SET"), ("SET", "BIG"), ("CUP", "A"), ("A", "LAST"), ("B", "LAST")):
        assert turns.index(part) < turns.index(kit)


BAD = {
    "no sku": ("sku,title\n,A mug\n", "sku is missing"),
    "a shortened barcode": ("sku,barcodes\nMUG,4.00638E+12\n", "barcodes was shortened"),
    "no quantity": ("sku,components\nMUG,CUP\n", "components must be written"),
    "too many cells": ("sku,title\nMUG,a,b\n", "3 cells"),
}


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD)
def test_a_row_that_cannot_be_read_is_answered(text: str, why: str) -> None:
    read = read_csv(f"{text}POT\n" if text.startswith("sku\n") else text)
    (refused,) = read.refused
    assert (refused.row, refused.outcome, refused.code) == (2, "refused", "invalid_row")
    assert why in refused.message


def test_of_two_rows_of_one_sku_the_first_is_done() -> None:
    read = read_csv("sku,title\nA,One\nB,x\nA,Two\n")
    assert [each.row for each in read.rows] == [2, 3]
    assert [(each.row, each.message) for each in read.refused] == [
        (4, "Row 2 has the same SKU: keep one of them.")
    ]


LINES = {
    "no JSON": ("{", "not JSON"),
    "a number for a text": ('{"sku": "A", "barcodes": [1]}', "barcodes[0]: Expected `str`"),
    "an unknown field": ('{"sku": "A", "titel": "x"}', "unknown field `titel`"),
    "no sku": ('{"title": "x"}', "`sku`"),
}


@pytest.mark.parametrize(("line", "why"), LINES.values(), ids=LINES)
def test_a_line_that_cannot_be_read_is_answered(line: str, why: str) -> None:
    read = read_lines(f'{line}\n\n{{"sku": "B", "properties": {{"Size": null}}}}\n')
    (refused,) = read.refused
    assert why in refused.message
    assert [(each.row, each.fields.properties) for each in read.rows] == [(3, {"Size": ""})]


def test_a_file_with_other_columns_is_refused_as_a_whole() -> None:
    with pytest.raises(ClientError) as error:
        read_csv("sku,titel,property:\nA,x,y\n")
    assert [(each.key, each.nearest) for each in error.value.problems] == [
        ("titel", "title"),
        ("property:", None),
    ]
    assert "property:NAME" in error.value.message


def test_what_an_export_has_for_reading_only_is_passed_over() -> None:
    line = msgspec.json.encode({"sku": "A", "listings": 3, "created_at": "2026-03-01T12:00:00Z"}).decode()
    assert [each.fields for each in read_lines(line).rows] == [ItemFields(sku="A")]
