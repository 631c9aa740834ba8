"""The network fails in every way it can: said in words, tried again, and it works again by itself."""

import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.abc
import anyio.lowlevel
import httpx
import pytest
from anyio.streams.tls import TLSListener
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channeld.amazon import exchange as exchanging
from channeld.amazon.exchange import BadBody, ExchangeFailed, Received, exchange, prepared
from channeld.amazon.outages import Outage
from channeld.amazon.transport import make_client
from tests.support.fake_clock import FakeClock

Behaviour = Callable[[anyio.abc.SocketStream], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def server(behaviour: Behaviour) -> AsyncGenerator[int]:
    """A server that takes connections, reads a request and then does that; its port."""

    async def serve(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            try:
                await stream.receive()
                await behaviour(stream)
            except (anyio.BrokenResourceError, anyio.EndOfStream):
                return

    async with (
        await anyio.create_tcp_listener(local_host="127.0.0.1") as listener,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(listener.serve, serve)
        yield listener.extra(anyio.abc.SocketAttribute.local_port)
        tasks.cancel_scope.cancel()


async def ask(url: str) -> Received:
    async with make_client() as http:
        http.timeout = httpx.Timeout(5, read=0.2)
        return await exchange(http, FakeClock(), prepared(http, "GET", url))


async def outage(url: str) -> Outage:
    with pytest.raises(ExchangeFailed) as failed:
        await ask(url)
    assert failed.value.outage.hint
    return failed.value.outage


def saying(*parts: bytes, for_ever: bytes = b"") -> Behaviour:
    async def behave(stream: anyio.abc.SocketStream) -> None:
        for part in parts:
            await stream.send(part)
        while for_ever:
            await stream.send(for_ever)

    return behave


async def test_a_host_that_cannot_be_resolved() -> None:
    failed = await outage("https://nobody.invalid/orders")
    assert (failed.what, failed.sent) == ("cannot resolve host nobody.invalid", False)
    assert "DNS" in failed.hint


async def test_a_host_that_refuses() -> None:
    async with server(saying()) as port:
        pass
    failed = await outage(f"http://127.0.0.1:{port}/orders")
    assert (failed.what, failed.sent) == (f"127.0.0.1 refuses connections at port {port}", False)


async def test_a_url_that_is_none() -> None:
    failed = await outage("https://999.1.1.1/orders")
    assert not failed.sent
    assert "endpoint" in failed.what


async def test_a_certificate_of_nobody(tmp_path: Path) -> None:
    async with secured_server(tmp_path) as port:
        failed = await outage(f"https://localhost:{port}/orders")
    assert failed.what == "the certificate of localhost is not accepted (self-signed certificate)"
    assert not failed.sent
    assert "clock" in failed.hint


async def test_a_server_without_tls() -> None:
    async with server(saying(b"hello\r\n")) as port:
        failed = await outage(f"https://127.0.0.1:{port}/orders")
    assert failed.what == f"127.0.0.1 port {port} does not speak TLS"


SILENT = "127.0.0.1 did not answer in time"
CUT = "the answer of 127.0.0.1 was cut short or is no HTTP"


async def stay_silent(stream: anyio.abc.SocketStream) -> None:
    await stream.receive()


@pytest.mark.parametrize(
    ("behaviour", "what"),
    [
        (stay_silent, SILENT),
        (saying(), CUT),
        (saying(b"\x00\x01\x02 garbage\r\n\r\n"), CUT),
        (saying(HEAD + b"content-length: 100\r\n\r\nabc"), CUT),
        (saying(HEAD + b"transfer-encoding: chunked\r\n\r\nffff\r\nabc"), CUT),
        (saying(HEAD + b"content-length: -1\r\n\r\n"), CUT),
        (saying(HEAD, for_ever=b"x-more: " + b"x" * 1000 + b"\r\n"), CUT),
        (
            saying(HEAD + b"content-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc"),
            "the answer of 127.0.0.1 came damaged",
        ),
    ],
    ids=["silent", "nothing", "no http", "cut", "cut chunk", "bad length", "endless headers", "bad gzip"],
)
async def test_an_answer_that_is_none(behaviour: Behaviour, what: str) -> None:
    async with server(behaviour) as port:
        failed = await outage(f"http://127.0.0.1:{port}/orders")
    assert (failed.what, failed.sent) == (what, True)


async def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "_LONGEST", 0.1)

    async def drip(stream: anyio.abc.SocketStream) -> None:
        await stream.send(HEAD + b"\r\n")
        while True:
            await stream.send(b"x")
            await anyio.lowlevel.checkpoint()

    async with server(drip) as port:
        assert (await outage(f"http://127.0.0.1:{port}/orders")).what == SILENT


async def test_a_body_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "LARGEST_BODY", 1 << 20)
    async with server(saying(HEAD + b"\r\n", for_ever=bytes(1 << 16))) as port:
        with pytest.raises(BadBody):
            await ask(f"http://127.0.0.1:{port}/orders")


@pytest.mark.parametrize("encoding", [b"gzip, gzip", b"br", b"gzip,gzip,gzip", b"zstd"])
async def test_an_answer_packed_in_a_way_nobody_asked_for(encoding: bytes) -> None:
    async with server(saying(HEAD + b"content-encoding: " + encoding + b"\r\n\r\n")) as port:
        with pytest.raises(BadBody):
            await ask(f"http://127.0.0.1:{port}/orders")


async def test_odd_headers_do_no_harm() -> None:
    head = HEAD + b"date: Fri, 31 Dec 9999 23:59:59 -2359\r\nx-odd: \xff\xfe\r\nx-amzn-requestid: <b>\r\n"
    async with server(saying(head + b"content-length: 4\r\n\r\nfine")) as port:
        received = await ask(f"http://127.0.0.1:{port}/orders")
    assert (received.body, received.date) == (b"fine", None)


async def test_no_cookie_of_one_account_goes_out_for_another() -> None:
    heard: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(200, headers={"set-cookie": "who=first; path=/"})

    async with make_client(httpx.MockTransport(answer)) as http:
        for _ in range(2):
            await exchange(http, FakeClock(), prepared(http, "GET", "https://amazon.test/orders"))
    assert [request.headers.get("cookie") for request in heard] == [None, None]


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials go where the account's settings say."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:1")
        monkeypatch.setenv(name.lower(), "http://proxy.invalid:1")
    async with server(saying(HEAD + b"content-length: 4\r\n\r\nfine")) as port:
        assert (await ask(f"http://127.0.0.1:{port}/orders")).body == b"fine"


@asynccontextmanager
async def secured_server(folder: Path) -> AsyncGenerator[int]:
    """A TLS server on localhost with a certificate that it has made for itself; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(folder))

    async def refuse(stream: anyio.abc.ByteStream) -> None:
        await stream.aclose()

    async with (
        await anyio.create_tcp_listener(local_host="localhost") as listener,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(TLSListener(listener, context, standard_compatible=False).serve, refuse)
        yield listener.extra(anyio.abc.SocketAttribute.local_port)
        tasks.cancel_scope.cancel()


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(pem) + private)
    return path


async def test_a_region_that_hangs_holds_up_no_other() -> None:
    asked = anyio.Event()
    waiting = 0

    async def hang(stream: anyio.abc.SocketStream) -> None:
        nonlocal waiting
        waiting += 1
        if waiting == 100:
            asked.set()
        await anyio.sleep_forever()

    async with (
        server(hang) as dead,
        server(saying(HEAD, b"content-length: 2\r\n\r\n{}")) as alive,
        make_client() as http,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(100):
            tasks.start_soon(http.get, f"http://127.0.0.1:{dead}/")
        await asked.wait()
        with anyio.fail_after(10):
            received = await exchange(http, FakeClock(), prepared(http, "GET", f"http://127.0.0.1:{alive}/"))
        assert received.body == b"{}"
        tasks.cancel_scope.cancel()
