"""Reading a setting as a person types it. Each reader returns the text to store or raises `ValueError`."""

import csv
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from io import StringIO
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from channeld.domain.email import is_email

__all__ = [
    "base_url",
    "boolean",
    "decimal_between",
    "email_or_empty",
    "free_text",
    "names",
    "percentage_or_empty",
    "quarter_hours",
    "read_names",
    "seller_id",
    "token_url",
    "whole",
    "whole_or_empty",
    "write_names",
]

_NAMES = "must be names with commas between; one that has a comma or a quotation mark stands in quotes"
_ON = frozenset(("on", "true", "yes", "1"))
_OFF = frozenset(("off", "false", "no", "0"))
_SELLER_ID = re.compile(r"[A-Z0-9]{9,20}")
_HOST = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?\.?"
)
"""A name whose last part is no number; those are addresses."""


def boolean(text: str) -> str:
    given = text.strip().lower()
    if given not in _ON | _OFF:
        raise ValueError("must be on or off")
    return "on" if given in _ON else "off"


def whole(low: int, high: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        given = text.strip()
        if not re.fullmatch(r"-?[0-9]{1,9}", given) or not low <= int(given) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return str(int(given))

    return read


def whole_or_empty(low: int, high: int) -> Callable[[str], str]:
    """0 is refused: to one it means no limit, to another that nothing is offered."""
    number = whole(low, high)

    def read(text: str) -> str:
        try:
            return number(text) if text.strip() else ""
        except ValueError as problem:
            raise ValueError(f"{problem}; empty for none") from None

    return read


def percentage_or_empty(text: str) -> str:
    """Above 0 and up to 100; 0 is refused, as above."""
    if not text.strip():
        return ""
    value = _decimal(text)
    if value is None or not 0 < value <= 100:
        raise ValueError("must be above 0 and up to 100, with at most 6 decimals; empty for no percentage")
    return _plain(value)


def names(text: str) -> str:
    """Names with commas between, each once and in order; one that has a comma itself stands in quotes."""
    return write_names(read_names(text))


def read_names(text: str) -> tuple[str, ...]:
    """Raises `ValueError`."""
    if not text.isprintable():
        raise ValueError(_NAMES)
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error:
        raise ValueError(_NAMES) from None
    return tuple(sorted({name.strip() for row in rows for name in row if name.strip()}))


def write_names(names: Iterable[str]) -> str:
    """As `read_names` reads them."""
    written = StringIO()
    csv.writer(written, lineterminator="").writerow(names)
    return written.getvalue()


def decimal_between(low: int, high: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        value = _decimal(text)
        if value is None or not low <= value <= high:
            raise ValueError(f"must be a number from {low} to {high}, with a point for decimals")
        return _plain(value)

    return read


def quarter_hours(text: str) -> str:
    """Hours from −14 to +14 in quarters (semantics C6)."""
    value = _decimal(text)
    if value is None or abs(value) > 14 or value * 4 != (value * 4).to_integral_value():
        raise ValueError("must be hours from -14 to 14 in quarters, such as 1 or -5.5")
    return _plain(value)


def email_or_empty(text: str) -> str:
    given = text.strip()
    if given and not is_email(given):
        raise ValueError("must be one valid e-mail address, or empty")
    return given


def seller_id(text: str) -> str:
    """Amazon's merchant token (semantics A2)."""
    given = text.strip()
    if not _SELLER_ID.fullmatch(given):
        raise ValueError("must be 9 to 20 capital letters and digits, as Seller Central shows it")
    return given


def free_text(text: str) -> str:
    given = text.strip()
    if not given or len(given) > 200 or not given.isprintable():
        raise ValueError("must be a text of 1 to 200 printable characters")
    return given


def _decimal(text: str) -> Decimal | None:
    given = text.strip().replace("−", "-")
    return Decimal(given) if re.fullmatch(r"[+-]?[0-9]{1,4}(\.[0-9]{1,6})?", given) else None


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


def base_url(text: str) -> str:
    """A host's https URL without a path; credentials go there, so plain http is for this machine only."""
    given, parts = _url(text.strip().rstrip("/"))
    if parts.path:
        raise ValueError("must end after the host, such as https://host")
    return given


def token_url(text: str) -> str:
    """The whole https URL of one page, path included; plain http for this machine only."""
    given, parts = _url(text.strip())
    if parts.path in ("", "/"):
        raise ValueError("must be the whole URL with its path, such as https://host/auth/o2/token")
    return given


def _url(given: str) -> tuple[str, SplitResult]:
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("must be a URL such as https://host") from None
    if not host or not _is_host(host) or not given.isascii() or not given.isprintable() or " " in given:
        raise ValueError("must be a URL such as https://host")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise ValueError("must begin with https; http is for this machine only (127.0.0.1, localhost)")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be a URL without a user, a query or a fragment")
    return given, parts


def _is_host(host: str) -> bool:
    """A name that can be looked up, or an address without a zone."""
    if _HOST.fullmatch(host):
        return True
    try:
        return "%" not in host and bool(ip_address(host))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
