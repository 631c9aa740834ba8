"""The sandbox's parts without loop or network: budgets, money, options, life of an order."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from channeld.sandbox import Line, Market, Order, SandboxOptions, demo_accounts, parse_faults, parse_rates
from channeld.sandbox.changes import cancel, deliver, request_cancel, ship
from channeld.sandbox.marketplaces import BY_COUNTRY
from channeld.sandbox.money import Convention, line_proceeds
from channeld.sandbox.refunds import charged
from channeld.sandbox.shape import shape
from channeld.sandbox.throttle import Bucket, Budget
from tests.support.fake_clock import START, FakeClock

CONVENTIONS = (
    Convention(),
    Convention(negative_discounts=False),
    Convention(tax_inside_items=False),
    Convention(negative_discounts=False, tax_inside_items=False),
)


def made(country: str, *lines: Line, convention: Convention | None = None, **details: Any) -> dict[str, Any]:
    seller = "A2SANDBOXNA" if country in ("US", "CA") else "A1SANDBOXEU"
    order = Market(FakeClock()).place_order(seller, country=country, lines=lines, **details)
    return shape(order, START, convention or Convention())


def amounts(entries: list[dict[str, Any]]) -> dict[str, str]:
    return {entry["type"]: entry["subtotal"]["amount"] for entry in entries}


def test_a_bucket_gives_its_burst_and_then_exactly_its_rate() -> None:
    bucket = Bucket(Budget(0.0056, 20), 0.0)
    assert [bucket.take(0.0) for _ in range(21)] == [True] * 20 + [False]
    assert not bucket.take(178.57)
    assert bucket.take(178.572)
    assert not bucket.take(178.573)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = Bucket(Budget(0.5, 30), 0.0)
    assert sum(bucket.take(1e6) for _ in range(100)) == 30


def test_refused_requests_cost_nothing() -> None:
    bucket = Bucket(Budget(0.5, 1), 0.0)
    assert bucket.take(0.0)
    assert not any(bucket.take(at / 10) for at in range(20))
    assert bucket.take(2.0)


def test_a_grant_counts_from_its_instant_on() -> None:
    bucket = Bucket(Budget(0.1, 1), 0.0)
    assert bucket.take(0.0)
    bucket.grant(1.0, 5.0)
    assert not bucket.take(5.4)
    assert bucket.take(5.5)


def test_where_prices_contain_tax_it_is_told_and_not_added() -> None:
    body = made("GB", Line(sku="A", unit_price=1200))
    (item,) = body["orderItems"]
    assert amounts(item["proceeds"]["breakdowns"]) == {"ITEM": "12.00", "TAX": "2.00"}
    assert item["proceeds"]["proceedsTotal"] == {"amount": "12.00", "currencyCode": "GBP"}
    assert body["proceeds"]["grandTotal"]["amount"] == "12.00"


def test_where_prices_have_no_tax_it_comes_on_top() -> None:
    body = made("US", Line(sku="A", unit_price=2000, shipping=500, facilitator="Amazon Services, Inc."))
    (item,) = body["orderItems"]
    assert amounts(item["proceeds"]["breakdowns"]) == {"ITEM": "20.00", "SHIPPING": "5.00", "TAX": "2.06"}
    assert body["proceeds"]["grandTotal"] == {"amount": "27.06", "currencyCode": "USD"}
    assert item["tax"]["taxCollections"] == [
        {"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}
    ]


def test_tax_is_rounded_at_each_line() -> None:
    body = made("GB", Line(sku="A", unit_price=99), Line(sku="B", unit_price=99))
    taxes = [amounts(item["proceeds"]["breakdowns"])["TAX"] for item in body["orderItems"]]
    assert taxes == ["0.17", "0.17"]
    assert amounts(body["proceeds"]["breakdowns"])["TAX"] == "0.34"


def test_discounts_name_what_they_lower_and_lower_the_tax_too() -> None:
    line = Line(sku="A", unit_price=1200, shipping=360, discount=120, shipping_discount=360)
    (item,) = made("GB", line)["orderItems"]
    by_type = {entry["type"]: entry for entry in item["proceeds"]["breakdowns"]}
    details = {part["subtype"]: part["value"]["amount"] for part in by_type["DISCOUNT"]["detailedBreakdowns"]}
    assert details == {"ITEM": "-1.20", "SHIPPING": "-3.60"}
    taxes = {part["subtype"]: part["value"]["amount"] for part in by_type["TAX"]["detailedBreakdowns"]}
    assert taxes == {"ITEM": "2.00", "SHIPPING": "0.60", "DISCOUNT": "-0.80"}
    assert item["proceeds"]["proceedsTotal"]["amount"] == "10.80"


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("country", ["GB", "US"])
def test_every_convention_leaves_the_total_and_adds_up(country: str, convention: Convention) -> None:
    line = Line(sku="A", quantity=3, unit_price=1299, shipping=399, gift_wrap=295, discount=389)
    body = made(country, line, convention=convention, tip=200)
    parts = {
        kind: Decimal(text) for kind, text in amounts(body["orderItems"][0]["proceeds"]["breakdowns"]).items()
    }
    if not convention.negative_discounts:
        parts["DISCOUNT"] = -parts["DISCOUNT"]
    if country == "GB" and convention.tax_inside_items:
        del parts["TAX"]
    total = Decimal(body["orderItems"][0]["proceeds"]["proceedsTotal"]["amount"])
    assert sum(parts.values()) == total
    assert Decimal(body["proceeds"]["grandTotal"]["amount"]) == total + 2


def test_yen_have_no_decimals() -> None:
    far_east = replace(demo_accounts()[0], region="FE", countries=("JP",))
    options = SandboxOptions(accounts=(far_east,))
    order = Market(FakeClock(), options).place_order(lines=[Line(sku="A", unit_price=5980)])
    assert shape(order, START, Convention())["proceeds"]["grandTotal"] == {
        "amount": "5980",
        "currencyCode": "JPY",
    }


def test_a_pending_order_has_no_address_and_no_money_to_rely_upon() -> None:
    for shows_zero in (False, True):
        body = made("GB", status="PENDING", pending_shows_zero=shows_zero)
        assert not body.keys() & {"buyer", "recipient", "payment"}
        assert body.get("proceeds", {}).get("grandTotal", {}).get("amount") in (None, "0.00")
        assert all("proceeds" not in item and "price" not in item["product"] for item in body["orderItems"])


def test_shipping_in_parts_counts_units_and_packages() -> None:
    order = placed(Line(sku="A", quantity=3), Line(sku="B", quantity=1))
    part = ship(order, START, units=2)
    assert (part.status, [line.shipped for line in part.lines]) == ("PARTIALLY_SHIPPED", [2, 0])
    whole = ship(part, START + timedelta(hours=1))
    assert (whole.status, [line.shipped for line in whole.lines]) == ("SHIPPED", [3, 1])
    assert [sum(units for _, units in package.contents) for package in whole.packages] == [2, 2]
    assert {package.status for package in deliver(whole, START).packages} == {"DELIVERED"}


def test_orders_that_amazon_fulfils_have_no_packages_no_e_mail_and_no_phone() -> None:
    body = made("GB", status="SHIPPED", fulfilled_by="AMAZON")
    assert "packages" not in body
    assert "buyerEmail" not in body["buyer"]
    assert "phone" not in body["recipient"]["deliveryAddress"]


def test_the_phone_number_goes_once_a_shipped_order_must_have_arrived() -> None:
    order = ship(placed(), START)
    later = START + timedelta(days=30)
    assert "phone" in shape(order, START, Convention())["recipient"]["deliveryAddress"]
    assert "phone" not in shape(order, later, Convention())["recipient"]["deliveryAddress"]


def test_a_cancellation_leaves_what_has_left() -> None:
    asked = request_cancel(placed(Line(sku="A"), Line(sku="B")), START)
    assert asked.status == "UNSHIPPED"
    assert all(line.cancel_requested for line in asked.lines)
    cancelled = cancel(ship(asked, START, units=1), START)
    assert cancelled.status == "PARTIALLY_SHIPPED"
    assert [line.cancelled_by for line in cancelled.lines] == ["", "AMAZON"]
    assert cancel(asked, START).status == "CANCELLED"


def placed(*lines: Line) -> Order:
    return Market(FakeClock()).place_order(lines=lines)


def test_faults_and_rates_are_read_from_the_command_line() -> None:
    assert parse_faults("error_500=0.1, latency=2") == {"error_500": 0.1, "latency": 2.0}
    assert parse_faults("") == {}
    assert parse_rates(["searchOrders=1"]) == {"searchOrders": 1.0}


@pytest.mark.parametrize("text", ["explosion=0.1", "error_500", "error_500=lots", "error_500=2", "reset=-1"])
def test_faults_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="fault"):
        parse_faults(text)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="throttle_burst"):
        parse_faults("explosion=0.1")
    with pytest.raises(ValueError, match="searchOrders"):
        parse_rates(["searchOrder=1"])
    with pytest.raises(ValueError, match="getOrder"):
        SandboxOptions(rates={"orders": 1.0})


@pytest.mark.parametrize(
    "option",
    ["feed_seconds", "feed_message_seconds", "feed_stuck_seconds", "document_seconds", "finances_delay"],
)
def test_times_below_zero_are_refused(option: str) -> None:
    options: dict[str, Any] = {option: -1.0}
    with pytest.raises(ValueError, match=option.partition("_")[0]):
        SandboxOptions(**options)


def test_what_was_charged_follows_what_left_and_the_marketplaces_tax() -> None:
    line = Line(sku="A", quantity=3, unit_price=1000, discount=300, shipping=500, shipped=2)
    assert charged(replace(line, shipped=0), BY_COUNTRY["GB"]) == {}
    inside = {name: amount for name, amount in charged(line, BY_COUNTRY["GB"]).items() if amount}
    assert inside == {"Principal": 1800, "Shipping": 500}
    on_top = {name: amount for name, amount in charged(line, BY_COUNTRY["US"]).items() if amount}
    assert on_top == {"Principal": 1800, "Tax": 148, "Shipping": 500, "ShippingTax": 41}


@pytest.mark.parametrize("country", ["GB", "US", "JP"])
def test_what_was_charged_for_a_whole_line_is_what_it_earned(country: str) -> None:
    line = Line(sku="A", quantity=3, unit_price=333, discount=100, shipping=399, shipping_discount=399)
    line = replace(line, gift_wrap=295, cod_fee=7, shipped=3)
    marketplace = BY_COUNTRY[country]
    earned = line_proceeds(line, marketplace, Convention()).total
    assert sum(charged(line, marketplace).values()) == earned
