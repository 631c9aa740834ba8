"""JSON_LISTINGS_FEED at the sandbox: its schema, its messages, its report, its lane, and what goes wrong."""

import json
from typing import Any

import pytest

from channeld.sandbox import Market, SandboxOptions
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import connected
from tests.support.sandbox_feeds import FEEDS, OFTEN
from tests.support.sandbox_listings import (
    SHOWN_AFTER,
    create,
    document,
    feed_of,
    item,
    merge,
    message,
    offer,
    patch,
    replace,
    result_of,
    stock,
)
from tests.support.sandbox_reports import DE, GB

STOCK, OFFERS = "fulfillment_availability", "purchasable_offer"
SELLER, LISTINGS = "A1SANDBOXEU", "JSON_LISTINGS_FEED"


@pytest.fixture
def market(clock: FakeClock) -> Market:
    market = Market(clock, SandboxOptions(listings=300, rates=OFTEN))
    market.listings.stock(SELLER, "MUG-BLUE", START, quantity=8, lead_time=4)
    return market


def sets(number: int, quantity: int, sku: str = "MUG-BLUE") -> dict[str, Any]:
    return message(number, sku, patches=[merge(STOCK, stock(quantity=quantity))])


async def test_each_operation_does_its_own(clock: FakeClock, market: Market) -> None:
    texts = [{"value": "New", "language_tag": "en_GB", "marketplace_id": GB}]
    facts = ("item_name", "product_description", "bullet_point")
    whole = dict.fromkeys(facts, texts) | {"condition_type": [{"value": "new_new", "marketplace_id": GB}]}
    content = document(
        sets(3, 5),
        message(
            1, "MUG-RED", "PARTIAL_UPDATE", attributes={STOCK: [stock(quantity=6)], OFFERS: [offer(2.5)]}
        ),
        message(7, "CABLE-2M", "UPDATE", attributes=whole | {OFFERS: [offer(3)], STOCK: [stock(quantity=7)]}),
        message(8, "NOTEBOOK-A5", "DELETE"),
    )
    async with connected(market) as client:
        told = await result_of(clock, client, content)
        await clock.advance(SHOWN_AFTER)
    assert told == {
        "header": {"sellerId": SELLER, "version": "2.0", "feedId": told["header"]["feedId"]},
        "issues": [],
        "summary": {
            "errors": 0,
            "warnings": 0,
            "messagesProcessed": 4,
            "messagesAccepted": 4,
            "messagesInvalid": 0,
        },
    }
    blue, red, cable = (market.listings.get(sku) for sku in ("MUG-BLUE", "MUG-RED", "CABLE-2M"))
    assert (blue.quantity, blue.lead_time) == (5, 4)
    assert (red.quantity, red.price, red.title) == (6, 250, "Stoneware mug, red")
    assert (cable.quantity, cable.price, cable.title, cable.standing) == (7, 300, "New", "Active")
    with pytest.raises(KeyError):
        market.listings.get("NOTEBOOK-A5")
    assert market.listings.get("MUG-BLUE", country="DE").quantity == 5
    (entry,) = market.truth.applied(SELLER, "MUG-RED")
    assert (entry.route, entry.submission) == (LISTINGS, told["header"]["feedId"])
    assert (entry.at, entry.quantity, entry.price) == (START, 6, 250)


async def test_each_message_is_judged_by_itself(clock: FakeClock, market: Market) -> None:
    good = [merge(STOCK, stock(quantity=1))]
    wrong = [
        sets(2, -1),
        sets(3, 1, sku="NOBODY"),
        message(4, "MUG-RED", patches=[replace("a/b", stock())]),
        message(5, "MUG-RED", "MOVE", patches=good),
        message(6, "", patches=good),
        message(7, "MUG-RED", attributes={STOCK: [stock()]}),
        message(8, "MUG-RED", patches=[]),
        message(9, "MUG-RED", patches=good, requirements="LISTING"),
        message(10, "MUG-RED", "DELETE", productType="PRODUCT"),
        message(11, "MUG-RED", "UPDATE", attributes={STOCK: [stock(quantity=1)]}, patches=good),
        message(12, "MUG-RED", "PARTIAL_UPDATE", attributes={}),
        message(13, "MUG-RED", "PARTIAL_UPDATE", attributes={STOCK: 7}),
        {"messageId": 14, "sku": "MUG-RED", "operationType": "PATCH", "patches": good},
    ]
    async with connected(market) as client:
        told = await result_of(clock, client, document(sets(1, 3), *wrong, sets(15, 9, sku="CABLE-2M")))
        await clock.advance(SHOWN_AFTER)
    assert {issue["messageId"] for issue in told["issues"]} == set(range(2, 15))
    assert all(issue["severity"] == "ERROR" and issue["message"] for issue in told["issues"])
    assert told["issues"][0]["sku"] == "MUG-BLUE" and told["issues"][0]["attributeName"] == STOCK
    summary = told["summary"]
    counts = [summary[f"messages{what}"] for what in ("Processed", "Accepted", "Invalid")]
    assert counts == [15, 2, 13] and summary["errors"] == len(told["issues"])
    assert market.listings.get("MUG-RED").quantity == 201
    assert (market.listings.get("MUG-BLUE").quantity, market.listings.get("CABLE-2M").quantity) == (3, 9)


