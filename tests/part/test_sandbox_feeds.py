"""Feeds at the sandbox: documents, lanes and statuses, budgets, and what can go wrong on the way."""

import gzip
from typing import Any

import httpx
import pytest

from channeld.sandbox import Line, Market, Order, SandboxOptions
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import SandboxClient, connected
from tests.support.sandbox_feeds import (
    DOCUMENTS,
    FEEDS,
    XML,
    create_feed,
    envelope,
    fulfillment,
    report,
    results,
    upload,
)

GB, US = "A1F83G8C2ARO7P", "ATVPDKIKX0DER"
SHIP, CANCEL = "POST_ORDER_FULFILLMENT_DATA", "POST_ORDER_ACKNOWLEDGEMENT_DATA"
RATES: dict[str, float] = {
    "createFeed": 1000.0,
    "createFeedDocument": 1000.0,
    "getFeed": 1000.0,
    "getFeeds": 1000.0,
    "getFeedDocument": 1000.0,
}


@pytest.fixture
def market(clock: FakeClock) -> Market:
    return Market(clock, SandboxOptions(rates=RATES))


@pytest.fixture
def order(market: Market) -> Order:
    return market.place_order(country="GB", lines=(Line(sku="A", quantity=3),))


async def ship(client: SandboxClient, *orders: Order) -> str:
    """The id of a feed that ships these orders whole."""
    content = envelope("OrderFulfillment", *(fulfillment(order.order_id) for order in orders))
    answer = await create_feed(client, SHIP, content)
    assert answer.status_code == 202
    return answer.json()["feedId"]


async def read(client: SandboxClient, feed_id: str) -> dict[str, Any]:
    return (await client.get(f"{FEEDS}/{feed_id}")).json()


async def status(client: SandboxClient, feed_id: str) -> str:
    return (await read(client, feed_id))["processingStatus"]


