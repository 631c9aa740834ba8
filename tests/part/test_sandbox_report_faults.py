"""What goes wrong with reports of the sandbox on request."""

import gzip
import zlib

import httpx
import pytest

from channeld.sandbox import Market, SandboxOptions
from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import connected
from tests.support.sandbox_reports import (
    ALL_DATA,
    DE,
    DOCUMENTS,
    GB,
    REPORTS,
    ask,
    content,
    download,
    made,
    rows,
    status_of,
)


@pytest.fixture(params=[True, False], ids=["gzip", "plain"])
def market(clock: FakeClock, request: pytest.FixtureRequest) -> Market:
    options = SandboxOptions(listings=200, gzip_reports=request.param, report_repeat_seconds=0)
    return Market(clock, options)


async def test_a_stuck_report_never_ends_and_others_go_on(clock: FakeClock, market: Market) -> None:
    market.faults.plan("report_stuck", operation=ALL_DATA)
    market.faults.plan("report_stuck", detail="queued", operation=ALL_DATA)
    market.faults.plan("report_stuck", detail="600", operation=ALL_DATA)
    async with connected(market) as client:
        ids = [(await ask(client)).json()["reportId"] for _ in range(4)]
        await clock.advance(600)
        now = [(await status_of(client, each))["processingStatus"] for each in ids]
        cancelled = await client.http.delete(f"{REPORTS}/{ids[1]}", headers=client.headers)
        await clock.advance(1800)
        later = [(await status_of(client, each))["processingStatus"] for each in ids]
    assert now == ["IN_PROGRESS", "IN_QUEUE", "IN_PROGRESS", "IN_QUEUE"]
    assert cancelled.status_code == 200
    assert later == ["IN_PROGRESS", "CANCELLED", "DONE", "DONE"]


async def test_a_report_is_cancelled_or_fails_with_an_explanation(clock: FakeClock, market: Market) -> None:
    market.faults.plan("report_cancelled", operation=ALL_DATA)
    async with connected(market) as client:
        cancelled = await made(clock, client)
        market.faults.plan("report_fatal", operation=ALL_DATA)
        fatal = await made(clock, client)
        assert "could not be made" in await content(client, fatal)
    assert (cancelled["processingStatus"], fatal["processingStatus"]) == ("CANCELLED", "FATAL")
    assert "reportDocumentId" not in cancelled


async def test_faults_are_for_one_type_and_one_seller(clock: FakeClock, market: Market) -> None:
    market.faults.plan("report_fatal", None, seller_id="A2SANDBOXNA")
    market.faults.plan("report_cancelled", None, operation="GET_AFN_INVENTORY_DATA")
    async with connected(market) as client:
        assert (await made(clock, client))["processingStatus"] == "DONE"


async def test_a_truncated_report_ends_in_the_middle_of_a_row(clock: FakeClock, market: Market) -> None:
    market.faults.plan("report_truncated", operation=ALL_DATA)
    async with connected(market) as client:
        cut = await content(client, report := await made(clock, client))
        assert await content(client, report) == cut
        whole = await content(client, await made(clock, client))
    assert whole.startswith(cut) and 0.4 < len(cut) / len(whole) < 0.6
    assert 0 < cut.split("\n")[-1].count("\t") + 1 < 10


async def test_the_gzip_of_a_report_ends_too_early(clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions(listings=200))
    market.faults.plan("report_truncated", detail="gzip", operation=ALL_DATA)
    async with connected(market) as client:
        _, answer = await download(client, await made(clock, client))
    with pytest.raises(EOFError):
        gzip.decompress(answer.content)
    assert zlib.decompressobj(31).decompress(answer.content).startswith(b"item-name\t")


@pytest.mark.parametrize(
    ("fault", "detail", "left"),
    [
        ("report_short", "", 140),
        ("report_lost_rows", "", 196),
        ("report_lost_rows", "MUG-RED,PAN-28", 198),
        ("report_empty", "", 0),
    ],
)
async def test_rows_are_missing_from_a_report_that_looks_complete(
    clock: FakeClock, market: Market, fault: str, detail: str, left: int
) -> None:
    market.faults.plan(fault, detail=detail, operation=ALL_DATA)
    async with connected(market) as client:
        short = await rows(client, await made(clock, client))
        whole = await rows(client, await made(clock, client))
    assert (len(short), len(whole)) == (left, 200)
    lost = {row["seller-sku"] for row in whole} - {row["seller-sku"] for row in short}
    assert not detail or lost == set(detail.split(","))


async def test_an_address_has_lapsed_before_it_is_used(clock: FakeClock, market: Market) -> None:
    market.faults.plan("url_lapsed", operation=ALL_DATA)
    async with connected(market) as client:
        _, lapsed = await download(client, report := await made(clock, client))
        assert "Request has expired" in lapsed.text and lapsed.status_code == 403
        assert len(await rows(client, report)) == 200


async def test_a_download_is_cut_fails_or_is_not_answered(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        where, whole = await download(client, await made(clock, client))
        market.faults.plan("truncated", operation="downloadDocument")
        cut = await client.http.get(where["url"])
        market.faults.plan("error_503", operation="downloadDocument")
        failed = await client.http.get(where["url"])
        market.faults.plan("reset", operation="downloadDocument")
        with pytest.raises(httpx.NetworkError):
            await client.http.get(where["url"])
    assert cut.content == whole.content[: len(whole.content) // 2]
    assert int(cut.headers["content-length"]) == len(cut.content)
    assert failed.status_code == 503
    assert market.truth.counted("downloadDocument") == 4


@pytest.mark.parametrize(("fault", "status"), [("throttle_burst", 429), ("error_500", 500)])
async def test_every_new_operation_can_fail(
    clock: FakeClock, market: Market, fault: str, status: int
) -> None:
    async with connected(market) as client:
        report = await made(clock, client)
        market.faults.plan(fault, None)
        items = f"/listings/2021-08-01/items/{client.spec.seller_id}"
        answers = [
            await ask(client, marketplace=DE),
            await client.get(f"{REPORTS}/{report['reportId']}"),
            await client.get(REPORTS, {"reportTypes": ALL_DATA}),
            await client.get(f"{DOCUMENTS}/{report['reportDocumentId']}"),
            await client.get(items, {"marketplaceIds": GB}),
            await client.get(f"{items}/MUG-RED", {"marketplaceIds": GB}),
        ]
    assert [answer.status_code for answer in answers] == [status] * 6


async def test_a_report_can_be_made_although_its_creation_is_not_heard(
    clock: FakeClock, market: Market
) -> None:
    market.faults.plan("reset_after", operation="createReport")
    async with connected(market) as client:
        with pytest.raises(httpx.NetworkError):
            await ask(client)
        (report,) = (await client.get(REPORTS, {"reportTypes": ALL_DATA})).json()["reports"]
    assert report["processingStatus"] == "IN_QUEUE"
    assert market.truth.reports["A1SANDBOXEU", ALL_DATA] == 1
