"""Reports of the sandbox: asked for, waiting in their lane, and read from documents that lapse."""

from datetime import timedelta
from typing import Any

import pytest

from channeld.sandbox import Market, SandboxOptions
from tests.support.fake_clock import START, FakeClock
from tests.support.sandbox_client import connected
from tests.support.sandbox_reports import (
    ALL_DATA,
    DE,
    DOCUMENTS,
    GB,
    REPORTS,
    SCHEDULES,
    US,
    ask,
    content,
    download,
    made,
    rows,
    status_of,
)

ORDERS = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
BY_DATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
OPERATIONS = ("createReport", "getReport", "getReports", "getReportDocument", "cancelReport")
RATES: dict[str, float] = dict.fromkeys(OPERATIONS, 1e6)
PATIENT = 10**8
"""Seconds that an access token lives: these tests let months pass."""


@pytest.fixture
def market(clock: FakeClock) -> Market:
    """Twenty listings a marketplace; a report takes 20 s, five of them in the queue."""
    options = SandboxOptions(
        listings=20, rates=RATES, report_seconds=20, report_row_seconds=0, token_seconds=PATIENT
    )
    return Market(clock, options)


def at(before: timedelta) -> str:
    return (START - before).isoformat()


async def test_a_report_waits_and_is_made_and_read(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        report_id = (await ask(client)).json()["reportId"]
        states: list[str] = []
        for seconds in (4, 2, 13, 2):
            await clock.advance(seconds)
            states.append((await status_of(client, report_id))["processingStatus"])
        report = await status_of(client, report_id)
        found = await rows(client, report)
    assert states == ["IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE"]
    assert report == {
        "reportId": report_id,
        "reportType": ALL_DATA,
        "marketplaceIds": [GB],
        "dataStartTime": "2026-11-22T09:00:00Z",
        "dataEndTime": "2026-11-22T09:00:00Z",
        "createdTime": "2026-11-22T09:00:00Z",
        "processingStatus": "DONE",
        "processingStartTime": "2026-11-22T09:00:05Z",
        "processingEndTime": "2026-11-22T09:00:20Z",
        "reportDocumentId": report["reportDocumentId"],
    }
    assert {row["seller-sku"] for row in found} == {listing.sku for listing in market.listings.all()}
    assert market.truth.reports == {("A1SANDBOXEU", ALL_DATA): 1}


async def test_one_at_a_time_for_each_type(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        ids = [(await ask(client, marketplace=place)).json()["reportId"] for place in (GB, DE)]
        ids.append((await ask(client, "GET_MERCHANT_LISTINGS_DATA")).json()["reportId"])
        await clock.advance(22)
        now = [(await status_of(client, report_id))["processingStatus"] for report_id in ids]
        await clock.advance(20)
        later = [(await status_of(client, report_id))["processingStatus"] for report_id in ids]
    assert now == ["DONE", "IN_QUEUE", "DONE"]
    assert later == ["DONE"] * 3


async def test_times_spread_by_the_seed(clock: FakeClock) -> None:
    async def ends(seed: int) -> list[str]:
        options = SandboxOptions(seed=seed, report_sigma=0.4, rates=RATES, report_repeat_seconds=0)
        market, found = Market(clock, options), list[str]()
        async with connected(market) as client:
            for _ in range(5):
                ended = await made(clock, client)
                while "processingEndTime" not in ended:
                    await clock.advance(30)
                    ended = await status_of(client, ended["reportId"])
                begun, end = ended["createdTime"], ended["processingEndTime"]
                found.append(str(int(end[17:19]) - int(begun[17:19])))
        return found

    first, same, other = await ends(1), await ends(1), await ends(2)
    assert first == same != other and len(set(first)) > 2


@pytest.mark.parametrize(
    ("repeat", "after", "status"),
    [(None, 29, "CANCELLED"), (None, 31, "DONE"), (0.0, 2, "DONE"), (7200.0, 110, "CANCELLED")],
)
async def test_a_too_early_identical_repeat_is_cancelled(
    clock: FakeClock, repeat: float | None, after: int, status: str
) -> None:
    options = SandboxOptions(listings=5, rates=RATES, report_repeat_seconds=repeat, token_seconds=PATIENT)
    market = Market(clock, options)
    async with connected(market) as client:
        assert (await made(clock, client))["processingStatus"] == "DONE"
        await clock.advance(after * 60 - 60)
        again = await made(clock, client)
        elsewhere = await made(clock, client, marketplace=DE)
    assert (again["processingStatus"], elsewhere["processingStatus"]) == (status, "DONE")
    assert ("reportDocumentId" in again) == (status == "DONE")


async def test_a_listing_report_shows_the_state_of_then_for_an_hour(clock: FakeClock, market: Market) -> None:
    async def price() -> str:
        found = await rows(client, await made(clock, client))
        return next(row["price"] for row in found if row["seller-sku"] == "MUG-BLUE")

    async with connected(market) as client:
        prices = [await price()]
        market.listings.change("MUG-BLUE", price=4321)
        for _ in range(2):
            await clock.advance(1800)
            prices.append(await price())
    assert prices == ["12.99", "12.99", "43.21"]


async def test_stock_at_amazon_is_told_as_it_is(clock: FakeClock, market: Market) -> None:
    market.listings.add("SENT-IN", amazon=True, quantity=None, fn_sku="X1")
    async with connected(market) as client:
        before = await rows(client, await made(clock, client, "GET_AFN_INVENTORY_DATA"))
        market.listings.remove("SENT-IN")
        await clock.advance(1800)
        after = await rows(client, await made(clock, client, "GET_AFN_INVENTORY_DATA"))
    gone = {row["seller-sku"] for row in before} - {row["seller-sku"] for row in after}
    assert gone == {"SENT-IN"}


async def test_a_document_stays_what_it_was(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        report = await made(clock, client)
        before = await content(client, report)
        market.listings.remove("MUG-BLUE")
        await clock.advance(86_400)
        assert await content(client, report) == before


async def test_only_what_waits_can_be_cancelled(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        first, second = [(await ask(client, marketplace=place)).json()["reportId"] for place in (GB, DE)]
        await clock.advance(10)
        answers = [
            await client.http.delete(f"{REPORTS}/{report_id}", headers=client.headers)
            for report_id in (first, second)
        ]
        await clock.advance(60)
        states = [(await status_of(client, report_id))["processingStatus"] for report_id in (first, second)]
    assert [answer.status_code for answer in answers] == [400, 200]
    assert states == ["DONE", "CANCELLED"]


async def test_an_address_lapses_and_a_new_one_does_not(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        report = await made(clock, client)
        where, answer = await download(client, report)
        await clock.advance(299)
        assert (await client.http.get(where["url"])).content == answer.content
        await clock.advance(1)
        lapsed = await client.http.get(where["url"])
        assert (await download(client, report))[1].content == answer.content
    assert lapsed.status_code == 403 and "<Message>Request has expired</Message>" in lapsed.text
    assert lapsed.headers["content-type"] == "application/xml"


@pytest.mark.parametrize("zipped", [True, False])
async def test_a_document_is_compressed_or_not(clock: FakeClock, zipped: bool) -> None:
    market = Market(clock, SandboxOptions(listings=20, gzip_reports=zipped))
    async with connected(market) as client:
        where, answer = await download(client, report := await made(clock, client))
        path = f"{DOCUMENTS}/{report['reportDocumentId']}"
        again = (await client.get(path, {"enableContentEncodingUrlHeader": "true"})).json()
        plain = (await client.http.get(again["url"])).content
    assert where.get("compressionAlgorithm") == ("GZIP" if zipped else None)
    assert answer.content.startswith(b"\x1f\x8b") == zipped
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert plain.startswith(b"item-name\t") and answer.headers["content-type"] == "text/plain; charset=Cp1252"


async def test_reports_are_listed_newest_first_in_pages(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:
        for minute in range(5):
            await made(clock, client, ORDERS if minute % 2 else ALL_DATA, DE if minute == 4 else GB)

        async def listed(**params: str) -> list[str]:
            page = (await client.get(REPORTS, params)).json()
            found = [report["createdTime"][14:16] for report in page["reports"]]
            while token := page.get("nextToken"):
                page = (await client.get(REPORTS, {"nextToken": token})).json()
                found += [report["createdTime"][14:16] for report in page["reports"]]
            return found

        both = f"{ALL_DATA},{ORDERS}"
        assert await listed(reportTypes=both, pageSize="2") == ["04", "03", "02", "01", "00"]
        assert await listed(reportTypes=ALL_DATA, marketplaceIds=DE) == ["04"]
        assert await listed(reportTypes=both, processingStatuses="CANCELLED") == ["03", "02", "01"]
        since, until = (START + timedelta(minutes=minute) for minute in (1, 3))
        assert await listed(
            reportTypes=both, createdSince=since.isoformat(), createdUntil=until.isoformat()
        ) == ["03", "02", "01"]


async def test_reports_are_known_for_ninety_days_and_to_their_seller(
    clock: FakeClock, market: Market
) -> None:
    async with connected(market) as client, connected(market, "A2SANDBOXNA") as other:
        report = await made(clock, client)
        paths = (f"{REPORTS}/{report['reportId']}", f"{DOCUMENTS}/{report['reportDocumentId']}")
        assert [(await other.get(path)).status_code for path in paths] == [404, 404]
        await clock.advance(89 * 86_400)
        assert [(await client.get(path)).status_code for path in paths] == [200, 200]
        await clock.advance(86_400)
        assert [(await client.get(path)).status_code for path in paths] == [404, 404]
        assert (await client.get(REPORTS, {"reportTypes": ALL_DATA})).json() == {"reports": []}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reportType": "GET_NOTHING"}, 400),
        ({"reportType": None}, 400),
        ({"marketplaceIds": []}, 400),
        ({"marketplaceIds": [US]}, 403),
        ({"marketplaceIds": [GB] * 26}, 400),
        ({"dataStartTime": "2026-11-22T09:00:01Z"}, 400),
        ({"dataStartTime": "2026-11-22T08:00:00"}, 400),
        ({"dataStartTime": "2026-11-22T08:00:00Z", "dataEndTime": "2026-11-22T07:00:00Z"}, 400),
        ({"reportType": ORDERS, "dataStartTime": "2026-10-23T08:00:00Z"}, 400),
        ({"reportOptions": {"custom": True}}, 400),
    ],
)
async def test_what_breaks_a_rule_is_refused(market: Market, body: dict[str, Any], status: int) -> None:
    async with connected(market) as client:
        answer = await client.post(REPORTS, {"reportType": ALL_DATA, "marketplaceIds": [GB], **body})
    assert answer.status_code == status and answer.json()["errors"][0]["code"]
    assert not market.truth.reports


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"reportTypes": ALL_DATA, "nextToken": "x"},
        {"nextToken": "x"},
        {"reportTypes": ALL_DATA, "pageSize": "101"},
    ],
)
async def test_a_list_needs_types_or_a_token_alone(market: Market, params: dict[str, str]) -> None:
    async with connected(market) as client:
        assert (await client.get(REPORTS, params)).status_code == 400


async def test_restricted_documents_are_refused_without_their_token(clock: FakeClock) -> None:
    options = SandboxOptions(listings=5, restricted_reports=("GET_MERCHANT_LISTINGS_DATA",))
    async with connected(Market(clock, options)) as client:
        for report_type in ("GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING", "GET_MERCHANT_LISTINGS_DATA"):
            report = await made(clock, client, report_type)
            answer = await client.get(f"{DOCUMENTS}/{report['reportDocumentId']}")
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "Unauthorized")


