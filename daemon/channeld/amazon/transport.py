"""The one HTTP client of the process."""

import logging
import ssl

import httpx

__all__ = ["make_client"]

_TIMEOUT = httpx.Timeout(connect=10.0, read=60.0, write=30.0, pool=60.0)
_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=60.0)
_TALKATIVE = ("httpx", "httpcore")


def make_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client with one TLS context (1.2 or later); tests and the demo hand in another transport.

    It does not look at the environment: a proxy variable left over in a service's surroundings must not
    decide where credentials travel. It follows no redirects, as they would take the token elsewhere. The
    library's own log lines show headers at debug level, so they are kept to warnings.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    context = True if transport else _tls()
    return httpx.AsyncClient(
        verify=context, timeout=_TIMEOUT, limits=_LIMITS, trust_env=False, transport=transport
    )


def _tls() -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
