"""Reports and listings for tests of the sandbox: the way from a request to the rows of a document."""

import gzip
from typing import Any

import httpx

from tests.support.fake_clock import FakeClock
from tests.support.sandbox_client import SandboxClient

__all__ = [
    "ALL_DATA",
    "DE",
    "DOCUMENTS",
    "GB",
    "ITEMS",
    "JP",
    "REPORTS",
    "SCHEDULES",
    "US",
    "ask",
    "content",
    "download",
    "made",
    "rows",
    "status_of",
    "table",
]

REPORTS, DOCUMENTS = "/reports/2021-06-30/reports", "/reports/2021-06-30/documents"
SCHEDULES = "/reports/2021-06-30/schedules"
ITEMS = "/listings/2021-08-01/items/A1SANDBOXEU"
ALL_DATA = "GET_MERCHANT_LISTINGS_ALL_DATA"
GB, DE, US, JP = "A1F83G8C2ARO7P", "A1PA6795UKMFR9", "ATVPDKIKX0DER", "A1VC38T7YXB528"


async def ask(
    client: SandboxClient, report_type: str = ALL_DATA, marketplace: str = GB, **more: Any
) -> httpx.Response:
    return await client.post(REPORTS, {"reportType": report_type, "marketplaceIds": [marketplace], **more})


async def made(
    clock: FakeClock, client: SandboxClient, report_type: str = ALL_DATA, marketplace: str = GB, **more: Any
) -> dict[str, Any]:
    """The report a minute after it was asked for."""
    asked = await ask(client, report_type, marketplace, **more)
    assert asked.status_code == 202, asked.text
    await clock.advance(60)
    return await status_of(client, asked.json()["reportId"])


async def status_of(client: SandboxClient, report_id: str) -> dict[str, Any]:
    answer = await client.get(f"{REPORTS}/{report_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def download(client: SandboxClient, report: dict[str, Any]) -> tuple[dict[str, Any], httpx.Response]:
    """Where the document is, and what is there."""
    where = await client.get(f"{DOCUMENTS}/{report['reportDocumentId']}")
    assert where.status_code == 200, where.text
    return where.json(), await client.http.get(where.json()["url"])


async def content(client: SandboxClient, report: dict[str, Any]) -> str:
    where, answer = await download(client, report)
    assert answer.status_code == 200
    zipped = where.get("compressionAlgorithm") == "GZIP"
    plain = gzip.decompress(answer.content) if zipped else answer.content
    return plain.decode(answer.headers["content-type"].partition("charset=")[2])


def table(text: str) -> list[dict[str, str]]:
    """The rows by their columns' names."""
    header, *lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    names = header.split("\t")
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


async def rows(client: SandboxClient, report: dict[str, Any]) -> list[dict[str, str]]:
    return table(await content(client, report))
