"""What goes wrong at the sandbox on request, and its token endpoint."""

import json
from collections import Counter
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import anyio
import httpx
import pytest

from channeld.sandbox import Market, SandboxOptions
from channeld.sandbox.poison import POISONS
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import ALL_DATA, PARTICIPATIONS, SandboxClient, connected

RATES = {"searchOrders": 1000.0, "getOrder": 1000.0, "getMarketplaceParticipations": 1000.0}


@pytest.fixture
def market(clock: FakeClock) -> Market:
    """Five orders of the first account, nothing throttled."""
    market = Market(clock, SandboxOptions(rates=RATES))
    for age in range(5, 0, -1):
        market.place_order(at=START - timedelta(hours=age))
    return market


async def statuses(client: SandboxClient, number: int) -> list[int]:
    return [(await client.get(PARTICIPATIONS)).status_code for _ in range(number)]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("throttle_burst", 429, "QuotaExceeded"),
        ("error_500", 500, "InternalFailure"),
        ("error_503", 503, "ServiceUnavailable"),
    ],
)
async def test_planned_errors_come_so_many_times(market: Market, fault: str, status: int, code: str) -> None:
    market.faults.plan(fault, 2)
    async with connected(market) as client:
        first = await client.get(PARTICIPATIONS)
        assert (first.status_code, first.json()["errors"][0]["code"]) == (status, code)
        assert first.headers["x-amzn-RequestId"]
        assert await statuses(client, 2) == [status, 200]
    assert not market.truth.over_budget


async def test_a_fault_can_be_kept_to_an_account_and_an_operation(market: Market) -> None:
    market.faults.plan("error_500", None, seller_id="A1SANDBOXEU", operation="searchOrders")
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        assert [(await client.search()).status_code for _ in range(2)] == [500, 500]
        assert await statuses(client, 1) == [200]
        assert (await other.search()).status_code == 200
        market.faults.clear()
        assert (await client.search()).status_code == 200


async def test_faults_by_chance_follow_the_seed(clock: FakeClock) -> None:
    runs: list[list[int]] = []
    for seed in (1, 1, 2):
        market = Market(clock, SandboxOptions(seed=seed, rates=RATES, faults={"error_503": 0.3}))
        async with connected(market) as client:
            runs.append(await statuses(client, 15))
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 503}


async def test_a_throttle_burst_by_chance_lasts_ten_requests(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(rates=RATES, faults={"throttle_burst": 1.0}))
    async with connected(market) as client:
        assert await statuses(client, 1) == [429]
        market.faults.rates.clear()
        assert await statuses(client, 10) == [429] * 9 + [200]


@pytest.mark.parametrize(
    ("fault", "error"), [("timeout", httpx.TimeoutException), ("reset", httpx.NetworkError)]
)
async def test_no_answer_in_one_process_is_the_error_that_the_client_would_see(
    market: Market, fault: str, error: type[Exception]
) -> None:
    market.faults.plan(fault, operation="searchOrders")
    async with connected(market) as client:
        with pytest.raises(error):
            await client.search()
    assert market.truth.counted("searchOrders", status=0) == 1


async def test_a_truncated_page_is_not_json(market: Market) -> None:
    market.faults.plan("truncated", operation="searchOrders")
    async with connected(market) as client:
        answer = await client.search()
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()
        assert len((await client.search()).json()["orders"]) == 5


async def test_a_missing_order_comes_with_the_next_search(market: Market) -> None:
    lost = list(market.orders())[2]
    market.faults.plan("missing_orders", order_id=lost)
    async with connected(market) as client:
        without, whole = await client.found(), await client.found()
    assert [order["orderId"] for order in whole] == list(market.orders())
    assert lost not in [order["orderId"] for order in without] and len(without) == 4


