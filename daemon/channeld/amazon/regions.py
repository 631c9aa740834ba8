"""Where Amazon is reached (Amazon's reference, section 2.1)."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from channeld.domain.marketplaces import Region

__all__ = ["ENDPOINTS", "SANDBOX_ENDPOINTS", "TOKEN_ENDPOINT", "endpoint_problem"]

ENDPOINTS: dict[Region, str] = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
SANDBOX_ENDPOINTS: dict[Region, str] = {
    region: url.replace("https://", "https://sandbox.") for region, url in ENDPOINTS.items()
}
TOKEN_ENDPOINT = "https://api.amazon.com/auth/o2/token"  # noqa: S105 an address, not a secret


def endpoint_problem(url: str, *, with_path: bool) -> str | None:
    """What is wrong with an endpoint that a person entered; None if nothing is.

    Credentials travel there, so plain http is for loopback alone. `with_path` tells a whole URL (the token
    endpoint) from a base URL.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is not a URL"
    if not host or any(c.isspace() or not c.isprintable() or not c.isascii() for c in url):
        return "is not a URL such as https://host"
    if parts.scheme not in ("http", "https"):
        return "must begin with https://"
    if parts.scheme == "http" and not _is_loopback(host):
        return "must use https (plain http is for loopback addresses only)"
    return _shape_problem(parts, with_path)


def _shape_problem(parts: SplitResult, with_path: bool) -> str | None:
    if parts.username is not None or parts.password is not None:
        return "must not contain a user name or password"
    if parts.query or parts.fragment:
        return "must not contain a query or fragment"
    if not with_path and parts.path not in ("", "/"):
        return "must end after the host"
    if with_path and parts.path in ("", "/"):
        return "must be the whole URL, path included"
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback
