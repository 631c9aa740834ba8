"""Documents as they come, over a real port: whole and in small pieces, or told to be cut."""

import gzip
import logging
import random
from collections.abc import AsyncIterator
from itertools import pairwise

import anyio
import httpx
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.documents.inflating import LARGEST_PIECE, BadPacking, Unpacking
from channeld.amazon.documents.places import ResultDocument
from channeld.amazon.documents.stream import open_document
from channeld.amazon.errors import AmazonError, AmazonUnavailable, DocumentTruncated, UnreadableAnswer
from channeld.amazon.transport import make_client
from tests.support.document_storage import answer, storage
from tests.support.fake_clock import FakeClock

TYPE = "text/plain; charset=Cp1252"
ROWS = "".join(f"SKU-{number}\tGröße {number * 7919}\r\n" for number in range(40_000)).encode("cp1252")
ZIPPED = gzip.compress(ROWS)


async def fetched(url: str, *, zipped: bool = False) -> bytes:
    """All of it, its pieces seen to be small."""
    place = ResultDocument(url=url, gzip=zipped)
    async with make_client() as http, open_document(http, FakeClock(), place) as document:
        pieces = [piece async for piece in document]
    assert all(0 < len(piece) <= LARGEST_PIECE for piece in pieces)
    return b"".join(pieces)


@pytest.mark.parametrize(
    ("reply", "zipped", "content"),
    [
        (answer(body=ROWS, content_type=TYPE), False, ROWS),
        (answer(body=ZIPPED, content_type=TYPE), True, ROWS),
        (answer(body=ROWS, content_type=TYPE), True, ROWS),
        (answer(body=ZIPPED, content_type=TYPE), False, ROWS),
        (answer(body=ZIPPED, content_encoding="gzip"), True, ROWS),
        (answer(body=gzip.compress(ZIPPED), content_encoding="gzip"), True, ROWS),
        (answer(body=gzip.compress(ROWS[:999]) + b"\0\0" + gzip.compress(ROWS[999:])), True, ROWS),
        (answer(body=b""), True, b""),
        (answer(body=b"\x1f"), False, b"\x1f"),
        (answer(body=ROWS).replace(b"content-length", b"x-length"), False, ROWS),
    ],
    ids=[
        "plain",
        "gzip",
        "not zipped",
        "zipped unannounced",
        "in transit",
        "both",
        "members",
        "empty",
        "one byte",
        "no length",
    ],
)
async def test_a_document_comes_whole_however_it_is_packed(
    reply: bytes, zipped: bool, content: bytes
) -> None:
    async with storage(reply) as at:
        assert await fetched(at.url, zipped=zipped) == content


async def test_its_charset_its_length_and_its_progress_are_known() -> None:
    async with (
        storage(answer(body=ZIPPED, content_type=TYPE)) as at,
        make_client() as http,
        open_document(http, FakeClock(), ResultDocument(url=at.url, gzip=True)) as document,
    ):
        assert (document.charset, document.content_length, document.arrived) == ("cp1252", len(ZIPPED), 0)
        async for _ in document:
            assert 0 < document.arrived <= len(ZIPPED)
        assert document.arrived == len(ZIPPED)
    (request,) = at.requests
    assert not [line for line in request.lower().split(b"\r\n") if line.startswith((b"auth", b"x-amz"))]


CUT = answer(body=ZIPPED)[:-2000]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (CUT, DocumentTruncated),
        (answer(body=ROWS)[:-1], DocumentTruncated),
        (answer(body=ZIPPED[:-1]), DocumentTruncated),
        (answer(body=ZIPPED[:2000]), DocumentTruncated),
        (answer(body=ZIPPED[:2000] + b"\xff" * 2000), DocumentTruncated),
        (answer(body=ZIPPED + b"CANARY"), DocumentTruncated),
        (answer(body=ROWS, transfer_encoding="chunked"), DocumentTruncated),
        (answer(body=ROWS, content_encoding="br"), UnreadableAnswer),
        (answer(302, location="http://127.0.0.1:1/elsewhere"), UnreadableAnswer),
        (answer(400), UnreadableAnswer),
        (
            answer(403, b"<Error><Code>AccessDenied</Code><Message>CANARY has expired</Message></Error>"),
            AmazonUnavailable,
        ),
        (answer(404), AmazonUnavailable),
        (answer(503, b"CANARY"), AmazonUnavailable),
        (b"", AmazonUnavailable),
        (b"CANARY is no HTTP", AmazonUnavailable),
    ],
    ids=[
        "cut",
        "cut by a byte",
        "gzip without its end",
        "half a gzip",
        "damaged gzip",
        "more behind it",
        "broken chunks",
        "unknown coding",
        "redirect",
        "400",
        "lapsed",
        "gone",
        "503",
        "nothing",
        "no HTTP",
    ],
)
async def test_what_is_not_whole_is_told_and_the_address_is_not(
    reply: bytes, kind: type[AmazonError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as lines:
        async with storage(reply) as at:
            with pytest.raises(kind) as failed:
                await fetched(at.url, zipped=True)
    error = failed.value
    assert error.hint and not error.is_ambiguous
    told = f"{error} {error!r} {error.hint} {error.text} {error.amazon_code} {lines} {caplog.text}"
    assert "CANARY" not in told and "documents/1" not in told


async def test_a_connection_that_breaks_in_the_middle_hands_over_what_came_before() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield ROWS[:1000]
        raise httpx.ReadError("CANARY")

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body()))
    came: list[bytes] = []
    async with make_client(transport) as http:
        place = ResultDocument(url="https://storage.test/d", gzip=False)
        async with open_document(http, FakeClock(), place) as document:
            with pytest.raises(DocumentTruncated) as failed:
                while piece := await anext(document):
                    came.append(piece)
    assert came == [ROWS[:1000]] and "CANARY" not in str(failed.value)


