"""Why there was no answer, in words that a person can act on. No text of anybody's but names of hosts."""

import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple, TypeGuard

import httpx

__all__ = ["Outage", "outage_of", "unusable_url"]


class Outage(NamedTuple):
    """What happened to a request that got no whole answer."""

    what: str
    """Such as `cannot resolve host sellingpartnerapi-eu.amazon.com`."""
    hint: str
    sent: bool
    """False when the request certainly never reached the other side."""


_AGAIN = "It is tried again by itself. "
_NETWORK = _AGAIN + "If it lasts, check this machine's network and DNS, and the account's endpoints."
_ANSWERING = _AGAIN + "If it lasts, check Amazon's status page, and this machine's connection."
_BETWEEN = (
    _AGAIN + "Something answers in Amazon's place (a proxy, a portal), this machine's clock is wrong, or the"
    " account's endpoint is not Amazon's."
)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def outage_of(failure: Exception, url: httpx.URL) -> Outage:
    """Tell what a failed exchange with `url` failed of."""
    host, port = url.host, url.port or (443 if url.scheme == "https" else 80)
    if isinstance(failure, _NOT_SENT):
        return Outage(*_not_connected(failure, host, port), sent=False)
    if isinstance(failure, (httpx.TimeoutException, TimeoutError)):
        return Outage(f"{host} did not answer in time", _ANSWERING, sent=True)
    if isinstance(failure, httpx.DecodingError):
        return Outage(f"the answer of {host} came damaged", _ANSWERING, sent=True)
    if isinstance(failure, httpx.RemoteProtocolError):
        return Outage(f"the answer of {host} was cut short or is no HTTP", _ANSWERING, sent=True)
    return Outage(f"the connection to {host} broke", _ANSWERING, sent=True)


def unusable_url() -> Outage:
    """A request that cannot even be made."""
    return Outage(
        "the account's endpoint, or what is to be asked of it, makes no usable URL",
        "Correct the endpoints with `channelctl account set`.",
        sent=False,
    )


def _not_connected(failure: Exception, host: str, port: int) -> tuple[str, str]:
    if isinstance(failure, httpx.PoolTimeout):
        return "all connections are busy", _ANSWERING
    if isinstance(failure, httpx.ConnectTimeout):
        return f"{host} port {port} does not take connections in time", _NETWORK
    for cause in _causes(failure):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate of {host} is not accepted ({cause.verify_message})", _BETWEEN
        if _is_about_tls(cause):
            return f"{host} port {port} does not speak TLS", _BETWEEN
        if isinstance(cause, socket.gaierror):
            return f"cannot resolve host {host}", _NETWORK
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} refuses connections at port {port}", _NETWORK
    return f"no connection to {host} port {port}", _NETWORK


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """What led to it, the latest first; of several addresses that were tried, all."""
    cause: BaseException | None = failure
    while cause is not None:
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            for each in cause.exceptions:  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
                yield from _causes(each)  # pyright: ignore[reportUnknownArgumentType]
        cause = cause.__cause__ or cause.__context__


def _is_about_tls(cause: BaseException) -> TypeGuard[ssl.SSLError]:
    return isinstance(cause, ssl.SSLError) and not isinstance(
        cause, (ssl.SSLWantReadError, ssl.SSLWantWriteError)
    )
