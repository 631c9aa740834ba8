"""The one place that sends: what is repeated, how often, and what is not (design, section 5)."""

from datetime import timedelta

import anyio
import httpx
import pytest

from channeld.amazon.budgets import Priority
from channeld.amazon.errors import (
    AccessDenied,
    AmazonUnavailable,
    CredentialsRefused,
    Throttled,
)
from channeld.amazon.operations import Call
from tests.support.amazon_api import ACCESS, FINE, SECRETS, THING, Amazon, Rig, operation, refusal, send
from tests.support.fake_clock import FakeClock


async def test_a_429_is_waited_out_and_counts_as_no_failure(clock: FakeClock) -> None:
    amazon = Amazon(*[refusal(429, "QuotaExceeded")] * 5, FINE)
    rig = Rig(clock, amazon)
    answer = await send(rig, within=120)
    assert (answer.attempts, amazon.exchanges) == (6, 1)
    assert rig.budgets.snapshot()[0].throttled == 5


async def test_a_429_for_an_hour_makes_no_storm(clock: FakeClock) -> None:
    amazon = Amazon(refusal(429, "QuotaExceeded"))
    rig = Rig(clock, amazon)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: rig.partner.send(ACCESS, Call(operation=THING), priority=Priority.BULK))
        await clock.advance(3600)
        assert len(amazon.requests) < 150
        tasks.cancel_scope.cancel()


async def test_a_deadline_ends_the_waiting(clock: FakeClock) -> None:
    rig = Rig(clock, Amazon(refusal(429, "QuotaExceeded")))
    with pytest.raises(Throttled):
        await send(rig, deadline=clock.now() + timedelta(seconds=20))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
async def test_a_read_is_tried_three_times_in_ten_seconds(clock: FakeClock, status: int) -> None:
    amazon = Amazon(refusal(status, "InternalFailure"))
    with pytest.raises(AmazonUnavailable) as caught:
        await send(Rig(clock, amazon), within=11)
    assert len(amazon.requests) == 3
    assert (caught.value.status, caught.value.amazon_code) == (status, "InternalFailure")


BROKEN = [
    httpx.ReadTimeout("CANARY"),
    httpx.ConnectTimeout("CANARY"),
    httpx.ConnectError("CANARY"),
    httpx.ReadError("CANARY"),
    httpx.RemoteProtocolError("CANARY"),
    httpx.PoolTimeout("CANARY"),
]


@pytest.mark.parametrize("failure", BROKEN, ids=lambda failure: type(failure).__name__)
async def test_a_read_outlives_a_broken_connection(clock: FakeClock, failure: Exception) -> None:
    amazon = Amazon(failure, failure, FINE)
    assert (await send(Rig(clock, amazon))).attempts == 3
    with pytest.raises(AmazonUnavailable) as caught:
        await send(Rig(clock, Amazon(failure)))
    assert "CANARY" not in str(caught.value)


async def test_a_write_is_never_repeated_on_an_unclear_outcome(clock: FakeClock) -> None:
    for answer in (httpx.ReadTimeout("x"), refusal(500, "InternalFailure"), refusal(503, "x")):
        amazon = Amazon(answer)
        write = Call(operation=operation(rate=10.0, method="POST", repeat_safe=False))
        with pytest.raises(AmazonUnavailable):
            await send(Rig(clock, amazon), write)
        assert len(amazon.requests) == 1


async def test_a_write_is_repeated_after_a_429_and_after_a_new_token(clock: FakeClock) -> None:
    amazon = Amazon(refusal(429, "QuotaExceeded"), refusal(403, "Unauthorized"), FINE)
    write = Call(operation=operation(rate=10.0, method="POST", repeat_safe=False))
    assert (await send(Rig(clock, amazon), write)).attempts == 3


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_is_replaced_once(clock: FakeClock, status: int) -> None:
    amazon = Amazon(refusal(status, "Unauthorized"), FINE)
    await send(Rig(clock, amazon))
    assert amazon.exchanges == 2
    tokens = [request.headers["x-amz-access-token"] for request in amazon.requests]
    assert tokens[0] != tokens[1]


async def test_a_token_that_ends_in_the_queue_is_replaced_before_sending(clock: FakeClock) -> None:
    amazon = Amazon(httpx.Response(200))
    rig = Rig(clock, amazon)
    slow = Call(operation=operation(rate=1 / 7200, burst=1))
    await send(rig, slow)
    await send(rig, slow, within=7300)
    tokens = [request.headers["x-amz-access-token"] for request in amazon.requests]
    assert tokens == [f"{SECRETS['access']}-1", f"{SECRETS['access']}-2"]


async def test_a_second_refusal_means_that_access_is_denied(clock: FakeClock) -> None:
    amazon = Amazon(refusal(403, "Unauthorized"))
    with pytest.raises(AccessDenied) as caught:
        await send(Rig(clock, amazon))
    error = caught.value
    assert (len(amazon.requests), amazon.exchanges) == (2, 2)
    assert (error.operation, error.status, error.request_id) == ("thing", 403, "req-1")
    assert "role" in error.hint


async def test_many_refused_at_once_make_one_new_token(clock: FakeClock) -> None:
    def stale_once(request: httpx.Request) -> httpx.Response:
        first = request.headers["x-amz-access-token"].endswith("-1")
        return refusal(403, "Unauthorized") if first else FINE

    amazon = Amazon(stale_once)
    rig = Rig(clock, amazon)
    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(lambda: rig.partner.send(ACCESS, Call(operation=THING), priority=Priority.BULK))
        await clock.advance(60)
    assert amazon.exchanges == 2


async def test_refused_credentials_reach_the_caller_and_cost_no_token(clock: FakeClock) -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"error": "invalid_grant"})

    rig = Rig(clock, refused)
    with pytest.raises(CredentialsRefused):
        await send(rig)
    assert rig.budgets.snapshot() == ()


async def test_a_cancelled_request_leaves_the_partner_usable(clock: FakeClock) -> None:
    gate = anyio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.test":
            return httpx.Response(200, json={"access_token": "t"})
        await gate.wait()
        return FINE

    rig = Rig(clock, slow)  # pyright: ignore[reportArgumentType] the transport takes both kinds of handler
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: rig.partner.send(ACCESS, Call(operation=THING), priority=Priority.BULK))
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    gate.set()
    assert (await send(rig)).attempts == 1
