"""Reading Amazon's orders: money, units, windows, parcels (Amazon's reference 4.2, 4.4)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from channeld.amazon.orders import read_order
from channeld.domain.order import Amounts, Window
from tests.support.amazon_orders import item, money, order, part, raw


def test_price_shipping_and_tax_of_a_british_line_with_their_details() -> None:
    parts = (
        part("ITEM", "89.97"),
        part("SHIPPING", "10.00"),
        part("TAX", "4.00", ITEM="3.00", SHIPPING="1.00"),
    )
    read = read_order(raw(order(item(1, 3, "103.97", *parts), proceeds={"grandTotal": money("103.97")})))
    assert (read.currency, read.grand_total) == ("GBP", 10397)
    assert read.lines[0].amounts == Amounts(
        item=8997, shipping=1000, tax=400, tax_item=300, tax_shipping=100, total=10397
    )


def test_american_facilitator_tax_tip_and_grand_total() -> None:
    line = item(1, 2, "100.00", part("ITEM", "99.98", "USD"), part("TAX", "0.02", "USD", ITEM="0.02"))
    line["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Somebody"}]}
    tip = part("DELIVERY_TIP", "5.00", "USD") | {"status": "FINALIZED"}
    proceeds = {"grandTotal": money("105.00", "USD"), "breakdowns": [part("ITEM", "99.98", "USD"), tip]}
    read = read_order(raw(order(line, proceeds=proceeds)))
    assert read.lines[0].facilitator
    assert (read.grand_total, read.delivery_tip) == (10500, 500)


@pytest.mark.parametrize("scheme", ["IOSS", "UOSS"])
def test_a_deemed_reseller_scheme_counts_as_facilitator_tax(scheme: str) -> None:
    line = item() | {"tax": {"taxCalculationBreakdowns": [{"reportingScheme": scheme}]}}
    assert read_order(raw(order(line))).lines[0].facilitator


def test_yen_have_no_minor_units() -> None:
    read = read_order(raw(order(item(1, 1, "5980", part("ITEM", "5980", "JPY")))))
    assert read.lines[0].amounts == Amounts(item=5980, total=5980)


@pytest.mark.parametrize("sign", ["", "-"])
def test_discounts_are_positive_however_amazon_signs_them(sign: str) -> None:
    parts = (
        part("ITEM", "20.00"),
        part("SHIPPING", "3.00"),
        part("DISCOUNT", f"{sign}5.00", ITEM=f"{sign}2.00", SHIPPING=f"{sign}3.00"),
        part("TAX", "2.50", ITEM="3.33", DISCOUNT=f"{sign}0.83"),
    )
    amounts = read_order(raw(order(item(1, 1, "18.00", *parts)))).lines[0].amounts
    assert amounts is not None
    assert (amounts.discount, amounts.discount_shipping, amounts.tax_discount) == (500, 300, 83)
    assert (amounts.tax, amounts.tax_item) == (250, 333)


def test_breakdowns_of_one_type_are_summed_and_unknown_types_go_to_other() -> None:
    parts = (
        part("ITEM", "1.00"),
        part("ITEM", "2.50"),
        part("GIFT_WRAP", "0.50"),
        part("COD_FEE", "0.75"),
        part("OTHER", "0.10"),
        part("ROBOT_FEE", "0.20"),
        part("TAX", "0.40", ROBOT_FEE="0.10", OTHER="0.30"),
    )
    assert read_order(raw(order(item(1, 1, "5.45", *parts)))).lines[0].amounts == Amounts(
        item=350, gift_wrap=50, cod_fee=75, other=30, tax=40, tax_other=40, total=545
    )


def test_a_line_with_a_total_alone_is_the_price_of_the_goods() -> None:
    assert read_order(raw(order(item(1, 1, "7.00")))).lines[0].amounts == Amounts(item=700, total=700)


def test_a_pending_order_shows_no_money_and_keeps_its_units_open() -> None:
    bare = {"orderItemId": "1", "quantityOrdered": 3, "product": {"asin": "B0", "sellerSku": "A"}}
    fulfillment = {"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"}
    read = read_order(raw(order(bare, fulfillment=fulfillment)))
    assert (read.currency, read.grand_total, read.payment_methods) == ("", None, ())
    assert read.lines[0].amounts is None
    assert (read.lines[0].fulfilled, read.lines[0].unfulfilled) == (0, 3)
    assert (read.ship_by, read.deliver_by) == (Window(), Window())


@pytest.mark.parametrize(("status", "units"), [("SHIPPED", (2, 0)), ("CANCELLED", (0, 0))])
def test_units_that_amazon_leaves_out_follow_from_the_status(status: str, units: tuple[int, int]) -> None:
    line = item(1, 2)
    del line["fulfillment"]
    fulfillment = {"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"}
    read = read_order(raw(order(line, fulfillment=fulfillment))).lines[0]
    assert (read.fulfilled, read.unfulfilled) == units


def test_a_brazilian_business_order() -> None:
    line = item(1, 1, "1599.90", part("ITEM", "1599.90", "BRL"))
    line["product"]["price"] = {"priceDesignation": "BUSINESS_PRICE"}
    executions = [{"paymentMethod": "Pix"}, {"paymentMethod": "CreditCard"}, {"paymentMethod": "Pix"}]
    read = read_order(
        raw(order(line, programs=["AMAZON_BUSINESS", "PRIME"], payment={"paymentExecutions": executions}))
    )
    assert read.payment_methods == ("CreditCard", "Pix")
    assert read.programs == ("AMAZON_BUSINESS", "PRIME")
    assert read.lines[0].business_price


def test_gifts_and_cancel_requests() -> None:
    gift = item(1) | {"fulfillment": {"packing": {"giftOption": {"giftWrapLevel": "PREMIUM"}}}}
    asked = item(2) | {
        "cancellation": {"cancellationRequest": {"requester": "BUYER", "cancelReason": "late"}}
    }
    silent = item(3) | {"cancellation": {"cancellationRequest": {"requester": "BUYER"}}}
    done = item(4) | {"cancellation": {"cancellationExecution": {"cancelledBy": "AMAZON"}}}
    lines = read_order(raw(order(gift, asked, silent, done))).lines
    assert [(line.gift, line.gift_wrap_level) for line in lines[:2]] == [(True, "PREMIUM"), (False, "")]
    assert [line.cancel_requested for line in lines] == ["", "late", "requested", ""]


@pytest.mark.parametrize("kind", ["REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID"])
def test_a_replacement_names_its_original(kind: str) -> None:
    others = [
        {"orderId": "1-1-1", "associationType": "SOMETHING"},
        {"orderId": "2-2-2", "associationType": kind},
    ]
    assert read_order(raw(order(associatedOrders=others))).replaces == "2-2-2"


def _parcels(*states: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [
        {"packageReferenceId": str(n), "packageStatus": {"status": state}, "shipTime": at}
        for n, (state, at) in enumerate(states)
    ]


def _shipped(packages: list[dict[str, Any]], still_open: int = 0) -> dict[str, Any]:
    line = item(1, 2) | {
        "fulfillment": {"quantityFulfilled": 2 - still_open, "quantityUnfulfilled": still_open}
    }
    return order(line, packages=packages)


def test_shipped_is_when_the_last_parcel_left_and_delivered_when_all_have_arrived() -> None:
    first, second = ("DELIVERED", "2026-11-21T08:00:00Z"), ("IN_TRANSIT", "2026-11-21T09:00:00+01:00")
    under_way = read_order(raw(_shipped(_parcels(first, ("IN_TRANSIT", "2026-11-21T10:00:00Z")))))
    assert under_way.shipped_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert under_way.delivered_at is None
    arrived = read_order(raw(_shipped(_parcels(first, ("DELIVERED", second[1]), ("CANCELLED", None)))))
    assert arrived.shipped_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert arrived.delivered_at == arrived.updated_at


def test_an_order_with_open_units_is_not_delivered() -> None:
    packages = _parcels(("DELIVERED", "2026-11-21T08:00:00Z"))
    assert read_order(raw(_shipped(packages, still_open=1))).delivered_at is None


def test_another_sales_channel_needs_no_marketplace() -> None:
    fulfillment = {"fulfillmentStatus": "UNFULFILLABLE"}
    read = read_order(raw(order(salesChannel={"channelName": "NON_AMAZON"}, fulfillment=fulfillment)))
    assert (read.on_amazon, read.marketplace_id) == (False, "")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20T10:45:00Z", datetime(2026, 11, 20, 10, 45, tzinfo=UTC)),
        ("2026-11-20T10:45:00.123Z", datetime(2026, 11, 20, 10, 45, 0, 123000, tzinfo=UTC)),
        ("2026-11-20T10:45:00.123456789Z", datetime(2026, 11, 20, 10, 45, 0, 123456, tzinfo=UTC)),
        ("2026-11-20T05:15:00-05:30", datetime(2026, 11, 20, 10, 45, tzinfo=UTC)),
    ],
)
def test_dates_with_and_without_fractions_and_offsets(text: str, instant: datetime) -> None:
    read = read_order(raw(order(lastUpdatedTime=text)))
    assert (read.updated_at, read.updated_at.tzinfo) == (instant, UTC)


def test_what_amazon_may_do_to_the_json_is_let_pass() -> None:
    line = item(1, 1, "1,234.50", part("ITEM", "1,234.50"))
    line |= {"quantityOrdered": "2", "orderItemId": 77, "futureField": {"a": 1}, "cancellation": None}
    line["fulfillment"] = {"quantityFulfilled": "1", "quantityUnfulfilled": 1.0, "packing": None}
    line["product"] |= {"sellerSku": None, "asin": 123}
    line["proceeds"]["proceedsTotal"]["amount"] = 1234.5
    read = read_order(
        raw(order(line, packages=None, programs=None, proceeds=None, newThing=[1], associatedOrders=[]))
    )
    assert (read.lines[0].order_item_id, read.lines[0].sku, read.lines[0].asin) == ("77", "", "123")
    assert (read.lines[0].quantity, read.lines[0].fulfilled, read.lines[0].unfulfilled) == (2, 1, 1)
    assert read.lines[0].amounts == Amounts(item=123450, total=123450)
    assert read.programs == ()


def test_unknown_words_are_kept_as_they_are() -> None:
    fulfillment = {"fulfillmentStatus": "INVOICE_UNCONFIRMED", "fulfilledBy": "MERCHANT"}
    assert read_order(raw(order(fulfillment=fulfillment))).status == "INVOICE_UNCONFIRMED"
