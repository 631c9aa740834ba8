"""Parcels and cancelled lines of an order as Amazon shows them (reference 4.2)."""

from typing import Any

import pytest

from channeld.amazon.errors import UnreadableOrder
from channeld.amazon.orders import read_order
from channeld.domain.order import Package, Units
from tests.support.amazon_orders import CANARIES, Json, item, order, personal_order, raw

ITEM = "90000000000001"


def package(**more: Any) -> Json:
    return {
        "packageReferenceId": "4711",
        "packageStatus": {"status": "IN_TRANSIT", "detailedStatus": "PICKED_UP"},
        "carrier": "Royal Mail",
        "shippingService": "Tracked 24",
        "trackingNumber": "JD0001",
        "shipTime": "2026-11-21T10:00:00Z",
        "packageItems": [{"orderItemId": ITEM, "quantity": 2, "transparencyCodes": ["x"]}],
    } | more


def packages(*shown: Json) -> tuple[Package, ...]:
    return read_order(raw(order(packages=list(shown)))).packages


def test_a_parcel_with_what_is_in_it() -> None:
    assert packages(package(), package(packageReferenceId="2", packageItems=None)) == (
        Package(reference="4711", carrier="Royal Mail", tracking="JD0001", lines=(Units(ITEM, 2),)),
        Package(reference="2", carrier="Royal Mail", tracking="JD0001"),
    )


def test_a_cancelled_parcel_and_one_without_reference_are_none() -> None:
    cancelled = package(packageStatus={"status": "CANCELLED"})
    assert packages(cancelled, package(packageReferenceId=None), package(packageReferenceId="")) == ()
    assert read_order(raw(order())).packages == read_order(raw(order(packages=None))).packages == ()


def test_what_is_missing_is_empty_and_numbers_are_texts() -> None:
    bare = {
        "packageReferenceId": 12,
        "trackingNumber": 4,
        "packageItems": [{"orderItemId": 9, "quantity": "3"}],
    }
    assert packages(bare, {"packageReferenceId": "007"}) == (
        Package(reference="12", tracking="4", lines=(Units("9", 3),)),
        Package(reference="007"),
    )


@pytest.mark.parametrize(
    ("shown", "field"),
    [
        (package(packageItems=[{"orderItemId": ITEM, "quantity": -1}]), "packageItems[0].quantity"),
        (package(packageItems=[{"orderItemId": ITEM, "quantity": 10**7}]), "packageItems[0].quantity"),
        (package(packageItems=[{"orderItemId": "", "quantity": 1}]), "packageItems[0].orderItemId"),
        (package(packageItems=[{"orderItemId": ITEM}]), "packageItems[0].quantity"),
        (package(trackingNumber="x" * 201), "trackingNumber"),
        (package(carrier={"name": "x"}), "carrier"),
    ],
)
def test_a_parcel_that_cannot_be_is_named_by_its_field(shown: Json, field: str) -> None:
    with pytest.raises(UnreadableOrder) as refused:
        packages(package(), shown)
    assert refused.value.field in (f"packages[1].{field}", f"packages[...].{field.replace('[0]', '[...]')}")
    assert refused.value.order_id == "203-1111111-2222222"


def test_whence_a_parcel_was_sent_stays_personal() -> None:
    read = read_order(raw(personal_order()))
    assert [each.reference for each in read.packages] == ["1", "2"]
    assert CANARIES["name"] in read.personal["packages[0].shipFromAddress.name"]
    assert CANARIES["name"] not in str(read.packages)


CANCELLATION = {"cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": "NoInventory"}}
REQUEST = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "changed my mind"}}


@pytest.mark.parametrize(
    ("cancellation", "cancelled"),
    [
        (CANCELLATION, True),
        (CANCELLATION | REQUEST, True),
        ({"cancellationExecution": {"cancelledBy": "BUYER"}}, True),
        ({"cancellationExecution": {"cancelReason": "x"}}, True),
        ({"cancellationExecution": {}}, False),
        ({"cancellationExecution": None}, False),
        (REQUEST, False),
        ({}, False),
        (None, False),
    ],
)
def test_a_line_is_cancelled_when_that_was_done(cancellation: Json | None, cancelled: bool) -> None:
    read = read_order(raw(order(item(1) | {"cancellation": cancellation}, item(2))))
    assert [line.cancelled for line in read.lines] == [cancelled, False]


@pytest.mark.parametrize(
    ("ordered", "fulfilled", "cancelled"), [(2, 0, True), (2, 1, True), (2, 2, False), (0, 0, True)]
)
def test_a_line_that_was_shipped_as_a_whole_was_not_cancelled(
    ordered: int, fulfilled: int, cancelled: bool
) -> None:
    line = item(1, ordered) | {"cancellation": CANCELLATION}
    line["fulfillment"] = {"quantityFulfilled": fulfilled, "quantityUnfulfilled": 0}
    assert read_order(raw(order(line))).lines[0].cancelled == cancelled


def test_all_lines_of_a_cancelled_order_are() -> None:
    shown = order(item(1), item(2))
    shown["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    shown["orderItems"][0]["fulfillment"] = shown["orderItems"][1]["fulfillment"] = None
    assert all(line.cancelled for line in read_order(raw(shown)).lines)
