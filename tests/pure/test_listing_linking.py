"""What speaks for an item, in which order; and what of a listing an item is made of."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.barcode import is_gtin, is_isbn10, product_code, same_barcode, spellings
from channeld.domain.item import Item, changed
from channeld.domain.listing.details import ListingDetails
from channeld.domain.listing.extracting import item_of
from channeld.domain.listing.item import ItemRelationship
from channeld.domain.listing.linking import (
    LikelyItem,
    LikelyItems,
    ListingFacts,
    folded,
    suggest,
    title_key,
)
from channeld.store.listing_details import Stored

EAN = "4006381333931"
UPC = "036000291452"


def check_digit(digits: str) -> str:
    """Of a GTIN, reckoned from the right as its standard has it."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str((10 - total % 10) % 10)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)))
def test_a_code_is_one_with_the_right_check_digit_only(start: str) -> None:
    right = check_digit(start)
    assert is_gtin(start + right) == bool(start.strip("0") or right != "0")
    assert not any(is_gtin(start + wrong) for wrong in "0123456789" if wrong != right)


@pytest.mark.parametrize("code", [UPC, f"0{UPC}", f"00{UPC}"])
def test_leading_zeros_make_no_other_code(code: str) -> None:
    assert is_gtin(code)
    assert same_barcode(code) == same_barcode(UPC)
    assert {UPC, f"0{UPC}", f"00{UPC}"} <= set(spellings(code))


def test_an_isbn_of_ten_digits_is_the_one_of_thirteen() -> None:
    assert is_isbn10("080442957X")
    assert not is_isbn10("0804429570")
    assert same_barcode("080442957X") == same_barcode("9780804429573")
    assert "080442957X" in spellings("9780804429573")
    assert "9780804429573" in spellings("080442957X")


@settings(max_examples=50, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12))
def test_every_spelling_of_a_code_is_the_same_code(start: str) -> None:
    code = start + check_digit(start)
    if is_gtin(code):
        assert {same_barcode(each) for each in spellings(code)} == {same_barcode(code)}


PRODUCT_IDS = [
    (EAN, "4", EAN),
    (EAN, "EAN", EAN),
    (f" {UPC} ", "3", UPC),
    ("0-8044-2957-X", "2", "080442957X"),
    ("B000TEST12", "1", ""),
    ("080442957X", "ASIN", ""),
    ("4006381333930", "4", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("product_id", "kind", "barcode"), PRODUCT_IDS)
def test_a_product_id_is_a_barcode_when_it_is_one(product_id: str, kind: str, barcode: str) -> None:
    assert product_code(product_id, kind) == barcode


def test_titles_of_the_same_words_are_alike() -> None:
    assert title_key("Blue Mug, 300 ml") == title_key("mug (300 ML) - blue!") != title_key("Blue Mug, 400 ml")
    assert title_key(" – ") == ""


LISTING = ListingFacts(sku="mug", asin="B1", title="Blue mug", product_id=UPC, product_id_type="3")


def found(*items: str) -> list[LikelyItem]:
    return [LikelyItem(item, f"Title of {item}") for item in items]


def test_the_likeliest_comes_first_and_an_item_once() -> None:
    candidates = LikelyItems(
        skus={folded("MUG"): found("MUG")},
        barcodes={same_barcode(UPC): found("CODE", "MUG")},
        asins={"B1": found("ASIN")},
        titles={title_key("mug blue"): found("TITLE", "CODE")},
    )
    told = [(each.item, each.why) for each in suggest(LISTING, candidates)]
    assert told == [("MUG", "sku"), ("CODE", "barcode"), ("ASIN", "asin"), ("TITLE", "title")]
    assert suggest(LISTING, candidates)[0].title == "Title of MUG"


def test_what_a_listing_does_not_have_speaks_for_nothing() -> None:
    everything = LikelyItems(barcodes={"": found("A")}, asins={"": found("A")}, titles={"": found("A")})
    assert suggest(ListingFacts(sku="x"), everything) == ()
    many = LikelyItems(titles={title_key("Blue mug"): found(*"ABCDEFGH")})
    assert [each.item for each in suggest(LISTING, many)] == list("ABCDE")


def read(**details: Any) -> Stored:
    return Stored(
        datetime(2026, 11, 22, tzinfo=UTC), "MUGS", "Line one\r\nLine two\x00", ListingDetails(**details)
    )


def test_an_item_gets_what_the_listing_shows() -> None:
    attributes = b'{"brand":[{"value":"Potter","marketplace_id":"A1"}],"other":[1]}'
    parents = (
        ItemRelationship(kind="VARIATION", parent_skus=("MUGS-ALL",)),
        ItemRelationship(kind="PACKAGE_HIERARCHY", parent_skus=("PALLET",)),
    )
    full = read(
        images=("https://a/1", "https://a/2"), relationships=parents, attributes=msgspec.Raw(attributes)
    )
    wish = item_of(LISTING, full)
    assert (wish.sku, wish.title, wish.barcodes) == ("mug", "Blue mug", (UPC,))
    assert wish.properties == {
        "brand": "Potter",
        "description": "Line one\nLine two",
        "images": "https://a/1\nhttps://a/2",
        "product type": "MUGS",
        "variation parent": "MUGS-ALL",
    }
    assert item_of(LISTING, None).properties == {}


@pytest.mark.parametrize("attributes", [b"[]", b'{"brand":3}', b'{"brand":[{"value":3}]}', b'{"brand":[]}'])
def test_attributes_that_are_not_as_documented_have_no_brand(attributes: bytes) -> None:
    assert "brand" not in item_of(LISTING, read(attributes=msgspec.Raw(attributes))).properties


@settings(max_examples=50, deadline=None)
@given(title=st.text(max_size=700), description=st.text(max_size=200), url=st.text(max_size=50))
def test_whatever_amazon_shows_makes_an_item(title: str, description: str, url: str) -> None:
    listing = ListingFacts(sku="MUG", title=title, product_id="12345", product_id_type="4")
    full = Stored(
        datetime(2026, 11, 22, tzinfo=UTC), "MUG", description * 100, ListingDetails(images=(url,) * 500)
    )
    assert isinstance(changed(None, item_of(listing, full)), Item)