@pytest.mark.parametrize(
    "content",
    [
        b"<xml/>",
        b"{",
        b"\xff",
        document(),
        document(sets(1, 1), version="1.0"),
        document(sets(1, 1), sellerId="A9OTHER"),
        document(sets(1, 1), sets(1, 2)),
        document(sets(0, 1)),
        document(sets(2**31, 1)),
        document({"sku": "MUG-BLUE", "operationType": "DELETE"}),
        document(sets(1, 1), report={"includedData": [], "apiVersion": "2021-08-01"}),
        document(sets(1, 1), report={"includedData": ["everything"], "apiVersion": "2021-08-01"}),
        document(*(sets(number, 1) for number in range(1, 25_002))),
        b" " * (10 * 1024 * 1024) + b"{}",
    ],
)
async def test_a_document_that_breaks_the_schema_does_nothing(
    clock: FakeClock, market: Market, content: Any
) -> None:
    async with connected(market) as client:
        created = await create(client, content)
        await clock.advance(600)
        feed = await feed_of(client, created)
    assert feed["processingStatus"] == "DONE"
    held = market.documents.get(feed["resultFeedDocumentId"], SELLER)
    assert held is not None and held.content is not None
    told = json.loads(held.content)
    (issue,) = told["issues"]
    assert issue["severity"] == "ERROR" and "messageId" not in issue
    summary = told["summary"]
    assert [summary[f"messages{what}"] for what in ("Processed", "Accepted", "Invalid")] == [0, 0, 0]
    assert not market.truth.told


async def test_the_report_shows_the_listings_when_it_is_asked_to(clock: FakeClock, market: Market) -> None:
    wanted = {"includedData": ["summaries", "issues", "procurement"], "apiVersion": "2021-08-01"}
    async with connected(market) as client:
        told = await result_of(clock, client, document(sets(1, 3), sets(2, -1, "MUG-RED"), report=wanted))
    assert told["header"]["report"] == wanted
    assert told["summary"]["itemSummary"] == {"items": 1, "errors": 0, "warnings": 0}
    (shown,) = told["items"]
    assert shown["sku"] == "MUG-BLUE" and set(shown) == {"sku", "summaries", "issues"}


async def test_feeds_of_a_seller_wait_for_one_another_and_take_longer_the_larger_they_are(
    clock: FakeClock, market: Market
) -> None:
    async with connected(market) as client:
        first = await create(client, document(*(sets(number, number) for number in range(1, 501))))
        second = await create(client, document(sets(1, 999)))

        async def statuses() -> list[str]:
            return [(await feed_of(client, each))["processingStatus"] for each in (first, second)]

        await clock.advance(69.9)
        assert await statuses() == ["IN_PROGRESS", "IN_QUEUE"]
        await clock.advance(0.2)
        assert await statuses() == ["DONE", "IN_QUEUE"]
        await clock.advance(3)
        assert market.listings.get("MUG-BLUE").quantity == 500
        await clock.advance(61)
        assert await statuses() == ["DONE", "DONE"]
        assert market.listings.get("MUG-BLUE").quantity == 999
    assert [each.quantity for each in market.truth.applied(SELLER, "MUG-BLUE")] == [*range(1, 501), 999]