async def test_a_feed_goes_from_the_queue_to_its_report(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        feed_id = await ship(client, order)
        queued = await read(client, feed_id)
        assert queued == {
            "feedId": feed_id,
            "feedType": SHIP,
            "marketplaceIds": [GB],
            "createdTime": "2026-11-22T09:00:00Z",
            "processingStatus": "IN_QUEUE",
        }
        await clock.advance(15)
        assert await status(client, feed_id) == "IN_PROGRESS"
        await clock.advance(45.01)
        assert await status(client, feed_id) == "IN_PROGRESS"
        assert market.order(order.order_id) == order
        await clock.advance(0.01)
        done = await read(client, feed_id)
        assert (done["processingStatus"], done["processingEndTime"]) == ("DONE", "2026-11-22T09:01:00Z")
        assert results(await report(client, done)) == ((1, 1, 0), {})
    assert market.order(order.order_id).status == "SHIPPED"


async def test_what_a_feed_does_shows_when_it_was_due_whoever_looks_first(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        await ship(client, order)
        await clock.advance(300)
        (found,) = await client.found()
    assert found["lastUpdatedTime"] == "2026-11-22T09:01:00.020Z"


async def test_one_feed_of_a_type_at_a_time_other_types_and_sellers_beside_it(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        first, second = await ship(client, order), await ship(client, order)
        beside = (await create_feed(client, CANCEL, envelope("OrderAcknowledgement"))).json()["feedId"]
        theirs = await create_feed(other, SHIP, envelope("OrderFulfillment"), US)
        await clock.advance(61)
        assert [await status(client, each) for each in (first, second, beside)] == [
            "DONE",
            "IN_QUEUE",
            "DONE",
        ]
        assert await status(other, theirs.json()["feedId"]) == "DONE"
        await clock.advance(60)
        assert await status(client, second) == "DONE"


async def test_cancel_only_in_the_queue(clock: FakeClock, market: Market, order: Order) -> None:
    async with connected(market) as client:
        first, second = await ship(client, order), await ship(client, order)
        await clock.advance(20)
        refused, taken = [
            await client.http.delete(f"{FEEDS}/{each}", headers=client.headers) for each in (first, second)
        ]
        assert (refused.status_code, taken.status_code) == (400, 200)
        await clock.advance(200)
        assert [await status(client, each) for each in (first, second)] == ["DONE", "CANCELLED"]
        assert "resultFeedDocumentId" not in await read(client, second)
    assert set(market.truth.effects.values()) == {1}


async def test_an_upload_address_takes_one_put_of_its_type_without_token_in_time(
    clock: FakeClock, market: Market
) -> None:
    async with connected(market) as client:

        async def put(url: str, **headers: str) -> int:
            answer = await client.http.put(url, content=b"<x/>", headers={"content-type": XML, **headers})
            return answer.status_code

        made = [(await client.post(DOCUMENTS, {"contentType": XML})) for _ in range(2)]
        assert {answer.status_code for answer in made} == {201}
        first, second = (answer.json()["url"] for answer in made)
        assert first.startswith("http://sandbox/")
        token = client.headers["x-amz-access-token"]
        refused = [await put(first, **{"content-type": "text/plain"}), await put(first, Authorization="x")]
        refused += [await put(first, **{"x-amz-access-token": token}), await put(first + "0")]
        assert refused == [403] * 4
        assert [await put(first), await put(first)] == [200, 403]
        await clock.advance(300)
        assert await put(second) == 403
        assert (await client.http.get(first)).status_code == 403


async def test_a_result_address_expires_and_can_be_asked_for_again(
    clock: FakeClock, order: Order, market: Market
) -> None:
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        feed_id = await ship(client, order)
        await clock.advance(70)
        path = f"{DOCUMENTS}/{(await read(client, feed_id))['resultFeedDocumentId']}"
        url = (await client.get(path)).json()["url"]
        assert (await client.http.get(url)).headers["content-type"] == XML
        await clock.advance(300)
        assert (await client.http.get(url)).status_code == 403
        again = (await client.get(path)).json()["url"]
        assert (await client.http.get(again)).status_code == 200
        assert (await other.get(path)).status_code == 404
        assert (await other.get(f"{FEEDS}/{feed_id}")).status_code == 404


async def test_results_can_be_compressed(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(rates=RATES, gzip_results=True))
    order = market.place_order(country="GB")
    async with connected(market) as client:
        feed_id = await ship(client, order)
        await clock.advance(70)
        feed = await read(client, feed_id)
        path = f"{DOCUMENTS}/{feed['resultFeedDocumentId']}"
        where = (await client.get(path)).json()
        assert where["compressionAlgorithm"] == "GZIP"
        inflated = (await client.get(path, {"enableContentEncodingUrlHeader": "true"})).json()["url"]
        plain = (await client.http.get(inflated)).content
        assert gzip.decompress((await client.http.get(where["url"])).content) == plain
        assert results(await report(client, feed)) == ((1, 1, 0), {})


async def test_lists_are_newest_first_and_filtered_and_paged(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        ids: list[str] = []
        for _ in range(3):
            ids.append(await ship(client, order))
            await clock.advance(40)
        await create_feed(client, CANCEL, envelope("OrderAcknowledgement"))
        page = (await client.get(FEEDS, {"feedTypes": SHIP, "pageSize": "2"})).json()
        rest = (await client.get(FEEDS, {"nextToken": page["nextToken"]})).json()
        assert [feed["feedId"] for feed in page["feeds"] + rest["feeds"]] == ids[::-1]
        assert "nextToken" not in rest
        done = await client.get(FEEDS, {"feedTypes": SHIP, "processingStatuses": "DONE"})
        assert [feed["feedId"] for feed in done.json()["feeds"]] == [ids[0]]
        span = {"createdSince": "2026-11-22T09:00:10Z", "createdUntil": "2026-11-22T09:00:50Z"}
        one = await client.get(FEEDS, {"feedTypes": SHIP, **span})
        assert [feed["feedId"] for feed in one.json()["feeds"]] == [ids[1]]
        wrong = [{}, {"pageSize": "5"}, {"feedTypes": SHIP, "nextToken": "x"}, {"nextToken": "x"}]
        wrong += [{"feedTypes": SHIP, "processingStatuses": "FINISHED"}, {"feedTypes": SHIP, "pageSize": "0"}]
        assert {(await client.get(FEEDS, params)).status_code for params in wrong} == {400}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 202),
        ({"feedOptions": {"a": "b"}}, 202),
        ({"feedType": "POST_PRODUCT_DATA"}, 400),
        ({"feedType": None}, 400),
        ({"marketplaceIds": []}, 400),
        ({"marketplaceIds": [GB] * 26}, 400),
        ({"marketplaceIds": [US]}, 403),
        ({"inputFeedDocumentId": "amzn1.tortuga.none"}, 400),
    ],
)
async def test_what_create_feed_checks(market: Market, changed: dict[str, Any], expected: int) -> None:
    async with connected(market) as client:
        body: dict[str, Any] = {"feedType": SHIP, "marketplaceIds": [GB]}
        body["inputFeedDocumentId"] = await upload(client, "<x/>")
        assert (await client.post(FEEDS, body | changed)).status_code == expected


async def test_a_document_never_uploaded_ends_fatal(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        made = (await client.post(DOCUMENTS, {"contentType": XML})).json()["feedDocumentId"]
        body = {"feedType": SHIP, "marketplaceIds": [GB], "inputFeedDocumentId": made}
        feed_id = (await client.post(FEEDS, body)).json()["feedId"]
        await clock.advance(60)
        assert await status(client, feed_id) == "FATAL"


async def test_a_document_that_breaks_the_schema_does_nothing(
    clock: FakeClock, market: Market, order: Order
) -> None:
    good = fulfillment(order.order_id)
    content = envelope("OrderFulfillment", good, good.replace("FulfillmentDate", "ShipDate"))
    async with connected(market) as client:
        feed_id = (await create_feed(client, SHIP, content)).json()["feedId"]
        await clock.advance(61)
        element = await report(client, await read(client, feed_id))
    counts, errors = results(element)
    assert (counts, list(errors)) == ((0, 0, 1), ["0"])
    assert element.findtext("Result/ResultMessageCode") == "5000"
    assert not market.truth.effects


async def test_where_the_seller_is_suspended_feeds_are_cancelled_at_once(
    market: Market, order: Order
) -> None:
    market.suspend("A1SANDBOXEU", "GB")
    async with connected(market) as client:
        assert await status(client, await ship(client, order)) == "CANCELLED"


async def test_a_stuck_feed_moves_later_and_holds_its_lane(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.faults.plan("feed_stuck", detail="3600", operation=SHIP)
    async with connected(market) as client:
        stuck, behind = await ship(client, order), await ship(client, order)
        await clock.advance(3600)
        await client.log_in()
        assert [await status(client, each) for each in (stuck, behind)] == ["IN_PROGRESS", "IN_QUEUE"]
        await clock.advance(61)
        assert [await status(client, each) for each in (stuck, behind)] == ["DONE", "IN_QUEUE"]


@pytest.mark.parametrize(("detail", "done"), [("", 1), ("none", 0), ("all", 2)])
async def test_a_fatal_feed_may_have_done_part(
    clock: FakeClock, market: Market, order: Order, detail: str, done: int
) -> None:
    market.faults.plan("feed_fatal", detail=detail)
    async with connected(market) as client:
        feed_id = await ship(client, order, market.place_order(country="GB"))
        await clock.advance(61)
        feed = await read(client, feed_id)
    assert (feed["processingStatus"], "resultFeedDocumentId" in feed) == ("FATAL", False)
    assert market.truth.effects.total() == done


@pytest.mark.parametrize(("detail", "counts", "errors"), [("", (1, 0, 1), 0), ("results", (1, 1, 0), 1)])
async def test_a_report_can_contradict_itself(
    clock: FakeClock, market: Market, order: Order, detail: str, counts: tuple[int, ...], errors: int
) -> None:
    market.faults.plan("report_contradicts", detail=detail)
    async with connected(market) as client:
        feed_id = await ship(client, order)
        await clock.advance(61)
        told, listed = results(await report(client, await read(client, feed_id)))
    assert (told, len(listed)) == (counts, errors)
    assert market.truth.effects.total() == 1


async def test_feeds_cancelled_at_once_and_reports_that_are_missing(
    clock: FakeClock, market: Market, order: Order
) -> None:
    async with connected(market) as client:
        market.faults.plan("feed_cancelled")
        assert await status(client, await ship(client, order)) == "CANCELLED"
        market.faults.plan("report_missing")
        feed_id = await ship(client, order)
        await clock.advance(61)
        feed = await read(client, feed_id)
    assert (feed["processingStatus"], "resultFeedDocumentId" in feed) == ("DONE", False)


async def test_the_connection_can_be_cut_after_the_feed_was_created(
    clock: FakeClock, market: Market, order: Order
) -> None:
    market.faults.plan("reset_after", operation="createFeed")
    async with connected(market) as client:
        with pytest.raises(httpx.NetworkError):
            await ship(client, order)
        (feed,) = (await client.get(FEEDS, {"feedTypes": SHIP})).json()["feeds"]
        await clock.advance(61)
        assert await status(client, feed["feedId"]) == "DONE"
    assert market.truth.effects.total() == 1


async def test_the_storage_has_faults_of_its_own(clock: FakeClock, market: Market, order: Order) -> None:
    async with connected(market) as client:
        market.faults.plan("error_503", operation="uploadDocument")
        url = (await client.post(DOCUMENTS, {"contentType": XML})).json()["url"]
        answers = [
            (await client.http.put(url, content=b"<x/>", headers={"content-type": XML})).status_code
            for _ in range(2)
        ]
        assert answers == [503, 200]
        feed_id = await ship(client, order)
        await clock.advance(61)
        market.faults.plan("truncated", operation="downloadDocument")
        where = (
            await client.get(f"{DOCUMENTS}/{(await read(client, feed_id))['resultFeedDocumentId']}")
        ).json()
        half, whole = [(await client.http.get(where["url"])).content for _ in range(2)]
        assert whole.startswith(half) and len(half) < len(whole)


async def test_budgets_are_as_published(clock: FakeClock) -> None:
    async with connected(Market(clock)) as client:
        made = [(await client.post(DOCUMENTS, {"contentType": XML})).status_code for _ in range(16)]
        assert made == [201] * 15 + [429]
        lists = [(await client.get(FEEDS, {"feedTypes": SHIP})).status_code for _ in range(11)]
        assert lists == [200] * 10 + [429]
        body = {"feedType": SHIP, "marketplaceIds": [GB], "inputFeedDocumentId": "none"}
        feeds = [(await client.post(FEEDS, body)).status_code for _ in range(16)]
        assert feeds == [400] * 15 + [429]
