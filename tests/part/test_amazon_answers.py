"""What Amazon's answers and refusals become (Amazon's reference 2.3–2.5, 4.1)."""

import gzip
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from channeld.amazon.errors import (
    AmazonError,
    BadRequest,
    NotFound,
    UnreadableAnswer,
)
from channeld.amazon.operations import GET_PARTICIPATIONS, Call
from channeld.amazon.orders import order_call, search_call, search_query
from tests.support.amazon_api import FINE, SECRETS, THING, Amazon, Rig, refusal, send
from tests.support.amazon_orders import order
from tests.support.fake_clock import FakeClock


async def test_an_answer_comes_with_all_that_is_worth_knowing(clock: FakeClock) -> None:
    amazon = Amazon(FINE)
    rig = Rig(clock, amazon)
    answer = await send(rig)
    assert (answer.value, answer.request_id, answer.rate, answer.attempts) == (b"fine", "req-9", 0.5, 1)
    assert answer.server_date == datetime(2026, 11, 22, 9, 0, 30, tzinfo=UTC)
    assert rig.budgets.snapshot()[0].rate == 0.5
    headers = amazon.requests[0].headers
    assert headers["x-amz-access-token"] == f"{SECRETS['access']}-1"
    assert "Language=Python/3." in headers["user-agent"]
    assert len(headers["user-agent"]) <= 500


BAD_RATES = ["", "0", "-1", "nan", "inf", "1e9", "fast", "0.0.1", "9" * 400, "0.00000001"]
DAMAGED = [b'{"orders": [{"orderId": "1", "buy', b"", b"<html>", b'{"orders": null}', b"[]"]


@pytest.mark.parametrize("rate", BAD_RATES)
async def test_a_rate_that_makes_no_sense_is_ignored(clock: FakeClock, rate: str) -> None:
    rig = Rig(clock, Amazon(httpx.Response(200, content=b"x", headers={"x-amzn-RateLimit-Limit": rate})))
    assert (await send(rig)).rate is None
    assert rig.budgets.snapshot()[0].rate == THING.rate


async def test_pages_are_asked_for_with_the_same_bytes(clock: FakeClock) -> None:
    amazon = Amazon(httpx.Response(200, json={"orders": []}))
    rig = Rig(clock, amazon)
    query = search_query(["A1F83G8C2ARO7P", "A1PA6795UKMFR9"], datetime(2026, 11, 22, 8, tzinfo=UTC))
    await send(rig, search_call(query))
    await send(rig, search_call(query, "page/2+="))
    first, second = (request.url.raw_path.decode() for request in amazon.requests)
    assert second == first + "&paginationToken=page%2F2%2B%3D"
    assert "lastUpdatedAfter=2026-11-22T08%3A00%3A00.000Z" in first
    assert "marketplaceIds=A1F83G8C2ARO7P%2CA1PA6795UKMFR9" in first
    assert "lastUpdatedBefore" not in first


async def test_an_id_in_a_path_is_encoded(clock: FakeClock) -> None:
    amazon = Amazon(httpx.Response(200, json={"order": order()}))
    await send(Rig(clock, amazon), order_call("a/b?c=d"))
    assert amazon.requests[0].url.raw_path.startswith(b"/orders/2026-01-01/orders/a%2Fb%3Fc%3Dd?")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, BadRequest, "bad_request"),
        (404, NotFound, "not_found"),
        (409, AmazonError, "refused"),
        (413, AmazonError, "refused"),
        (302, UnreadableAnswer, "unreadable_answer"),
    ],
)
async def test_refusals_are_told_at_once(
    clock: FakeClock, status: int, kind: type[AmazonError], code: str
) -> None:
    amazon = Amazon(refusal(status, "InvalidInput"))
    with pytest.raises(kind) as caught:
        await send(Rig(clock, amazon))
    assert len(amazon.requests) == 1
    assert caught.value.code == code


async def test_a_refused_page_token_is_told_from_another_bad_request(clock: FakeClock) -> None:
    query = search_query(["A1F83G8C2ARO7P"], clock.now())
    for token, refused in ((None, False), ("page", True)):
        with pytest.raises(BadRequest) as caught:
            await send(Rig(clock, Amazon(refusal(400, "InvalidInput"))), search_call(query, token))
        assert caught.value.is_page_token_refused is refused


@pytest.mark.parametrize("body", DAMAGED)
async def test_a_damaged_page_is_read_again_and_then_told(clock: FakeClock, body: bytes) -> None:
    damaged, whole = httpx.Response(200, content=body), httpx.Response(200, json={"orders": []})
    call = search_call(search_query(["A1F83G8C2ARO7P"], clock.now()))
    assert (await send(Rig(clock, Amazon(damaged, whole)), call)).attempts == 2
    amazon = Amazon(damaged)
    with pytest.raises(UnreadableAnswer):
        await send(Rig(clock, amazon), call)
    assert len(amazon.requests) == 3


async def test_one_damaged_order_does_not_spoil_its_page(clock: FakeClock) -> None:
    page = {"orders": [order(), {"orderId": 7}, None], "pagination": None, "lastUpdatedBefore": None}
    call = search_call(search_query(["A1F83G8C2ARO7P"], clock.now()))
    answer = await send(Rig(clock, Amazon(httpx.Response(200, json=page))), call)
    assert len(answer.value.orders) == 3
    assert (answer.value.next_token, answer.value.last_updated_before) == (None, None)


async def test_the_bound_and_the_token_of_a_page(clock: FakeClock) -> None:
    page: dict[str, Any] = {
        "orders": [],
        "pagination": {"nextToken": "next"},
        "lastUpdatedBefore": "2026-11-22T08:58:00.000Z",
    }
    call = search_call(search_query(["A1F83G8C2ARO7P"], clock.now()))
    value = (await send(Rig(clock, Amazon(httpx.Response(200, json=page))), call)).value
    assert (value.orders, value.next_token) == ((), "next")
    assert value.last_updated_before == datetime(2026, 11, 22, 8, 58, tzinfo=UTC)


async def test_a_body_without_end_is_cut_off(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channeld.amazon.exchange.LARGEST_BODY", 1000)
    bomb = gzip.compress(bytes(10**6))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=bomb, headers={"content-encoding": "gzip"})

    amazon = Amazon(answer)
    with pytest.raises(UnreadableAnswer):
        await send(Rig(clock, amazon))
    assert len(amazon.requests) == 1


async def test_participations_in_known_marketplaces(clock: FakeClock) -> None:
    def row(marketplace_id: str, taking_part: object) -> dict[str, Any]:
        return {
            "marketplace": {"id": marketplace_id, "defaultCurrencyCode": "GBP", "name": "x"},
            "participation": {"isParticipating": taking_part, "hasSuspendedListings": False},
            "storeName": "Shop",
        }

    rows = [row("A1F83G8C2ARO7P", True), row("A1PA6795UKMFR9", "false"), row("A1MCFONLY", True)]
    amazon = Amazon(httpx.Response(200, json={"payload": rows}))
    answer = await send(Rig(clock, amazon), Call(operation=GET_PARTICIPATIONS))
    assert [(p.marketplace_id, p.is_participating) for p in answer.value] == [
        ("A1F83G8C2ARO7P", True),
        ("A1PA6795UKMFR9", False),
    ]
