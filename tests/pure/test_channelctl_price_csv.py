"""A file of prices: each row a wish or an answer that says what is wrong with it."""

import pytest

from channel_protocol.errors import ClientError
from channel_protocol.prices import PriceWanted
from channelctl.price_csv.reading import read_prices


def test_rows_are_wishes_and_what_is_none_is_answered() -> None:
    lines, refused = read_prices(
        "SKU;Price;Min Price;Max Price;Currency\n"
        "MUG;12.50;none;20;GBP\n"
        "POT;;5;;\n"
        "MUG;13;;;\n"
        ";13;;;\n"
        "JUG;;;;\n"
        "1.5E+10;13;;;\n"
        "CUP;13\n"
    )

    assert [(line.row, line.wanted) for line in lines] == [
        (2, PriceWanted(sku="MUG", price="12.50", min_price="", max_price="20", currency="GBP")),
        (3, PriceWanted(sku="POT", min_price="5")),
    ]
    assert [(each.row, each.message) for each in refused] == [
        (4, "Row 2 has the same SKU: keep one of them."),
        (5, "sku is missing."),
        (6, "price is missing."),
        (7, "sku was shortened by a spreadsheet: format the column as text and enter it anew."),
        (8, "It has 2 cells, the first row of the file has 5."),
    ]


def test_a_file_with_other_columns_is_refused_whole() -> None:
    with pytest.raises(ClientError) as refusal:
        read_prices("sku,cost\nMUG,1\n")
    assert [each.key for each in refusal.value.problems] == ["cost"]
