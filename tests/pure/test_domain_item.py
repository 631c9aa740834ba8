"""What an item may be: every problem is named, and no kit is made of itself."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.item import Item, Part, Wish, changed, differences
from channeld.domain.kit import circle

EAN = "4006381333931"


def keys(**wish: Any) -> list[str]:
    """The fields that are wrong."""
    facts: dict[str, Any] = {"sku": "MUG"} | wish
    result = changed(None, Wish(**facts))
    return [problem.key for problem in result] if isinstance(result, list) else []


FINE: dict[str, dict[str, Any]] = {
    "the longest": {"sku": "x" * 255, "title": "y" * 500},
    "other scripts": {"sku": "Tasse-ß-青", "title": "Tasse 👩‍🚀 青"},
    "codes with check digits": {"barcodes": (EAN, "036000291452", "96385074", "080442957X")},
    "codes of a shop's own": {"barcodes": ("123456", "SHELF-7/b", "1" * 20)},
    "lines in a property": {"properties": {"Care": "Wash\nby\thand"}},
    "a kit": {"components": (Part(sku="CUP", quantity=2),)},
}
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no sku": ({"sku": ""}, ["sku"]),
    "too long a sku": ({"sku": "x" * 256}, ["sku"]),
    "a blank at its end": ({"sku": "MUG "}, ["sku"]),
    "what cannot be seen": ({"sku": "MUG\u200b"}, ["sku"]),
    "a line break": ({"sku": "MUG\nCUP"}, ["sku"]),
    "too long a title": ({"title": "x" * 501}, ["title"]),
    "what steers a terminal": ({"title": "\x1b[2J"}, ["title"]),
    "a slip of the pen": ({"barcodes": ("4006381333930",)}, ["barcodes"]),
    "lost zeros": ({"barcodes": ("36000291452",)}, ["barcodes"]),
    "a barcode with a blank": ({"barcodes": ("A B",)}, ["barcodes"]),
    "too many barcodes": ({"barcodes": tuple(f"A{number}" for number in range(51))}, ["barcodes"]),
    "a property without a name": ({"properties": {"": "x"}}, ["properties."]),
    "an equals sign in a name": ({"properties": {"a=b": "x"}}, ["properties.a=b"]),
    "a name twice": ({"properties": {"Size": "L", "SIZE": "M"}}, ["properties.Size", "properties.SIZE"]),
    "too long a value": ({"properties": {"a": "x" * 10_001}}, ["properties.a"]),
    "itself": ({"components": (Part(sku="MUG", quantity=1),)}, ["components"]),
    "none of it": ({"components": (Part(sku="CUP", quantity=0),)}, ["components"]),
    "a component twice": (
        {"components": (Part(sku="CUP", quantity=1), Part(sku="CUP", quantity=2))},
        ["components"],
    ),
    "no sku of a component": ({"components": (Part(sku="", quantity=1),)}, ["components"]),
    "all at once": ({"sku": " ", "title": "x" * 501, "barcodes": ("A B",)}, ["sku", "title", "barcodes"]),
}


@pytest.mark.parametrize("wish", FINE.values(), ids=FINE)
def test_what_an_item_may_be(wish: dict[str, Any]) -> None:
    assert keys(**wish) == []


@pytest.mark.parametrize(("wish", "wrong"), WRONG.values(), ids=WRONG)
def test_everything_that_is_wrong_is_named(wish: dict[str, Any], wrong: list[str]) -> None:
    assert keys(**wish) == wrong


def test_how_a_thing_is_written_makes_no_other_item() -> None:
    one = changed(
        None, Wish(sku="A", title=" A  mug\n", barcodes=("036000291452",), properties={"Care": "a\r\nb "})
    )
    assert isinstance(one, Item)
    again = Wish(
        sku="A", title="A mug", barcodes=("036000291452", "0036000291452"), properties={"CARE": "a\nb"}
    )
    assert changed(one, again) == one
    parts = (Part(sku="C", quantity=1), Part(sku="B", quantity=1))
    kits = [changed(one, Wish(sku="A", components=each)) for each in (parts, parts[::-1])]
    assert kits[0] == kits[1]


def test_the_audit_trail_gets_old_and_new_in_a_line() -> None:
    old = Item(sku="A", title="One", properties={"Care": "x" * 100, "Size": "L"})
    new = Item(sku="A", title="Two", properties={"Size": "L"}, components=(Part(sku="B", quantity=2),))
    assert differences(old, new) == [
        "title: One → Two",
        "components: empty → 2 × B",
        f"Care: {'x' * 60}… → empty",
    ]


SKUS = "ABCDEF"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SKUS), st.sets(st.sampled_from(SKUS), max_size=3)), max_size=30))
def test_whatever_is_done_in_whatever_order_no_kit_is_made_of_itself(
    acts: list[tuple[str, set[str]]],
) -> None:
    made_of: dict[str, set[str]] = {}
    for kit, parts in acts:
        way = circle(kit, parts, made_of)
        if way:
            assert way[0] == way[-1] == kit
            steps = pairwise(way[1:])
            assert way[1] in parts
            assert all(below in made_of[above] for above, below in steps)
        else:
            made_of[kit] = parts
        assert not any(kit in below(each, made_of) for kit, some in made_of.items() for each in some)


def below(sku: str, made_of: dict[str, set[str]]) -> set[str]:
    """What an item is made of, itself included; ends only where there is no circle."""
    found = {sku}
    while more := {part for each in found for part in made_of.get(each, ())} - found:
        found |= more
    return found
