"""Whether a request may have had an effect, and what Amazon says of a refusal (design, section 4)."""

from datetime import timedelta

import httpx
import pytest

from channeld.amazon.errors import AmazonError
from channeld.amazon.feeds.calls import create_feed_call
from channeld.amazon.operations import Call
from channeld.amazon.orders import order_call
from channeld.amazon.shipments import confirm_shipment_call
from tests.support.amazon_api import Amazon, Rig, operation, refusal, send
from tests.support.amazon_effects import ORDER_ID, despatch
from tests.support.fake_clock import FakeClock

GB = "A1F83G8C2ARO7P"
CONFIRM = confirm_shipment_call(ORDER_ID, GB, 7, despatch())


async def failure(clock: FakeClock, amazon: Amazon, call: Call[None] | Call[str] = CONFIRM) -> AmazonError:
    with pytest.raises(AmazonError) as caught:
        await send(Rig(clock, amazon), call)
    assert len(amazon.requests) == 1, "a write is not repeated"
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadTimeout("x"),
        httpx.ReadError("x"),
        httpx.WriteError("x"),
        httpx.RemoteProtocolError("x"),
        refusal(500, "InternalFailure"),
        refusal(503, "ServiceUnavailable"),
        refusal(504, "x"),
        refusal(408, "x"),
        httpx.Response(302, headers={"location": "https://elsewhere.test"}),
        httpx.Response(200, content=b"<html>Sign in</html>"),
        httpx.Response(204, headers={"content-encoding": "br"}),
    ],
    ids=str,
)
async def test_what_left_and_got_no_clear_answer_is_ambiguous(
    clock: FakeClock, answer: httpx.Response | Exception
) -> None:
    assert (await failure(clock, Amazon(answer))).is_ambiguous


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("x"),
        httpx.ConnectTimeout("x"),
        httpx.PoolTimeout("x"),
        refusal(400, "InvalidInput"),
        refusal(404, "NotFound"),
        refusal(409, "Conflict"),
        refusal(413, "RequestTooLarge"),
        refusal(415, "UnsupportedMediaType"),
        refusal(425, "TooEarly"),
    ],
    ids=str,
)
async def test_what_never_left_or_was_refused_had_no_effect(
    clock: FakeClock, answer: httpx.Response | Exception
) -> None:
    assert not (await failure(clock, Amazon(answer))).is_ambiguous


async def test_a_feed_whose_id_cannot_be_read_may_exist(clock: FakeClock) -> None:
    call = create_feed_call("POST_ORDER_FULFILLMENT_DATA", [GB], "document")
    assert (await failure(clock, Amazon(httpx.Response(202, json={"feedId": ""})), call)).is_ambiguous


async def test_quota_and_access_that_are_refused_had_no_effect(clock: FakeClock) -> None:
    for answer, within in ((refusal(429, "QuotaExceeded"), 30), (refusal(403, "Unauthorized"), None)):
        deadline = clock.now() + timedelta(seconds=within) if within else None
        with pytest.raises(AmazonError) as caught:
            await send(Rig(clock, Amazon(answer)), CONFIRM, deadline=deadline)
        assert not caught.value.is_ambiguous


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"error": "invalid_grant"}),
        httpx.Response(500),
        httpx.Response(200, content=b"<html>"),
        httpx.ReadTimeout("x"),
    ],
    ids=str,
)
async def test_without_an_access_token_nothing_was_sent(
    clock: FakeClock, answer: httpx.Response | Exception
) -> None:
    def no_token(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "auth.test"
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, content=answer.content)

    with pytest.raises(AmazonError) as caught:
        await send(Rig(clock, no_token), CONFIRM)
    assert not caught.value.is_ambiguous


async def test_a_write_is_sent_with_its_body_and_content_type(clock: FakeClock) -> None:
    amazon = Amazon(httpx.Response(204))
    await send(Rig(clock, amazon), CONFIRM)
    (request,) = amazon.requests
    assert (request.method, request.url.raw_path.decode()) == ("POST", CONFIRM.target)
    assert request.content == CONFIRM.body
    assert request.headers["content-type"] == "application/json"


async def test_a_read_has_neither(clock: FakeClock) -> None:
    amazon = Amazon(httpx.Response(200, json={"order": {}}))
    await send(Rig(clock, amazon), order_call(ORDER_ID))
    assert "content-type" not in amazon.requests[0].headers and not amazon.requests[0].content


LONG = "The carrier code\n is\x00 not\u202e valid. " + "x" * 400


async def test_amazons_words_are_kept_where_nothing_personal_was_sent(clock: FakeClock) -> None:
    errors = {"errors": [{"code": "InvalidInput", "message": LONG, "details": "CANARY"}, {"code": "b"}]}
    error = await failure(clock, Amazon(httpx.Response(400, json=errors)))
    assert error.text.startswith("The carrier code is not valid. xxx") and len(error.text) == 300
    assert error.text.isprintable() and error.amazon_code == "InvalidInput"
    assert "CANARY" not in f"{error} {error.hint} {error.text}"


@pytest.mark.parametrize("message", [None, 4, {"a": 1}, ""])
async def test_a_refusal_without_words_keeps_its_code(clock: FakeClock, message: object) -> None:
    errors = {"errors": [{"code": "InvalidInput", "message": message}]}
    error = await failure(clock, Amazon(httpx.Response(400, json=errors)))
    assert (error.text, error.amazon_code) == ("", "InvalidInput")


async def test_elsewhere_no_words_of_amazons_are_kept(clock: FakeClock) -> None:
    for call in (order_call(ORDER_ID), Call(operation=operation())):
        with pytest.raises(AmazonError) as caught:
            await send(Rig(clock, Amazon(refusal(400, "InvalidInput"))), call)
        assert caught.value.text == ""