async def test_a_schedule_asks_by_itself_and_is_replaced(clock: FakeClock, market: Market) -> None:
    async with connected(market) as client:

        async def schedule(period: str) -> str:
            body = {"reportType": ALL_DATA, "marketplaceIds": [GB], "period": period}
            answer = await client.post(SCHEDULES, body)
            assert answer.status_code == 201
            return answer.json()["reportScheduleId"]

        await schedule("PT2H")
        schedule_id = await schedule("PT1H")
        (known,) = (await client.get(SCHEDULES, {"reportTypes": ALL_DATA})).json()["reportSchedules"]
        await clock.advance(3 * 3600 - 100)
        (report,) = (await client.get(REPORTS, {"reportTypes": ALL_DATA})).json()["reports"]
        wrong = await client.post(SCHEDULES, {**known, "period": "PT7M"})
    assert known["reportScheduleId"] == schedule_id == report["reportScheduleId"]
    assert known["nextReportCreationTime"] == "2026-11-22T10:00:00Z"
    assert (report["createdTime"], report["processingStatus"]) == ("2026-11-22T11:00:00Z", "DONE")
    assert wrong.status_code == 400


async def test_order_reports_without_an_order_are_cancelled(clock: FakeClock, market: Market) -> None:
    market.place_order(at=START - timedelta(days=3))
    async with connected(market) as client:
        empty = await made(clock, client, ORDERS, dataStartTime=at(timedelta(days=1)))
        without_a_span = await made(clock, client, ORDERS)
        full = await made(clock, client, ORDERS, dataStartTime=at(timedelta(days=4)))
    states = [report["processingStatus"] for report in (empty, without_a_span, full)]
    assert states == ["CANCELLED", "CANCELLED", "DONE"]
    assert "reportDocumentId" not in empty


