"""Money movements in Amazon's finances, and what of them proves a refund (reference 13)."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.finances import Transaction, TransactionItem, read_transactions
from channeld.domain.ledger.effects import Component

Json = dict[str, Any]


def paid(amount: Any, currency: str = "GBP") -> Json:
    return {"currencyCode": currency, "currencyAmount": amount}


def part(kind: str, amount: Any, *parts: Json) -> Json:
    return {"breakdownType": kind, "breakdownAmount": paid(amount), "breakdowns": list(parts)}


def item(*parts: Json, total: Any = -12.0, sku: str = "SKU-1") -> Json:
    context = {"contextType": "ProductContext", "asin": "B00TEST001", "sku": sku, "quantityShipped": 1}
    return {
        "description": "Thing",
        "totalAmount": paid(total),
        "breakdowns": list(parts),
        "contexts": [{"contextType": "AmazonPayContext", "storeName": "x"}, context],
    }


def transaction(*items: Json, **more: Any) -> Json:
    return {
        "transactionId": "T1",
        "transactionType": "Refund",
        "transactionStatus": "RELEASED",
        "postedDate": "2026-11-22T10:00:00Z",
        "totalAmount": paid(-12.0),
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "203-1111111-2222222"},
            {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "R1"},
        ],
        "items": list(items),
        "breakdowns": {"unlike": "the model"},
    } | more


def page(*transactions: Any, **more: Any) -> bytes:
    return json.dumps({"payload": {"transactions": list(transactions)} | more}).encode()


def only(*items: Json, **more: Any) -> Transaction:
    read = read_transactions(page(transaction(*items, **more)))
    assert read.unreadable == 0
    return read.transactions[0]


def test_a_refund_is_positive_and_in_minor_units() -> None:
    assert only(item(part("ProductCharges", -10.0), part("Tax", -2.0))) == Transaction(
        transaction_id="T1",
        kind="Refund",
        status="RELEASED",
        order_id="203-1111111-2222222",
        posted_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        currency="GBP",
        items=(
            TransactionItem(
                sku="SKU-1",
                currency="GBP",
                minor=1200,
                components=(Component("ProductCharges", 1000), Component("Tax", 200)),
            ),
        ),
    )


def test_what_amazon_gives_back_of_its_fees_is_not_the_buyers() -> None:
    fees = part("AmazonFees", 1.25, part("Commission", 1.5), part("Refund", -0.25))
    goods = part("Sales", -12.0, part("Product Charges", -10.0, part("Principle", -10.0)), part("Tax", -2.0))
    (read,) = only(item(goods, fees, total=-10.75)).items
    assert read.minor == 1200
    assert read.components == (Component("Principle", 1000), Component("Tax", 200))


def test_an_item_without_breakdowns_counts_as_a_whole() -> None:
    (read,) = only(item(total=-7.5)).items
    assert (read.minor, read.components) == (750, ())


def test_lines_of_the_same_product_are_added_up() -> None:
    read = only(item(part("Tax", -1)), item(part("Tax", -2)), item(part("Tax", -4), sku="SKU-2")).items
    assert [(each.sku, each.minor) for each in read] == [("SKU-1", 300), ("SKU-2", 400)]


def test_what_is_no_refund_keeps_its_sign() -> None:
    read = only(item(part("ProductCharges", 10.0), total=10.0), transactionType="Shipment")
    assert (read.kind, read.items[0].minor) == ("Shipment", 1000)


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("-12.34", "GBP", 1234),
        ("-12", "GBP", 1200),
        ("-12.340000000000002", "GBP", 1234),
        ("-1.234E+1", "GBP", 1234),
        ("-0.29999999999999999", "GBP", 30),
        ('"-12.34"', "GBP", 1234),
        ("-1980.0", "JPY", 1980),
        ("0", "GBP", 0),
    ],
)
def test_amounts_are_read_as_they_were_written(written: str, currency: str, minor: int) -> None:
    body = page(transaction({"totalAmount": paid("@", currency)}, totalAmount=paid(0, currency)))
    (read,) = read_transactions(body.replace(b'"@"', written.encode())).transactions
    assert (read.items[0].minor, read.items[0].currency) == (minor, currency)


@settings(deadline=None)
@given(st.integers(-(10**13), 10**13))
def test_binary_floats_do_not_lose_a_cent(minor: int) -> None:
    amount = float(Decimal(minor).scaleb(-2))
    assert only(item(total=amount)).items[0].minor == -minor


@pytest.mark.parametrize(
    "damaged",
    [
        "text",
        {},
        transaction(postedDate=None),
        transaction(postedDate="2026-11-22"),
        transaction(transactionId=None, relatedIdentifiers=[]),
        transaction(transactionType=None),
        transaction({"description": "no amount"}),
        transaction(item(total=-1.005)),
        transaction(item(total=None)),
        transaction(item(total="1,00")),
        transaction(item(total=1e300)),
        transaction(item(part("Tax", -1) | {"breakdownAmount": paid(-1, "EUR")})),
        transaction({"totalAmount": paid(-1, "gbp")}),
    ],
)
def test_one_that_proves_nothing_is_counted_and_left_out(damaged: Any) -> None:
    read = read_transactions(page(damaged, transaction(item(), transactionId="T2")))
    assert [each.transaction_id for each in read.transactions] == ["T2"]
    assert read.unreadable == 1


def test_what_may_be_missing() -> None:
    bare = {
        "transactionType": "Refund",
        "postedDate": "2026-11-22T10:00:00Z",
        "relatedIdentifiers": [
            {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "R1"},
            {"relatedIdentifierName": None},
        ],
        "items": [{"totalAmount": paid(-1), "contexts": [{"sku": 4711}], "breakdowns": None}],
    }
    (read,) = read_transactions(page(bare)).transactions
    assert (read.transaction_id, read.status, read.order_id, read.currency) == ("R1", "", "", "GBP")
    assert read.items[0].sku == "4711"
    (model,) = read_transactions(page(transaction(items=None, transactionStatus="Released"))).transactions
    assert (model.items, model.status) == ((), "RELEASED")


def test_an_empty_page_may_have_a_next_one() -> None:
    read = read_transactions(page(nextToken="t"))
    assert (read.transactions, read.next_token) == ((), "t")
    assert read_transactions(b'{"payload": {"nextToken": null}}').next_token == ""


@pytest.mark.parametrize("body", [b"", b"{}", b'{"payload": null}', b"[]", b"<html>"])
def test_an_answer_that_is_none_is_never_taken_for_no_transactions(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_transactions(body)


def test_breakdowns_without_end_are_left_out() -> None:
    deep = part("Tax", -1)
    for _ in range(50):
        deep = part("Tax", -1, deep)
    assert read_transactions(page(transaction(item(deep)))).unreadable == 1


def test_money_that_was_held_back_and_its_release_name_each_other() -> None:
    def naming(name: str, other: str) -> list[Json]:
        return [{"relatedIdentifierName": name, "relatedIdentifierValue": other}]

    release = only(item(), relatedIdentifiers=naming("DEFERRED_TRANSACTION_ID", "T0"))
    assert (release.released_from, release.released_as) == ("T0", "")
    held_back = only(item(), relatedIdentifiers=naming("RELEASE_TRANSACTION_ID", "T2"))
    assert (held_back.released_from, held_back.released_as) == ("", "T2")