async def test_fewer_bytes_than_were_announced_are_not_the_document() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield ROWS[:1000]

    headers = {"content-length": str(len(ROWS))}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=body()))
    place = ResultDocument(url="https://storage.test/d", gzip=False)
    async with make_client(transport) as http, open_document(http, FakeClock(), place) as document:
        assert await anext(document) == ROWS[:1000]
        with pytest.raises(DocumentTruncated, match="shorter than was announced"):
            await anext(document)


async def test_time_stands_still_while_bytes_arrive_and_not_while_they_are_used() -> None:
    clock = FakeClock()
    began = clock.monotonic()

    async def body() -> AsyncIterator[bytes]:
        await clock.away(5)
        yield b"one"
        await clock.away(5)
        yield b"two"

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body()))
    seen: list[tuple[bytes, float]] = []

    async def fetch() -> None:
        async with make_client(transport) as http:
            place = ResultDocument(url="https://storage.test/d", gzip=False)
            async with open_document(http, clock, place) as document:
                async for piece in document:
                    seen.append((piece, clock.monotonic() - began))
                    await clock.sleep(100)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fetch)
        await clock.advance(300)
    assert seen == [(b"one", 5), (b"two", 110)]


async def test_a_document_that_is_left_early_is_closed() -> None:
    async with (
        storage(answer(body=ROWS)) as at,
        make_client() as http,
        open_document(http, FakeClock(), ResultDocument(url=at.url, gzip=False)) as document,
    ):
        assert await anext(document)
    assert len(at.requests) == 1


@pytest.mark.parametrize("url", ["http://storage.example/CANARY", "https://u:CANARY@x.test/", "CANARY"])
async def test_an_address_that_is_not_of_https_gets_nothing(url: str) -> None:
    asked: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    async with make_client(httpx.MockTransport(note)) as http:
        with pytest.raises(UnreadableAnswer) as failed:
            async with open_document(http, FakeClock(), ResultDocument(url=url, gzip=False)):
                pass
    assert not asked and "CANARY" not in f"{failed.value} {failed.value.hint}"


def unpacked(pieces: list[bytes]) -> bytes:
    unpacking = Unpacking("")
    done = [out for piece in pieces for out in unpacking.feed(piece)]
    assert all(len(out) <= LARGEST_PIECE for out in done)
    return b"".join([*done, *unpacking.finish()])


@settings(deadline=None)
@given(st.binary(max_size=2000), st.lists(st.integers(0, 3000)), st.booleans(), st.booleans())
def test_where_a_document_is_cut_into_pieces_changes_nothing(
    content: bytes, cuts: list[int], zipped: bool, twice: bool
) -> None:
    packed = gzip.compress(content) if zipped else content
    packed = gzip.compress(packed) if zipped and twice else packed
    places = sorted({0, len(packed), *(cut for cut in cuts if cut < len(packed))})
    pieces = [packed[start:end] for start, end in pairwise(places)]
    assert _or_refused(pieces) == _or_refused([packed])


def _or_refused(pieces: list[bytes]) -> bytes | None:
    try:
        return unpacked(pieces)
    except BadPacking:
        return None


def test_a_bomb_is_unpacked_in_small_pieces_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channeld.amazon.documents.inflating.LARGEST_DOCUMENT", 2**22)
    with pytest.raises(BadPacking, match="too large") as refused:
        unpacked([gzip.compress(bytes(2**22 + 1))])
    assert refused.value.is_bomb


def test_a_document_that_hardly_shrinks_is_unpacked_too() -> None:
    content = random.Random(1).randbytes(3 * LARGEST_PIECE)  # noqa: S311 (nothing secret: bytes that do not compress)
    assert unpacked([gzip.compress(content)]) == content
