"""Changes of listings on their way: what may have had an effect, and reports as they are stored."""

import gzip
import json
from datetime import timedelta

import httpx
import pytest

from channeld.amazon.documents.download import download
from channeld.amazon.errors import AmazonError
from channeld.amazon.feeds.answers import ResultDocument
from channeld.amazon.feeds.listings_outcomes import read_listings_outcomes
from channeld.amazon.listings.availability import quantity_patch
from channeld.amazon.listings.submissions import Submission
from channeld.amazon.listings.submitting import patch_listing_call, put_listing_call
from channeld.amazon.operations import Call
from channeld.amazon.transport import make_client
from tests.support.amazon_api import Amazon, Rig, refusal, send
from tests.support.document_storage import answer, storage
from tests.support.fake_clock import FakeClock

GB = "A1F83G8C2ARO7P"
PATCH = patch_listing_call("A1SELLER", GB, "KETTLE/1", [quantity_patch(4)])
PUT = put_listing_call("A1SELLER", GB, "KETTLE/1", b'{"condition_type":[]}', "KETTLE", "LISTING")
TAKEN = {"sku": "KETTLE/1", "status": "ACCEPTED", "submissionId": "s1"}
AMBIGUOUS = [
    httpx.ReadTimeout("x"),
    httpx.RemoteProtocolError("x"),
    refusal(500, "InternalFailure"),
    refusal(503, "ServiceUnavailable"),
    httpx.Response(200, content=b"<html>Sign in</html>"),
    httpx.Response(200, json={"status": "ACCEPTED"}),
]
WITHOUT_EFFECT = [
    httpx.ConnectError("x"),
    refusal(400, "InvalidInput"),
    refusal(403, "Unauthorized"),
    refusal(404, "NotFound"),
    refusal(413, "RequestTooLarge"),
]


async def failure(clock: FakeClock, amazon: Amazon, call: Call[Submission]) -> AmazonError:
    with pytest.raises(AmazonError) as caught:
        await send(Rig(clock, amazon), call)
    return caught.value


@pytest.mark.parametrize("call", [PATCH, PUT], ids=["PATCH", "PUT"])
@pytest.mark.parametrize("said", AMBIGUOUS, ids=str)
async def test_a_change_without_a_clear_answer_is_in_doubt_and_not_repeated(
    clock: FakeClock, call: Call[Submission], said: httpx.Response | Exception
) -> None:
    amazon = Amazon(said)
    assert (await failure(clock, amazon, call)).is_ambiguous
    assert len(amazon.requests) == 1


@pytest.mark.parametrize("call", [PATCH, PUT], ids=["PATCH", "PUT"])
@pytest.mark.parametrize("said", WITHOUT_EFFECT, ids=str)
async def test_a_change_that_was_refused_has_had_no_effect(
    clock: FakeClock, call: Call[Submission], said: httpx.Response | Exception
) -> None:
    assert not (await failure(clock, Amazon(said), call)).is_ambiguous


async def test_a_change_leaves_as_it_was_made_and_waits_for_quota(clock: FakeClock) -> None:
    amazon = Amazon(refusal(429, "QuotaExceeded"), httpx.Response(200, json=TAKEN))
    taken = await send(Rig(clock, amazon), PATCH, deadline=clock.now() + timedelta(seconds=30))
    assert taken.value == Submission(outcome="accepted", submission_id="s1")
    _, request = amazon.requests
    assert (request.method, request.url.raw_path.decode()) == ("PATCH", PATCH.target)
    assert request.content == PATCH.body
    assert request.headers["content-type"] == "application/json"


async def test_a_packed_result_document_tells_what_became_of_each_sku() -> None:
    issue = {"messageId": 2, "sku": "é", "code": "1", "severity": "ERROR", "message": "No."}
    counts = {"errors": 1, "warnings": 0, "messagesProcessed": 2}
    summary = counts | {"messagesAccepted": 1, "messagesInvalid": 1}
    header = {"sellerId": "A1SELLER", "version": "2.0", "feedId": "50001"}
    report = json.dumps({"header": header, "issues": [issue], "summary": summary}, ensure_ascii=False)
    packed = answer(body=gzip.compress(report.encode()), content_type="application/json")
    async with storage(packed) as at, make_client() as http:
        text = await download(http, FakeClock(), ResultDocument(url=at.url, gzip=True))
    result = read_listings_outcomes(text, "50001", ["A", "é"])
    assert {sku: each.outcome for sku, each in result.by_sku.items()} == {"A": "accepted", "é": "refused"}
