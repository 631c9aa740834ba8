"""The sandbox refuses what Amazon refuses, in Amazon's shape, and keeps its budgets exactly."""

import pytest

from channeld.sandbox import Market, SandboxOptions
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import ALL_DATA, LONG_AGO, ORDERS, PARTICIPATIONS, connected

DE, GB, US = "A1PA6795UKMFR9", "A1F83G8C2ARO7P", "ATVPDKIKX0DER"
ES = "A1RKKUPIHCS9HS"


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"marketplaceIds": GB}, 400),
        ({"lastUpdatedAfter": LONG_AGO, "createdAfter": LONG_AGO}, 400),
        ({"lastUpdatedAfter": LONG_AGO, "createdBefore": "2026-11-01T00:00:00Z"}, 400),
        ({"lastUpdatedAfter": "2026-11-02T00:00:00Z", "lastUpdatedBefore": "2026-11-01T00:00:00Z"}, 400),
        ({"lastUpdatedAfter": LONG_AGO, "lastUpdatedBefore": "2026-11-22T08:58:01Z"}, 400),
        ({"lastUpdatedAfter": LONG_AGO, "lastUpdatedBefore": "2026-11-22T08:58:00Z"}, 200),
        ({"lastUpdatedAfter": "2026-11-01T00:00:00"}, 400),
        ({"lastUpdatedAfter": "2026-11-01"}, 400),
        ({"lastUpdatedAfter": "yesterday"}, 400),
        ({"lastUpdatedAfter": "2026-11-01T00:00:00+01:00"}, 200),
        ({"createdAfter": LONG_AGO, "marketplaceIds": f"{GB},{DE}"}, 200),
        ({"createdAfter": LONG_AGO, "marketplaceIds": "NOWHERE"}, 400),
        ({"createdAfter": LONG_AGO, "marketplaceIds": US}, 403),
        ({"createdAfter": LONG_AGO, "marketplaceIds": ES}, 403),
        ({"createdAfter": LONG_AGO, "marketplaceIds": ",".join([GB] * 51)}, 400),
        ({"createdAfter": LONG_AGO, "maxResultsPerPage": "100"}, 200),
        ({"createdAfter": LONG_AGO, "maxResultsPerPage": "101"}, 400),
        ({"createdAfter": LONG_AGO, "maxResultsPerPage": "0"}, 400),
        ({"createdAfter": LONG_AGO, "includedData": "BUYER,EVERYTHING"}, 400),
        ({"createdAfter": LONG_AGO, "fulfillmentStatuses": "UNSHIPPED,PENDING"}, 200),
        ({"createdAfter": LONG_AGO, "fulfillmentStatuses": "Unshipped"}, 400),
        ({"createdAfter": LONG_AGO, "fulfilledBy": "MFN"}, 400),
        ({"createdAfter": LONG_AGO, "orderStatuses": "UNSHIPPED"}, 400),
        ({"createdAfter": LONG_AGO, "paginationToken": "made-up"}, 400),
    ],
)
async def test_parameters(clock: FakeClock, params: dict[str, str], status: int) -> None:
    market = Market(clock)
    async with connected(market) as client:
        answer = await client.get(ORDERS, params)
    assert answer.status_code == status
    assert answer.headers["x-amzn-RequestId"]
    if status != 200:
        (error,) = answer.json()["errors"]
        assert error["code"] == ("InvalidInput" if status == 400 else "Unauthorized")
        assert market.truth.counted("searchOrders", status=status) == sum(market.truth.invalid.values()) == 1


@pytest.mark.parametrize(
    ("agent", "status"),
    [
        ("Seller/2.1 (Language=Python/3.11; Platform=Linux)", 200),
        ("", 400),
        ("python-httpx/0.28", 400),
        ("Seller/2.1 (Platform=Linux)", 400),
        (f"Seller/2.1 (Language=Python/3.11; Extra={'x' * 500})", 400),
    ],
)
async def test_the_user_agent_is_mandatory_and_says_its_language(
    clock: FakeClock, agent: str, status: int
) -> None:
    async with connected(Market(clock)) as client:
        client.headers["user-agent"] = agent
        assert (await client.get(PARTICIPATIONS)).status_code == status


async def test_access_tokens_are_needed_right_and_fresh(clock: FakeClock) -> None:
    async with connected(Market(clock)) as client:
        await clock.advance(3599)
        assert (await client.get(PARTICIPATIONS)).status_code == 200
        await clock.advance(1)
        expired = await client.get(PARTICIPATIONS)
        client.headers["x-amz-access-token"] = "Atza|someone-elses"
        wrong = await client.get(PARTICIPATIONS)
        client.headers["x-amz-access-token"] = "Bearer x"
        malformed = await client.get(PARTICIPATIONS)
        del client.headers["x-amz-access-token"]
        missing = await client.get(PARTICIPATIONS)
    assert [answer.status_code for answer in (expired, wrong, malformed, missing)] == [403, 403, 401, 401]
    assert all("x-amzn-RateLimit-Limit" not in answer.headers for answer in (expired, wrong, missing))


