"""Writes to single listings at the sandbox: what is taken, when it is applied, and what is read back."""

from typing import Any

import pytest

from channeld.sandbox import Market, SandboxOptions
from channeld.sandbox.money import Convention
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import connected
from tests.support.sandbox_listings import (
    SHOWN_AFTER,
    amounts,
    item,
    merge,
    offer,
    patch,
    replace,
    send,
    stock,
)
from tests.support.sandbox_reports import DE, GB, ITEMS, US, made, rows

STOCK, OFFERS = "fulfillment_availability", "purchasable_offer"
SELLER = "A1SANDBOXEU"
RATES: dict[str, float] = dict.fromkeys(
    ("patchListingsItem", "putListingsItem", "deleteListingsItem", "getListingsItem"), 1e6
)


@pytest.fixture
def market(clock: FakeClock) -> Market:
    market = Market(clock, SandboxOptions(listings=300, rates=RATES))
    market.listings.stock(SELLER, "MUG-BLUE", START, quantity=8, lead_time=4)
    return market


def codes(answer: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(issue["code"], issue["attributeNames"]) for issue in answer["issues"]]


async def test_what_is_accepted_is_applied_later_and_shown_later_still(
    clock: FakeClock, market: Market
) -> None:
    async with connected(market) as client:
        answer = await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=3)))
        assert answer == {
            "sku": "MUG-BLUE",
            "status": "ACCEPTED",
            "submissionId": answer["submissionId"],
            "issues": [],
        }
        await clock.advance(2.9)
        assert market.listings.get("MUG-BLUE").quantity == 8
        await clock.advance(0.2)
        assert market.listings.get("MUG-BLUE").quantity == 3
        before = await item(client, "MUG-BLUE")
        await clock.advance(2)
        shown = await item(client, "MUG-BLUE")
        by_sku = {"identifiersType": "SKU", "identifiers": "MUG-BLUE", "includedData": "attributes"}
        search = await client.get(ITEMS, {"marketplaceIds": GB, **by_sku})
    assert search.json()["items"][0]["attributes"] == shown["attributes"]
    assert before["fulfillmentAvailability"][0]["quantity"] == 8
    assert shown["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}]
    assert shown["attributes"][STOCK] == [stock(quantity=3, lead_time_to_ship_max_days=4)]


async def test_merging_keeps_lead_time_and_restock_date_and_replacing_drops_them(
    clock: FakeClock, market: Market
) -> None:
    whole = stock(quantity=0, lead_time_to_ship_max_days=6, restock_date="2026-12-24")
    async with connected(market) as client:
        for sent, expected in [
            (merge(STOCK, whole), whole),
            (merge(STOCK, stock(quantity=1)), whole | {"quantity": 1}),
            (replace(STOCK, stock(quantity=2)), stock(quantity=2)),
        ]:
            await patch(client, "MUG-BLUE", sent)
            await clock.advance(SHOWN_AFTER)
            assert (await item(client, "MUG-BLUE"))["attributes"][STOCK] == [expected]
    told = market.truth.applied(SELLER, "MUG-BLUE")
    assert [(each.quantity, each.lead_time, each.wiped_lead_time) for each in told] == [
        (0, 6, False),
        (1, None, False),
        (2, None, True),
    ]


async def test_a_quantity_is_for_all_marketplaces_and_zero_stops_the_sale(
    clock: FakeClock, market: Market
) -> None:
    async with connected(market) as client:
        await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=0, lead_time_to_ship_max_days=2)))
        await clock.advance(SHOWN_AFTER)
        shown = await item(client, "MUG-BLUE", marketplaceIds=DE)
        assert shown["attributes"][STOCK] == [stock(quantity=0, lead_time_to_ship_max_days=2)]
        assert shown["summaries"][0]["status"] == ["DISCOVERABLE"]
        await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=1)), marketplaceIds=DE)
        await clock.advance(SHOWN_AFTER)
        assert (await item(client, "MUG-BLUE"))["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]


async def test_a_price_is_for_one_marketplace_and_an_offer_for_each_audience(
    clock: FakeClock, market: Market
) -> None:
    sale = amounts(7.5, start_at="2026-11-27T00:00:00Z", end_at="2026-12-01T00:00:00Z")
    async with connected(market) as client:

        async def shown(*patches: dict[str, Any]) -> Any:
            assert (await patch(client, "MUG-RED", *patches))["status"] == "ACCEPTED"
            await clock.advance(SHOWN_AFTER)
            item_now = await item(client, "MUG-RED")
            return item_now["attributes"][OFFERS], [each["price"]["amount"] for each in item_now["offers"]]

        both = [offer(9.99, discounted_price=sale), offer(8.01, "B2B")]
        assert await shown(replace(OFFERS, *both)) == (both, ["9.99", "8.01"])
        merged = [both[0] | {"our_price": amounts(19.99)}, both[1]]
        assert await shown(merge(OFFERS, offer(19.99))) == (merged, ["19.99", "8.01"])
        assert await shown(replace(OFFERS, offer(19.99))) == ([offer(19.99)], ["19.99"])
        abroad = await item(client, "MUG-RED", marketplaceIds=DE)
    assert abroad["offers"][0]["price"] == {"amount": "12.99", "currencyCode": "EUR"}
    assert [each.price for each in market.truth.applied(SELLER, "MUG-RED")] == [999, 1999, 1999]


@pytest.mark.parametrize(
    ("sent", "attribute"),
    [
        (merge(STOCK, {"quantity": 1}), STOCK),
        (merge(STOCK, stock("", quantity=1)), STOCK),
        (merge(STOCK, stock("MOON", quantity=1)), STOCK),
        (merge(STOCK, stock(quantity=-1)), STOCK),
        (merge(STOCK, stock(quantity=1.5)), STOCK),
        (merge(STOCK, stock(quantity=True)), STOCK),
        (merge(STOCK, stock(quantity="1")), STOCK),
        (merge(STOCK, stock(quantity=1, lead_time_to_ship_max_days=31)), STOCK),
        (merge(STOCK, stock(quantity=1, lead_time_to_ship_max_days=0)), STOCK),
        (merge(STOCK, stock(quantity=1, restock_date="24.12.2026")), STOCK),
        (merge(STOCK, stock(quantity=1, latency=3)), STOCK),
        (merge(STOCK, stock("AMAZON_EU", quantity=1)), STOCK),
        (replace(STOCK), STOCK),
        (replace(STOCK, stock(quantity=1), stock(quantity=2)), STOCK),
        (replace(OFFERS, offer(9.999)), OFFERS),
        (replace(OFFERS, offer(0)), OFFERS),
        (replace(OFFERS, offer(1, currency="EUR")), OFFERS),
        (replace(OFFERS, offer(1) | {"marketplace_id": DE}), OFFERS),
        (replace(OFFERS, offer(1, "FRIENDS")), OFFERS),
        (replace(OFFERS, offer(1, discounted_price=[{"schedule": []}])), OFFERS),
        (merge(OFFERS, {"marketplace_id": GB, "our_price": amounts(1)}), OFFERS),
        (replace("item_name", {"value": "Mug"}), "product_type"),
    ],
)
async def test_a_value_that_cannot_be_is_invalid_and_changes_nothing(
    clock: FakeClock, market: Market, sent: dict[str, Any], attribute: str
) -> None:
    async with connected(market) as client:
        market.listings.change("MUG-BLUE", product_type="KITCHEN")
        await clock.advance(SHOWN_AFTER)
        before = await item(client, "MUG-BLUE")
        answer = await patch(client, "MUG-BLUE", sent)
        assert answer["status"] == "INVALID"
        issue = answer["issues"][0]
        assert issue["severity"] == "ERROR" and issue["attributeNames"] == [attribute]
        assert {"code", "message", "categories"} <= set(issue)
        await clock.advance(SHOWN_AFTER)
        assert await item(client, "MUG-BLUE") == before
    assert market.truth.told == {}
    assert market.truth.writes == {(SELLER, "patchListingsItem", "INVALID"): 1}


async def test_yen_have_no_decimals(clock: FakeClock) -> None:
    spec = SandboxOptions().accounts[0]
    japan = type(spec)(
        seller_id=SELLER,
        region="FE",
        countries=("JP",),
        client_id=spec.client_id,
        client_secret=spec.client_secret,
        refresh_token=spec.refresh_token,
    )
    jp = "A1VC38T7YXB528"
    market = Market(clock, SandboxOptions(accounts=(japan,), listings=10))
    async with connected(market) as client:

        async def status(price: float) -> str:
            sent = offer(price, currency="JPY") | {"marketplace_id": jp}
            return (await patch(client, "MUG-BLUE", replace(OFFERS, sent), marketplaceIds=jp))["status"]

        assert [await status(1980), await status(19.8)] == ["ACCEPTED", "INVALID"]
    await clock.advance(SHOWN_AFTER)
    assert market.listings.get("MUG-BLUE").price == 1980


BROKEN: list[dict[str, Any]] = [
    {"productType": "PRODUCT"},
    {"productType": "PRODUCT", "patches": []},
    {"patches": [merge(STOCK, stock(quantity=1))]},
    {"productType": "PRODUCT", "patches": [{"op": "move", "path": f"/attributes/{STOCK}", "value": []}]},
    {"productType": "PRODUCT", "patches": [{"op": "merge", "path": f"/attributes/{STOCK}"}]},
    {"productType": "PRODUCT", "patches": [replace(f"{STOCK}/0/quantity", stock(quantity=1))]},
    {"productType": "PRODUCT", "patches": [replace(STOCK) | {"value": {"quantity": 1}}]},
]


@pytest.mark.parametrize("body", BROKEN)
async def test_a_body_that_breaks_the_model_is_refused(market: Market, body: Any) -> None:
    async with connected(market) as client:
        answer = await send(client, "PATCH", "MUG-BLUE", body)
    assert answer.status_code == 400 and answer.json()["errors"][0]["code"] == "InvalidInput"
    assert not market.truth.writes


async def test_parameters_that_break_a_rule_are_refused(clock: FakeClock, market: Market) -> None:
    body = {"productType": "PRODUCT", "patches": [merge(STOCK, stock(quantity=1))]}
    async with connected(market) as client:
        refused = [
            (await send(client, "PATCH", "MUG-BLUE", body, **params)).status_code
            for params in (
                {"marketplaceIds": f"{GB},{DE}"},
                {"marketplaceIds": US},
                {"includedData": "identifiers"},
                {"includedData": "summaries"},
                {"mode": "DRY_RUN"},
            )
        ]
        await clock.advance(1)
        other = await client.http.request(
            "PATCH",
            f"{ITEMS.replace('A1', 'A9')}/MUG-BLUE",
            json=body,
            params={"marketplaceIds": GB},
            headers=client.headers,
        )
        text = await client.http.request(
            "PATCH",
            f"{ITEMS}/MUG-BLUE",
            content=b"{}",
            params={"marketplaceIds": GB},
            headers=client.headers | {"content-type": "text/plain"},
        )
    assert refused == [400, 403, 400, 400, 400]
    assert (other.status_code, text.status_code) == (403, 415)


async def test_an_unknown_sku_cannot_be_patched(market: Market) -> None:
    async with connected(market) as client:
        answer = await patch(client, "NOBODY", merge(STOCK, stock(quantity=1)))
    assert answer["status"] == "INVALID" and codes(answer) == [("13013", [])]


async def test_a_preview_says_what_would_be_and_has_its_own_budget(clock: FakeClock, market: Market) -> None:
    preview = {"mode": "VALIDATION_PREVIEW", "includedData": "identifiers,issues"}
    async with connected(market) as client:
        valid = await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=1)), **preview)
        throttled = await send(client, "DELETE", "MUG-BLUE", mode="VALIDATION_PREVIEW")
        body = {"productType": "PRODUCT", "patches": [merge(STOCK, stock(quantity=1))]}
        too_soon = await send(client, "PATCH", "MUG-BLUE", body, **preview)
        await clock.advance(1)
        invalid = await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=-1)), **preview)
    await clock.advance(SHOWN_AFTER)
    assert valid["status"] == "VALID"
    assert valid["identifiers"] == [{"marketplaceId": GB, "asin": "B0SB000001"}]
    assert (throttled.status_code, too_soon.status_code) == (400, 429)
    assert (invalid["status"], invalid["identifiers"]) == ("INVALID", [])
    assert market.listings.get("MUG-BLUE").quantity == 8
    assert not market.truth.writes and not market.truth.told


