"""No token, secret or personal value in a log line, an error or a repr (semantics P1)."""

import logging
import traceback

import httpx
import msgspec
import pytest
import structlog

from channeld.amazon.errors import (
    AmazonError,
)
from channeld.amazon.orders import search_call, search_query
from tests.support.amazon_api import ACCESS, SECRETS, Amazon, Rig, refusal, send
from tests.support.amazon_orders import CANARIES, personal_order
from tests.support.fake_clock import FakeClock


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"orders": [personal_order()]}),
        refusal(400, "InvalidInput"),
        refusal(403, "Unauthorized"),
        refusal(404, "CANARY with text about somebody"),
        refusal(500, "InternalFailure"),
        httpx.Response(200, content=b'{"orders": [{"buyer": "CANARY'),
        httpx.ReadError("CANARY"),
    ],
    ids=["page", "400", "403", "404", "500", "damaged", "reset"],
)
async def test_no_token_secret_or_personal_value_in_any_log_or_error(
    clock: FakeClock, caplog: pytest.LogCaptureFixture, answer: httpx.Response | Exception
) -> None:
    caplog.set_level(logging.DEBUG)
    call = search_call(search_query(["A1F83G8C2ARO7P"], clock.now()))
    shown = [repr(ACCESS), f"{ACCESS}", f"{ACCESS.client_secret} {ACCESS.refresh_token!r:>10}"]
    with structlog.testing.capture_logs() as lines:
        try:
            got = await send(Rig(clock, Amazon(answer)), call)
            shown += [repr(got), repr(got.value)]
        except AmazonError as error:
            shown += [str(error), repr(error), error.hint, error.amazon_code, error.request_id]
            shown += traceback.format_exception(error)
    told = "\n".join([*shown, caplog.text, *map(str, lines)])
    assert lines
    assert "CANARY" not in told
    assert not any(secret in told for secret in [*SECRETS.values(), *CANARIES.values()])


def test_a_secret_does_not_print_and_is_not_written_as_json() -> None:
    with pytest.raises(TypeError):
        msgspec.json.encode(ACCESS)
    assert ACCESS.client_secret.reveal() == SECRETS["secret"]
