"""The columns of reports: by name in many languages, by place where that is known, and else not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.errors import UnreadableReport
from channeld.amazon.reports.columns import Columns, read_columns
from channeld.amazon.reports.types import ALL_LISTINGS, ORDERS_BY_UPDATE, REPORT_TYPES, report_type
from tests.support.reports import ENGLISH

OPEN = "GET_FLAT_FILE_OPEN_LISTINGS_DATA"
UNUSED = "Deprecated column"


def columns(*names: str, of: str = ALL_LISTINGS, charset: str = "utf-8") -> Columns:
    return read_columns("\t".join(names).encode(charset), charset, report_type(of))


def test_columns_are_told_by_name_in_any_order_and_case() -> None:
    found = columns("status", "PRICE ", " Seller-SKU", "\ufeffitem-name", "new-thing")
    assert found.places == {"status": 0, "price": 1, "seller-sku": 2, "item-name": 3}
    assert found.guessed == ()
    assert found.names == ("status", "PRICE", "Seller-SKU", "item-name", "new-thing")


GERMAN = (
    "Artikelbezeichnung",
    "Händler-SKU",
    "Preis",
    "Menge",
    "Erstellungsdatum",
    "Produkt-ID-Typ",
    "Artikelzustand",
    "ASIN 1",
    "Produkt-ID",
    "Versender",
    "Status",
)
FRENCH = (
    "nom-produit",
    "sku-vendeur",
    "prix",
    "quantité",
    "date-ouverture",
    "type-id-produit",
    "état-produit",
    "ASIN1",
    "id-produit",
    "canal-traitement",
    "état",
)
ITALIAN = (
    "Nome dell'articolo",
    "SKU venditore",
    "Prezzo",
    "Quantità",
    "Data di creazione",
    "Tipo di identificativo del prodotto",
    "Condizione dell'articolo",
    "ASIN1",
    "Identificativo del prodotto",
    "Canale di gestione",
    "stato",
)
SPANISH = (
    "Título del producto",
    "SKU del vendedor",
    "Precio",
    "Cantidad",
    "Fecha de creación",
    "Tipo de identificador de producto",
    "Estado del producto",
    "ASIN1",
    "Identificador del producto",
    "Canal de gestión logística",
    "estado",
)
JAPANESE = (
    "商品名",
    "出品者SKU",
    "価格",
    "数量",
    "出品日",
    "商品IDタイプ",
    "コンディション",
    "ASIN1",
    "商品ID",
    "フルフィルメント・チャンネル",
    "ステータス",
)
THESE = (
    "item-name",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "product-id-type",
    "item-condition",
    "asin1",
    "product-id",
    "fulfillment-channel",
    "status",
)


@pytest.mark.parametrize(
    ("names", "charset"),
    [
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (ITALIAN, "utf-8"),
        (SPANISH, "utf-8"),
        (JAPANESE, "cp932"),
        (JAPANESE, "utf-8"),
        (THESE, "cp1252"),
        (tuple(name.replace("fulfillment", "fulfilment") for name in THESE), "utf-8"),
    ],
    ids=["de", "fr", "it", "es", "jp shift-jis", "jp utf-8", "en", "gb"],
)
def test_names_of_other_languages_are_known(names: tuple[str, ...], charset: str) -> None:
    found = columns(*names, charset=charset)
    assert found.places == {name: place for place, name in enumerate(THESE)} and not found.guessed


@pytest.mark.parametrize(
    "names",
    [("H\ufffdndler-SKU", "Men ge"), ("HÃ¤ndler-SKU", "Menge"), ("Hndler-SKU", "Menge")],
    ids=["letter lost", "read in a wrong charset", "letter gone"],
)
def test_a_name_with_a_damaged_letter_is_known_by_the_others(names: tuple[str, ...]) -> None:
    assert columns(*names).places == {"seller-sku": 0, "quantity": 1}


def layout(**others: str) -> list[str]:
    """The first 27 names with some replaced, and what may come behind them."""
    changed = {name.replace("_", "-"): other for name, other in others.items()}
    return [changed.get(name, name) for name in ENGLISH[:27]]


def test_columns_that_went_out_of_use_keep_their_places() -> None:
    names = [UNUSED if name.startswith("zshop") or name == "image-url" else name for name in layout()]
    found = columns(
        *names, "optional-payment-type-exclusion", "merchant-shipping-group", "status", "Sell remainder"
    )
    plain = columns(*layout())
    assert {**plain.places, "merchant-shipping-group": 28, "status": 29} == found.places
    assert found.guessed == ("image-url",)


def test_in_chinese_the_later_of_two_columns_of_one_name_is_the_products_id() -> None:
    chinese = {"listing_id": "商品编码", "product_id": "商品编码", "seller_sku": "卖家 SKU", "price": "价格"}
    found = columns(*layout(**chinese), "卖家配送组", "状态")
    assert (found.places["listing-id"], found.places["product-id"]) == (2, 22)
    assert found.places["status"] == 28


def test_a_language_that_is_not_known_is_read_by_place() -> None:
    found = columns(*(f"kolumna {number}" for number in range(29)))
    assert found.places["seller-sku"] == 3 and found.places["fulfillment-channel"] == 26
    assert set(found.guessed) == set(found.places)
    assert "status" not in found.places, "what comes after the first 27 differs"


@pytest.mark.parametrize(
    ("names", "of"),
    [
        ([f"kolumna {number}" for number in range(26)], ALL_LISTINGS),
        ([f"kolumna {number}" for number in range(48)], ALL_LISTINGS),
        ([f"kolumna {number}" for number in range(29)], OPEN),
        (["price", *(f"kolumna {number}" for number in range(28))], ALL_LISTINGS),
        (["Kettle", "", "08X", "SKU-1", "19.99", *("" for _ in range(24))], ALL_LISTINGS),
        (["item-name", "price"], ALL_LISTINGS),
        (["sku", "asin"], ORDERS_BY_UPDATE),
        (['<?xml version="1.0"?>'], "GET_XML_RETURNS_DATA_BY_RETURN_DATE"),
        (['{"a": 1}'], ALL_LISTINGS),
        ([""], ALL_LISTINGS),
    ],
    ids=[
        "too narrow",
        "too wide",
        "a type without places",
        "a known name elsewhere",
        "no header at all",
        "no SKU",
        "no order id",
        "xml",
        "json",
        "blank",
    ],
)
def test_a_report_whose_lines_mean_nothing_is_refused_with_what_to_do(names: list[str], of: str) -> None:
    with pytest.raises(UnreadableReport) as refused:
        columns(*names, of=of)
    assert "Order it again".lower() in refused.value.hint.lower() and refused.value.reason


def test_of_other_types_the_columns_are_named_and_skus_found_if_there_are_any() -> None:
    stock = columns(
        "seller-sku", "fulfillment-channel-sku", "Quantity Available", of="GET_AFN_INVENTORY_DATA"
    )
    assert stock.names[2] == "Quantity Available"
    assert stock.sku_of(b"A-1\tX000\t3") == "A-1"
    other = columns("fnsku", "Quantity", of="GET_SOMETHING_NEW")
    assert other.names == ("fnsku", "Quantity") and other.sku_of(b"X000\t3") == ""


def test_a_table_that_is_quoted_is_read_without_the_quotes() -> None:
    quoted = columns('"price"', ' "seller-sku"', '"item-name"')
    assert quoted.names == ("price", "seller-sku", "item-name")
    line = b'"1.00"\t"A-1"\t"the ""big"" one"'
    assert quoted.sku_of(line) == "A-1"
    assert quoted.cells_of(line) == (["1.00", "A-1", 'the "big" one'], 0)
    assert quoted.cells_of(b'1.00\tA-1\t12"') == (["1.00", "A-1", '12"'], 0)
    assert columns("price", "seller-sku").sku_of(b'1\t"A"') == '"A"', "such SKUs there may be"


def test_a_table_that_is_quoted_in_part_is_refused() -> None:
    with pytest.raises(UnreadableReport) as refused:
        columns("price", '"seller-sku"')
    assert "quoted" in refused.value.message and refused.value.hint


def test_skus_are_read_without_what_surrounds_them() -> None:
    found = columns("price", "seller-sku", charset="cp1252")
    assert found.sku_of(b"1\t Gr\xf6\xdfe-\xe9\xa0 \tx") == "Größe-é"
    assert found.sku_of(b"1\t\0\0") == "" and found.sku_of(b"1") == ""


def test_a_line_has_the_same_fingerprint_only_under_the_same_header_and_charset() -> None:
    row, names = b"A\t1\t2", ("seller-sku", "price", "quantity")
    mark = columns(*names).fingerprint(row)
    assert mark == columns(*names).fingerprint(row) and -(2**63) <= mark < 2**63
    others = (
        columns(*names).fingerprint(b"A\t1\t3"),
        columns("seller-sku", "quantity", "price").fingerprint(row),
        columns(*names, charset="cp1252").fingerprint(row),
    )
    assert mark not in others
    assert any(columns(*names).fingerprint(str(n).encode()) < 0 for n in range(50)), (
        "signed, as SQLite has it"
    )


@settings(deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from(ENGLISH), max_size=40).map(lambda n: "\t".join(n).encode()),
    st.sampled_from(["utf-8", "cp1252", "cp932", "gb18030"]),
    st.sampled_from([*REPORT_TYPES, "GET_SOMETHING_NEW"]),
    st.binary(max_size=100),
)
def test_no_header_and_no_line_ends_in_another_error(
    header: bytes, charset: str, of: str, row: bytes
) -> None:
    try:
        found = read_columns(header, charset, report_type(of))
    except UnreadableReport as refused:
        assert refused.hint
    else:
        found.sku_of(row)
        cells, lost = found.cells_of(row)
        assert len(cells) == row.count(b"\t") + 1 and lost >= 0
        assert found.width <= len(found.names)
