"""confirmShipment at the sandbox: what it takes, what it refuses, and what is on the order afterwards."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from channeld.sandbox import Line, Market, Order, SandboxOptions, demo_accounts
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import ALL_DATA, ORDERS, SandboxClient, connected

GB, JP = "A1F83G8C2ARO7P", "A1VC38T7YXB528"
ITEM, OTHER = "11111111111111", "22222222222222"
LINES = (Line(sku="A", order_item_id=ITEM, quantity=3), Line(sku="B", order_item_id=OTHER))
NOW = "2026-11-22T09:00:00Z"


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(rates={"confirmShipment": 1000.0}))


@pytest.fixture
def order(market: Market) -> Order:
    """Four units of two items, an hour old."""
    return market.place_order(country="GB", lines=LINES, at=START - timedelta(hours=1))


def package(*items: tuple[str, object], reference: str = "7001", **detail: object) -> dict[str, Any]:
    contents = [{"orderItemId": item, "quantity": units} for item, units in items]
    ordinary: dict[str, Any] = {
        "packageReferenceId": reference,
        "carrierCode": "Royal Mail",
        "shippingMethod": "Tracked 24",
        "trackingNumber": "RM1",
        "shipDate": NOW,
        "orderItems": contents,
    }
    changed = ordinary | detail
    return {"marketplaceId": GB, "packageDetail": {k: v for k, v in changed.items() if v is not None}}


async def confirm(client: SandboxClient, order: Order, body: object) -> httpx.Response:
    return await client.post(f"/orders/v0/orders/{order.order_id}/shipmentConfirmation", body)


async def shown(client: SandboxClient, order: Order) -> dict[str, Any]:
    answer = await client.get(f"{ORDERS}/{order.order_id}", {"includedData": ALL_DATA})
    return answer.json()["order"]


async def test_a_package_shows_with_its_units_after_the_delay(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        answer = await confirm(client, order, package((ITEM, 2)))
        assert (answer.status_code, answer.content) == (204, b"")
        assert "packages" not in await shown(client, order)
        await clock.advance(2)
        after = await shown(client, order)
    (parcel,) = after["packages"]
    assert (parcel["packageReferenceId"], parcel["carrier"], parcel["trackingNumber"]) == (
        "7001",
        "Royal Mail",
        "RM1",
    )
    assert parcel["packageItems"] == [{"orderItemId": ITEM, "quantity": 2}]
    assert after["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    assert [item["fulfillment"] for item in after["orderItems"]] == [
        {"quantityFulfilled": 2, "quantityUnfulfilled": 1},
        {"quantityFulfilled": 0, "quantityUnfulfilled": 1},
    ]


async def test_a_repeat_with_the_same_reference_edits_and_does_not_ship_again(
    market: Market, order: Order
) -> None:
    async with connected(market) as client:
        for tracking in ("RM1", "RM2"):
            body = package((ITEM, 3), (OTHER, 1), trackingNumber=tracking)
            assert (await confirm(client, order, body)).status_code == 204
        edited = market.order(order.order_id)
        assert [parcel.tracking for parcel in edited.packages] == ["RM2"]
        assert (edited.status, [line.shipped for line in edited.lines]) == ("SHIPPED", [3, 1])
        assert (await confirm(client, order, package((ITEM, 1)))).status_code == 204
    fewer = market.order(order.order_id)
    assert (fewer.status, [line.shipped for line in fewer.lines]) == ("PARTIALLY_SHIPPED", [1, 0])
    assert market.truth.effects == {("despatch", order.order_id, "7001"): 3}


async def test_two_packages_ship_the_order_and_a_third_is_refused(market: Market, order: Order) -> None:
    async with connected(market) as client:
        assert (await confirm(client, order, package((ITEM, 3), reference="1"))).status_code == 204
        assert (await confirm(client, order, package((OTHER, 1), reference="2"))).status_code == 204
        third = await confirm(client, order, package((ITEM, 1), reference="3"))
    assert (third.status_code, third.json()["errors"][0]["code"]) == (400, "InvalidInput")
    assert not market.truth.invalid
    assert "already been shipped" in third.json()["errors"][0]["message"]
    assert [parcel.reference for parcel in market.order(order.order_id).packages] == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"marketplaceId": GB},
        package((ITEM, 1), trackingNumber=None),
        package((ITEM, 1), trackingNumber=" "),
        package((ITEM, 1), carrierCode=None),
        package((ITEM, 1), carrierCode=""),
        package((ITEM, 1), carrierCode="Other"),
        package((ITEM, 1), reference="0"),
        package((ITEM, 1), reference="-1"),
        package((ITEM, 1), reference="P1"),
        package((ITEM, 1), packageReferenceId=7001),
        package((ITEM, 1), shipDate=None),
        package((ITEM, 1), shipDate="11/22/2026"),
        package((ITEM, 1), shipDate="2026-11-22T09:00:00"),
        package((ITEM, 1), shipDate="2026-11-22T09:00:01Z"),
        package((ITEM, 1), shipDate="2026-11-22T07:59:59Z"),
        package((ITEM, 1), shipDate="0001-01-01T00:00:00+14:00"),
        package(),
        package((ITEM, 4)),
        package((ITEM, 2), (ITEM, 2)),
        package((ITEM, 0)),
        package((ITEM, "1")),
        package(("33333333333333", 1)),
        package((ITEM, 1)) | {"marketplaceId": JP},
        package((ITEM, 1)) | {"codCollectionMethod": "DirectPayment"},
        package((ITEM, 1)) | {"codCollectionMethod": "Cash"},
    ],
)
async def test_refusals_have_amazons_shape_and_change_nothing(
    market: Market, order: Order, body: object
) -> None:
    async with connected(market) as client:
        answer = await confirm(client, order, body)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["code"] == "InvalidInput" and error["message"]
    assert market.order(order.order_id) == order and not market.truth.effects


@pytest.mark.parametrize(
    "details",
    [
        {"status": "CANCELLED"},
        {"status": "PENDING"},
        {"status": "SHIPPED"},
        {"fulfilled_by": "AMAZON"},
        {"programs": ("FBM_SHIP_PLUS",)},
    ],
)
async def test_orders_that_cannot_be_confirmed(market: Market, details: dict[str, Any]) -> None:
    order = market.place_order(country="GB", lines=LINES, at=START - timedelta(hours=1), **details)
    async with connected(market) as client:
        answer = await confirm(client, order, package((ITEM, 1)))
    assert (answer.status_code, market.order(order.order_id)) == (400, order)


async def test_a_named_carrier_and_cash_on_delivery_in_japan(clock: FakeClock) -> None:
    spec = replace(demo_accounts()[0], region="FE", countries=("JP",))
    market = Market(clock, SandboxOptions(accounts=(spec,)))
    order = market.place_order(lines=LINES)
    body = package((ITEM, 1), carrierCode="Other", carrierName="Bike")
    async with connected(market) as client:
        body |= {"marketplaceId": JP, "codCollectionMethod": "DirectPayment"}
        assert (await confirm(client, order, body)).status_code == 204
    assert market.order(order.order_id).packages[0].carrier == "Bike"


async def test_orders_of_others_do_not_exist_and_a_body_has_to_be_json(market: Market, order: Order) -> None:
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        assert (await confirm(other, order, package((ITEM, 1)))).status_code == 404
        path = f"/orders/v0/orders/{order.order_id}/shipmentConfirmation"
        text = await client.http.post(path, content=b"{}", headers=client.headers)
        json = client.headers | {"content-type": "application/json"}
        broken = await client.http.post(path, content=b"{", headers=json)
        assert (text.status_code, broken.status_code) == (415, 400)
        assert (await client.get(path)).status_code == 405


async def test_what_leaves_by_other_hands_keeps_a_number_of_its_own(market: Market, order: Order) -> None:
    async with connected(market) as client:
        assert (await confirm(client, order, package((ITEM, 1), reference="2"))).status_code == 204
    market.act(order.order_id, "ship")
    assert [parcel.reference for parcel in market.order(order.order_id).packages] == ["2", "1"]


async def test_no_effect_answers_204_and_nothing_happens(market: Market, order: Order) -> None:
    market.faults.plan("no_effect", order_id=order.order_id)
    async with connected(market) as client:
        assert (await confirm(client, order, package((ITEM, 1)))).status_code == 204
        assert market.order(order.order_id) == order and not market.truth.effects
        assert (await confirm(client, order, package((ITEM, 1)))).status_code == 204
    assert len(market.order(order.order_id).packages) == 1


async def test_a_write_can_take_effect_unheard(market: Market, order: Order) -> None:
    async with connected(market) as client:
        market.faults.plan("reset_after")
        with pytest.raises(httpx.NetworkError):
            await confirm(client, order, package((ITEM, 1)))
        market.faults.plan("error_500_after")
        assert (await confirm(client, order, package((ITEM, 1), reference="7002"))).status_code == 500
    assert [parcel.reference for parcel in market.order(order.order_id).packages] == ["7001", "7002"]
    assert set(market.truth.effects.values()) == {1}


async def test_a_carrier_can_be_refused(market: Market, order: Order) -> None:
    market.faults.plan("unknown_carrier")
    async with connected(market) as client:
        answers = [(await confirm(client, order, package((ITEM, 1)))).status_code for _ in range(2)]
    assert answers == [400, 204]


async def test_its_budget_is_two_a_second_and_ten_at_once(clock: FakeClock) -> None:
    market = Market(clock)
    order = market.place_order(country="GB", lines=LINES)
    async with connected(market) as client:
        burst = [(await confirm(client, order, package((ITEM, 1)))).status_code for _ in range(11)]
        assert burst == [204] * 10 + [429]
        await clock.advance(0.5)
        after = await confirm(client, order, package((ITEM, 1)))
    assert (after.status_code, after.headers["x-amzn-RateLimit-Limit"]) == (204, "2")