async def test_five_submissions_in_five_minutes(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        answers = [await create(client, document(sets(1, 1))) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [202] * 5 + [429]
        assert answers[5].json()["errors"][0]["code"] == "QuotaExceeded"
        assert market.truth.over_budget[SELLER, "createFeed"] == 1
        await clock.advance(299)
        assert (await create(client, document(sets(1, 1)))).status_code == 429
        await clock.advance(1)
        assert (await create(client, document(sets(1, 1)))).status_code == 202


async def test_a_feed_is_for_one_marketplace(market: Market) -> None:
    async with connected(market) as client:
        answer = await create(client, document(sets(1, 1)), (GB, DE))
    assert answer.status_code == 400


async def test_a_feed_that_sticks_blocks_its_lane_and_applies_its_old_values_late(
    clock: FakeClock, market: Market
) -> None:
    market.faults.plan("feed_stuck", detail="1800", operation=LISTINGS)
    async with connected(market) as client:
        stuck = await create(client, document(sets(1, 1)))
        behind = await create(client, document(sets(1, 2, sku="MUG-RED")))
        await clock.advance(600)
        assert (await feed_of(client, stuck))["processingStatus"] == "IN_PROGRESS"
        assert (
            await client.http.delete(f"{FEEDS}/{stuck.json()['feedId']}", headers=client.headers)
        ).is_error
        await patch(client, "MUG-BLUE", merge(STOCK, stock(quantity=5)))
        await clock.advance(SHOWN_AFTER)
        assert (await item(client, "MUG-BLUE"))["fulfillmentAvailability"][0]["quantity"] == 5
        assert (await feed_of(client, behind))["processingStatus"] == "IN_QUEUE"
        await clock.advance(1300)
        assert (await item(client, "MUG-BLUE"))["fulfillmentAvailability"][0]["quantity"] == 1
    told = market.truth.told[SELLER, "MUG-BLUE"]
    assert [(each.route, each.quantity) for each in told] == [("patchListingsItem", 5), (LISTINGS, 1)]
    assert told[1].at == START and [each.quantity for each in market.truth.applied(SELLER, "MUG-BLUE")] == [
        5,
        1,
    ]


async def test_a_feed_that_ends_in_time_may_apply_late(clock: FakeClock, market: Market) -> None:
    market.faults.plan("late_effect", detail="3600", operation=LISTINGS, sku="MUG-BLUE")
    async with connected(market) as client:
        told = await result_of(clock, client, document(sets(1, 1), sets(2, 2, sku="MUG-RED")))
        await clock.advance(SHOWN_AFTER)
        assert told["summary"]["messagesAccepted"] == 2
        assert (market.listings.get("MUG-BLUE").quantity, market.listings.get("MUG-RED").quantity) == (8, 2)
        await clock.advance(3600)
    assert market.listings.get("MUG-BLUE").quantity == 1


@pytest.mark.parametrize(("detail", "done"), [("", 1), ("none", 0), ("all", 2)])
async def test_a_fatal_feed_may_have_done_a_part(
    clock: FakeClock, market: Market, detail: str, done: int
) -> None:
    market.faults.plan("feed_fatal", detail=detail, operation=LISTINGS)
    async with connected(market) as client:
        created = await create(client, document(sets(1, 1), sets(2, 1, sku="MUG-RED")))
        await clock.advance(61)
        feed = await feed_of(client, created)
        await clock.advance(SHOWN_AFTER)
    assert feed["processingStatus"] == "FATAL" and "resultFeedDocumentId" not in feed
    after = [market.listings.get(sku).quantity for sku in ("MUG-BLUE", "MUG-RED")]
    assert after.count(1) == done


@pytest.mark.parametrize("detail", ["", "results"])
async def test_a_report_may_contradict_itself(clock: FakeClock, market: Market, detail: str) -> None:
    market.faults.plan("report_contradicts", detail=detail, operation=LISTINGS)
    async with connected(market) as client:
        told = await result_of(clock, client, document(sets(1, 1), sets(2, 1, sku="MUG-RED")))
    counted = told["summary"]["messagesInvalid"]
    assert (counted, len(told["issues"])) == ((0, 1) if detail else (1, 0))


async def test_a_message_may_be_refused_or_do_nothing(clock: FakeClock, market: Market) -> None:
    market.faults.plan("write_invalid", operation=LISTINGS, sku="MUG-BLUE")
    market.faults.plan("no_effect", operation=LISTINGS, sku="MUG-RED")
    async with connected(market) as client:
        told = await result_of(clock, client, document(sets(1, 1), sets(2, 1, sku="MUG-RED")))
        await clock.advance(SHOWN_AFTER)
    assert [issue["messageId"] for issue in told["issues"]] == [1]
    assert [market.listings.get(sku).quantity for sku in ("MUG-BLUE", "MUG-RED")] == [8, 201]
    assert market.truth.writes == {(SELLER, LISTINGS, "INVALID"): 1, (SELLER, LISTINGS, "ACCEPTED"): 1}


async def test_a_result_may_be_compressed(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=10, gzip_results=True))
    async with connected(market) as client:
        assert (await result_of(clock, client, document(sets(1, 1))))["issues"] == []