async def test_orders_come_into_reports_late(clock: FakeClock, market: Market) -> None:
    for _ in range(40):
        market.place_order()
    old = market.place_order(at=START - timedelta(days=2))
    market.act(old.order_id, "ship")

    async def found(report_type: str) -> set[str]:
        span = {
            "dataStartTime": at(timedelta(days=3)),
            "dataEndTime": (START + timedelta(seconds=60)).isoformat(),
        }
        report = await made(clock, client, report_type, **span)
        if report["processingStatus"] == "CANCELLED":
            return set()
        return {row["amazon-order-id"] for row in await rows(client, report)}

    async with connected(market) as client:
        await clock.advance(900)
        by_update, by_date = await found(ORDERS), await found(BY_DATE)
        await clock.advance(900)
        later = await found(ORDERS)
    assert 5 < len(by_update) < 35 and old.order_id in by_date
    assert later == set(market.orders())


async def test_documents_of_order_reports_are_kept_for_thirty_days(clock: FakeClock, market: Market) -> None:
    market.place_order(at=START - timedelta(days=1))
    async with connected(market) as client:
        report = await made(clock, client, BY_DATE, dataStartTime=at(timedelta(days=2)))
        await clock.advance(30 * 86_400)
        answer = await client.get(f"{DOCUMENTS}/{report['reportDocumentId']}")
        assert (await status_of(client, report["reportId"]))["processingStatus"] == "DONE"
    assert answer.status_code == 404


async def test_reports_keep_to_their_budget(clock: FakeClock) -> None:
    async with connected(Market(clock, SandboxOptions(listings=1))) as client:
        answers = [await ask(client) for _ in range(16)]
    assert [answer.status_code for answer in answers] == [202] * 15 + [429]
    assert answers[0].headers["x-amzn-RateLimit-Limit"] == "0.0167"
