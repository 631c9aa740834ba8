"""The one HTTP client of the process."""

import logging
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from channeld.amazon.server_time import Heard, noting_time

__all__ = ["make_client"]

_TIMEOUT = httpx.Timeout(connect=10.0, read=60.0, write=30.0, pool=60.0)
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=32, keepalive_expiry=60.0)
"""Budgets bound what is under way; a limit here would let a region that hangs hold up the others."""
_TALKATIVE = ("httpx", "httpcore")


def make_client(
    transport: httpx.AsyncBaseTransport | None = None, heard: Heard | None = None
) -> httpx.AsyncClient:
    """A client with one TLS context (1.2 or later); tests and the demo hand in another transport.

    `heard` is told the time that each answer bears.

    The client does not look at the environment: a proxy variable left over in a service's surroundings must
    not decide where credentials travel. It follows no redirects, as they would take the token elsewhere. The
    library's own log lines show headers at debug level, so they are kept to warnings.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    context = True if transport else _tls()
    return httpx.AsyncClient(
        verify=context,
        timeout=_TIMEOUT,
        limits=_LIMITS,
        trust_env=False,
        transport=transport,
        headers={"accept-encoding": "gzip"},
        event_hooks={"response": [noting_time(heard)]} if heard else None,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


def _tls() -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