async def test_writes_keep_to_their_budgets(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=10))
    async with connected(market) as client:
        for method in ("PATCH", "PUT", "DELETE"):
            answers = [await send(client, method, "MUG-BLUE") for _ in range(6)]
            assert [answer.status_code == 429 for answer in answers] == [False] * 5 + [True]
    assert sum(market.truth.over_budget.values()) == 3


async def test_a_quantity_makes_the_seller_send_what_amazon_sent(clock: FakeClock, market: Market) -> None:
    sku = next(each.sku for each in market.listings.all() if each.amazon and each.standing == "Active")
    async with connected(market) as client:
        before = await item(client, sku)
        await patch(client, sku, merge(STOCK, stock(quantity=4)))
        await clock.advance(SHOWN_AFTER)
        shown = await item(client, sku)
    assert before["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "AMAZON_EU"}]
    assert shown["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 4}]
    assert market.listings.get(sku, country="DE").amazon is False


async def test_or_is_refused_by_the_other_convention(clock: FakeClock) -> None:
    convention = Convention(amazon_stock="refused")
    market = Market(clock, SandboxOptions(listings=300, convention=convention))
    sku = next(each.sku for each in market.listings.all() if each.amazon)
    async with connected(market) as client:
        assert (await patch(client, sku, merge(STOCK, stock(quantity=4))))["status"] == "INVALID"
        price = await patch(client, sku, replace(OFFERS, offer(4)))
    assert price["status"] == "ACCEPTED"
    assert market.listings.get(sku).amazon


async def test_a_listing_is_deleted_and_offered_again(clock: FakeClock, market: Market) -> None:
    attributes = {
        "merchant_suggested_asin": [{"value": "B0SB000001", "marketplace_id": GB}],
        "condition_type": [{"value": "new_new", "marketplace_id": GB}],
        STOCK: [stock(quantity=2)],
        OFFERS: [offer(5)],
    }
    body = {"productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": attributes}
    async with connected(market) as client:
        gone = await send(client, "DELETE", "MUG-BLUE")
        await clock.advance(SHOWN_AFTER)
        assert (await send(client, "GET", "MUG-BLUE")).status_code == 404
        assert (await send(client, "GET", "MUG-BLUE", marketplaceIds=DE)).status_code == 200
        lacking = {**body, "attributes": {STOCK: [stock(quantity=2)]}}
        missing = (await send(client, "PUT", "MUG-BLUE", lacking)).json()
        again = (await send(client, "PUT", "MUG-BLUE", body)).json()
        await clock.advance(SHOWN_AFTER)
        shown = await item(client, "MUG-BLUE")
    assert gone.json()["status"] == again["status"] == "ACCEPTED"
    assert missing["status"] == "INVALID"
    assert codes(missing) == [("90220", ["merchant_suggested_asin"]), ("90220", ["condition_type"])]
    assert shown["summaries"][0]["asin"] == "B0SB000001"
    assert shown["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]
    assert shown["offers"][0]["price"]["amount"] == "5.00"


async def test_what_was_read_can_be_put_back_and_is_the_same(clock: FakeClock, market: Market) -> None:
    """Everything but the instant of the update, for every kind of listing there is."""
    skus = [each.sku for each in market.listings.all() if not each.issues][:40]
    assert any(market.listings.get(sku).is_parent for sku in skus)
    async with connected(market) as client:
        for sku in skus:
            before = await item(client, sku)
            put = {"productType": "PRODUCT", "requirements": "LISTING", "attributes": before["attributes"]}
            put["productType"] = before["summaries"][0]["productType"]
            answer = (await send(client, "PUT", sku, put)).json()
            assert answer["status"] == "ACCEPTED", answer
            await clock.advance(SHOWN_AFTER)
            after = await item(client, sku)
            for each in (before, after):
                del each["summaries"][0]["lastUpdatedDate"]
            assert after == before


async def test_other_attributes_are_kept_as_they_were_sent(clock: FakeClock, market: Market) -> None:
    brand = {"value": "Contoso", "language_tag": "en_GB", "marketplace_id": GB}
    listing = next(each for each in market.listings.all() if each.standing == "Incomplete")
    kind = listing.product_type
    async with connected(market) as client:
        await patch(client, listing.sku, replace("brand", brand), product_type=kind)
        delete = {"op": "delete", "path": "/attributes/bullet_point"}
        await patch(client, listing.sku, delete, merge(STOCK, stock(quantity=1)), product_type=kind)
        await clock.advance(SHOWN_AFTER)
        shown = await item(client, listing.sku)
    assert shown["attributes"]["brand"] == [brand] and "bullet_point" not in shown["attributes"]
    assert shown["issues"] == [] and shown["summaries"][0]["status"] == ["BUYABLE", "DISCOVERABLE"]


async def test_a_report_shows_what_was_written(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        await patch(client, "MUG-RED", merge(STOCK, stock(quantity=77)), replace(OFFERS, offer(1234.5)))
        await clock.advance(SHOWN_AFTER)
        first = await rows(client, await made(clock, client))
        await patch(client, "MUG-RED", merge(STOCK, stock(quantity=78)))
        await clock.advance(1860)
        cached = await rows(client, await made(clock, client))
        await clock.advance(1860)
        await client.log_in()
        later = await rows(client, await made(clock, client))
    told = [
        [row["quantity"] for row in report if row["seller-sku"] == "MUG-RED"]
        for report in (first, cached, later)
    ]
    assert told == [["77"], ["77"], ["78"]]
    prices = {row["price"].replace(",", "") for row in first if row["seller-sku"] == "MUG-RED"}
    assert prices == {"1234.50"}