async def test_only_the_sellers_own_orders_can_be_read(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(change_delay=0))
    mine, other = market.place_order("A1SANDBOXEU"), market.place_order("A2SANDBOXNA")
    async with connected(market) as client:
        assert (await client.get(f"{ORDERS}/{mine.order_id}")).status_code == 200
        for order_id in (other.order_id, "204-0000000-0000000"):
            answer = await client.get(f"{ORDERS}/{order_id}")
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NotFound")
        unknown = await client.get("/orders/v0/orders")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (404, "NotFound")


@pytest.mark.parametrize(
    ("path", "operation", "burst", "seconds"),
    [
        (f"{ORDERS}?lastUpdatedAfter={LONG_AGO}", "searchOrders", 20, 1 / 0.0056),
        (f"{ORDERS}/204-0000000-0000000", "getOrder", 30, 2),
        (PARTICIPATIONS, "getMarketplaceParticipations", 15, 62.5),
    ],
)
async def test_budgets_are_kept_exactly(
    clock: FakeClock, path: str, operation: str, burst: int, seconds: float
) -> None:
    market = Market(clock)
    async with connected(market) as client:
        answers = [(await client.get(path)).status_code for _ in range(burst + 2)]
        assert answers.count(429) == 2 and 429 not in answers[:burst]
        await clock.advance(seconds - 0.001)
        throttled = await client.get(path)
        await clock.advance(0.001)
        assert (await client.get(path)).status_code != 429
        assert (await client.get(path)).status_code == 429
    assert throttled.json()["errors"][0]["code"] == "QuotaExceeded"
    assert not {"retry-after", "x-amzn-ratelimit-limit"} & throttled.headers.keys()
    assert market.truth.over_budget["A1SANDBOXEU", operation] == 4
    assert market.truth.requests["A1SANDBOXEU", operation] == burst + 5


async def test_budgets_belong_to_the_account_and_speed_does_not_touch_them(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(speed=1000))
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        for _ in range(20):
            await client.search()
        await clock.advance(100)
        assert (await client.search()).status_code == 429
        assert (await other.search()).status_code == 200


async def test_a_granted_rate_is_announced_and_kept(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(rates={"searchOrders": 1.0}))
    async with connected(market) as client:
        assert (await client.search()).headers["x-amzn-RateLimit-Limit"] == "1.0"
        assert (await client.get(PARTICIPATIONS)).headers["x-amzn-RateLimit-Limit"] == "0.016"
        for _ in range(19):
            await client.search()
        assert (await client.search()).status_code == 429
        await clock.advance(1)
        assert (await client.search()).status_code == 200
        market.grant("searchOrders", 2.0)
        await clock.advance(0.5)
        assert (await client.search()).headers["x-amzn-RateLimit-Limit"] == "2.0"


async def test_participations_tell_marketplaces_and_suspension(clock: FakeClock) -> None:
    market = Market(clock)
    market.suspend("A1SANDBOXEU", "DE")
    async with connected(market) as client:
        rows = (await client.get(PARTICIPATIONS)).json()["payload"]
    standing = {row["marketplace"]["id"]: row["participation"] for row in rows}
    assert standing[GB] == {"isParticipating": True, "hasSuspendedListings": False}
    assert standing[DE] == {"isParticipating": False, "hasSuspendedListings": True}
    assert rows[0]["marketplace"] | {"id": GB} == {
        "id": GB,
        "countryCode": "GB",
        "name": "Amazon.co.uk",
        "defaultCurrencyCode": "GBP",
        "defaultLanguageCode": "en_GB",
        "domainName": "www.amazon.co.uk",
    }


async def test_without_included_data_only_the_basic_order_comes(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(change_delay=0))
    path = f"{ORDERS}/{market.place_order(status='SHIPPED').order_id}"
    async with connected(market) as client:
        basic = (await client.get(path)).json()["order"]
        parts = {
            name: (await client.get(path, {"includedData": name})).json()["order"].keys() - basic.keys()
            for name in ALL_DATA.split(",")
        }
    assert basic["orderItems"][0].keys() == {"orderItemId", "quantityOrdered", "product"}
    assert {name: added for name, added in parts.items() if added} == {
        "BUYER": {"buyer"},
        "RECIPIENT": {"recipient"},
        "PROCEEDS": {"proceeds"},
        "FULFILLMENT": {"fulfillment"},
        "PACKAGES": {"packages"},
        "PAYMENT": {"payment"},
    }