@pytest.mark.parametrize("size", ["2", "5", "100"])
async def test_a_duplicate_comes_in_the_page_or_on_the_next(market: Market, size: str) -> None:
    twice = list(market.orders())[1]
    market.faults.plan("duplicates", order_id=twice)
    async with connected(market) as client:
        found = Counter(order["orderId"] for order in await client.found(maxResultsPerPage=size))
    assert found == Counter([*market.orders(), twice])


async def test_a_search_can_lack_its_bound(market: Market) -> None:
    market.faults.plan("missing_bound")
    async with connected(market) as client:
        assert "lastUpdatedBefore" not in (await client.search()).json()
        assert "lastUpdatedBefore" in (await client.search()).json()


async def test_the_date_header_can_be_off(market: Market) -> None:
    async with connected(market) as client:
        market.faults.plan("clock_skew")
        skewed, right = [(await client.get(PARTICIPATIONS)).headers["date"] for _ in range(2)]
    assert parsedate_to_datetime(right) == START
    assert abs(parsedate_to_datetime(skewed) - START) > timedelta(minutes=10)


@pytest.mark.parametrize("kind", POISONS)
async def test_a_poisoned_order_is_one_of_its_page_only(market: Market, kind: str) -> None:
    victim = list(market.orders())[1]
    market.faults.plan("poison", detail=kind, order_id=victim)
    async with connected(market) as client:
        poisoned: list[dict[str, Any]] = await client.found(includedData=ALL_DATA)
        sound: list[dict[str, Any]] = await client.found(includedData=ALL_DATA)
    assert [position for position in range(5) if poisoned[position] != sound[position]] == [1]


async def test_latency_is_by_the_clock(market: Market, clock: FakeClock) -> None:
    async with connected(market) as client:
        market.faults.plan("latency", detail="2.5")
        answers: list[httpx.Response] = []

        async def ask() -> None:
            answers.append(await client.get(PARTICIPATIONS))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await clock.advance(2.4)
            assert not answers
            await clock.advance(0.2)
        assert answers[0].status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"refresh_token": "Atzr|wrong"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_wrong_credentials(market: Market, form: dict[str, str], status: int, error: str) -> None:
    async with connected(market) as client:
        answer = await client.exchange(**form)
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error)
    assert body["error_description"]
    assert body["request_id"] == answer.headers["x-amzn-RequestId"]
    assert market.truth.tokens_issued == {"A1SANDBOXEU": 1}


async def test_a_token_exchange_is_a_form(market: Market) -> None:
    async with connected(market) as client:
        good = await client.exchange()
        assert good.json().keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
        assert (good.json()["token_type"], good.json()["expires_in"]) == ("bearer", 3600)
        answer = await client.http.post("/auth/o2/token", json={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_a_revoked_authorization_ends_its_tokens(market: Market) -> None:
    async with connected(market) as client:
        market.revoke("A1SANDBOXEU")
        assert (await client.get(PARTICIPATIONS)).status_code == 403
        assert (await client.exchange()).json()["error"] == "invalid_grant"


async def test_a_rotated_secret_refuses_the_old_one_and_spares_tokens(market: Market) -> None:
    async with connected(market) as client:
        secret = market.rotate_secret("A1SANDBOXEU")
        assert (await client.exchange()).json()["error"] == "invalid_client"
        assert (await client.get(PARTICIPATIONS)).status_code == 200
        assert (await client.exchange(client_secret=secret)).status_code == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [("lwa_server_error", "server_error"), ("lwa_unavailable", "temporarily_unavailable")],
)
async def test_the_token_endpoint_can_be_ill(market: Market, fault: str, error: str) -> None:
    async with connected(market) as client:
        market.faults.plan(fault)
        answer = await client.exchange()
        assert (answer.status_code // 100, answer.json()["error"]) == (5, error)
        assert (await client.exchange()).status_code == 200


def test_an_unknown_fault_cannot_be_planned(market: Market) -> None:
    with pytest.raises(ValueError, match="known are"):
        market.faults.plan("explosion")
