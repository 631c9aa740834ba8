"""Documents over a real port: sent as they are, fetched whole or not at all, their addresses never shown."""

import gzip
import logging
from collections.abc import Awaitable, Callable

import httpx
import pytest
import structlog

from channeld.amazon.errors import AmazonError, AmazonUnavailable, UnreadableAnswer
from channeld.amazon.feeds.answers import FeedDocument, ResultDocument
from channeld.amazon.feeds.documents import download, upload
from channeld.amazon.transport import make_client
from tests.support.document_storage import SIGNED, answer, storage
from tests.support.fake_clock import FakeClock

TYPE = "text/xml; charset=UTF-8"
REPORT = "<a>Größe “ok”</a>" * 50


async def fetch(reply: bytes, *, zipped: bool = False) -> str:
    async with storage(reply) as at, make_client() as http:
        return await download(http, FakeClock(), ResultDocument(url=at.url, gzip=zipped))


async def put(http: httpx.AsyncClient, url: str, content: bytes = b"<a/>") -> None:
    await upload(http, FakeClock(), FeedDocument(document_id="d", url=url), content, content_type=TYPE)


async def test_an_upload_is_the_very_bytes_with_the_announced_type_and_no_token() -> None:
    content = REPORT.encode() * 2000
    async with storage(answer()) as at, make_client() as http:
        await put(http, at.url, content)
    (request,) = at.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == f"put /documents/1?{SIGNED} http/1.1".lower()
    assert body == content
    assert f"content-type: {TYPE}".lower() in lines and f"content-length: {len(content)}" in lines
    assert not [line for line in lines if line.startswith(("authorization", "x-amz", "transfer-encoding"))]


async def test_a_download_sends_no_token() -> None:
    async with storage(answer(body=b"<a/>")) as at, make_client() as http:
        assert await download(http, FakeClock(), ResultDocument(url=at.url, gzip=False)) == "<a/>"
    assert not [
        line for line in at.requests[0].lower().split(b"\r\n") if line.startswith((b"auth", b"x-amz"))
    ]


ZIPPED = gzip.compress(REPORT.encode())


@pytest.mark.parametrize(
    ("reply", "zipped"),
    [
        (answer(body=REPORT.encode(), content_type=TYPE), False),
        (answer(body=ZIPPED, content_type=TYPE), True),
        (answer(body=ZIPPED, content_type=TYPE, content_encoding="gzip"), True),
        (answer(body=ZIPPED, content_type=TYPE, content_encoding="gzip"), False),
        (answer(body=REPORT.encode(), content_type=TYPE), True),
        (answer(body=gzip.compress(REPORT[:100].encode()) + gzip.compress(REPORT[100:].encode())), True),
        (answer(body=REPORT.encode("cp1252"), content_type="text/plain;charset=Cp1252"), False),
        (answer(body=gzip.compress(REPORT.encode("cp1252")), content_type="text/x; charset=cp1252"), True),
    ],
    ids=["plain", "gzip", "inflated by the client", "by it alone", "not zipped", "members", "cp1252", "both"],
)
async def test_a_document_is_read_however_it_is_packed(reply: bytes, zipped: bool) -> None:
    assert await fetch(reply, zipped=zipped) == REPORT


BOMB = gzip.compress(b"\0" * (64 * 2**20 + 1))


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(body=ZIPPED[:-9]), UnreadableAnswer),
        (answer(body=ZIPPED[:20] + b"\xff" * 20), UnreadableAnswer),
        (answer(body=ZIPPED + b"rubbish"), UnreadableAnswer),
        (answer(body=BOMB), UnreadableAnswer),
        (answer(body=BOMB, content_encoding="gzip"), UnreadableAnswer),
        (answer(302, location="http://127.0.0.1:1/elsewhere"), UnreadableAnswer),
        (answer(400), UnreadableAnswer),
        (
            answer(403, b"<Error><Code>AccessDenied</Code><Message>CANARY</Message></Error>"),
            AmazonUnavailable,
        ),
        (answer(404), AmazonUnavailable),
        (answer(500), AmazonUnavailable),
        (answer(503, b"CANARY"), AmazonUnavailable),
        (answer(body=REPORT.encode())[:-20], AmazonUnavailable),
        (b"", AmazonUnavailable),
        (b"CANARY is no HTTP", AmazonUnavailable),
    ],
    ids=[
        "cut gzip",
        "damaged gzip",
        "more behind it",
        "bomb",
        "bomb in transit",
        "redirect",
        "400",
        "lapsed",
        "gone",
        "500",
        "503",
        "cut",
        "nothing",
        "no HTTP",
    ],
)
async def test_what_is_not_whole_is_no_document_and_its_address_is_not_told(
    reply: bytes, kind: type[AmazonError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        async with storage(reply) as at, make_client() as http:
            with pytest.raises(kind) as failed:
                await download(http, FakeClock(), ResultDocument(url=at.url, gzip=True))
    error = failed.value
    assert error.hint and not error.is_ambiguous
    told = f"{error} {error!r} {error.hint} {error.text} {error.amazon_code} {lines} {caplog.text}"
    assert "CANARY" not in told and "documents/1" not in told


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer(403), AmazonUnavailable),
        (answer(503), AmazonUnavailable),
        (b"", AmazonUnavailable),
        (answer(307, location="http://127.0.0.1:1/"), UnreadableAnswer),
        (answer(400), UnreadableAnswer),
    ],
)
async def test_an_upload_that_fails_did_nothing_at_amazon(reply: bytes, kind: type[AmazonError]) -> None:
    async with storage(reply) as at, make_client() as http:
        with pytest.raises(kind) as failed:
            await put(http, at.url)
    assert not failed.value.is_ambiguous and len(at.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://storage.example/CANARY",
        "http://10.0.0.1/CANARY",
        "ftp://127.0.0.1/CANARY",
        "file:///etc/CANARY",
        "https://user:CANARY@storage.example/",
        "https:///CANARY",
        "//storage.example/CANARY",
        "https://[::1/CANARY",
        "https://storage.example:port/CANARY",
        "https://storage.example/\nCANARY",
    ],
)
async def test_an_address_that_is_not_of_https_gets_nothing(url: str) -> None:
    asked: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    async with make_client(httpx.MockTransport(note)) as http:
        for attempt in (
            lambda: put(http, url),
            lambda: download(http, FakeClock(), ResultDocument(url=url, gzip=False)),
        ):
            await _refused(attempt)
    assert not asked


async def _refused(attempt: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(AmazonError) as failed:
        await attempt()
    assert "CANARY" not in f"{failed.value} {failed.value.hint}"


async def test_a_host_that_is_not_there_is_named_without_the_address() -> None:
    async with make_client() as http:
        with pytest.raises(AmazonUnavailable) as failed:
            await put(http, f"https://nobody.invalid/documents/1?{SIGNED}")
    assert "nobody.invalid" in str(failed.value) and "CANARY" not in str(failed.value)


def test_addresses_are_not_in_what_is_printed() -> None:
    shown = f"{FeedDocument(document_id='d', url=SIGNED)!r} {ResultDocument(url=SIGNED, gzip=True)}"
    assert "CANARY" not in shown
