"""Amazon's rules for a request, each a check that raises a Refusal (official model, and its documents on
headers, tokens and dates)."""

import re
from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from typing import get_args
from urllib.parse import parse_qsl

import msgspec

from channeld.sandbox.account import Account
from channeld.sandbox.book import Field
from channeld.sandbox.included import DATA_SETS
from channeld.sandbox.marketplaces import BY_ID
from channeld.sandbox.orders import FulfilledBy, Status
from channeld.sandbox.refusal import denied, invalid

__all__ = [
    "NEWEST",
    "Search",
    "check_user_agent",
    "fingerprint",
    "included_data",
    "instant_of",
    "parameters",
    "parse_search",
]

USER_AGENT = re.compile(r"[^/]+/.+ \(.*\bLanguage=[^;)]+.*\)")
NEWEST = timedelta(minutes=2)
"""An explicit upper bound is at least this old."""
FIELDS: dict[str, Field] = {"lastUpdated": "updated", "created": "created"}
SEARCH_PARAMETERS = frozenset(
    {f"{prefix}{end}" for prefix in FIELDS for end in ("After", "Before")}
    | {
        "marketplaceIds",
        "fulfillmentStatuses",
        "fulfilledBy",
        "maxResultsPerPage",
        "paginationToken",
        "includedData",
    }
)


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """A valid searchOrders request. None for a filter: everything."""

    prefix: str
    """`lastUpdated` or `created`."""
    after: datetime
    before: datetime | None
    marketplaces: Set[str] | None
    statuses: Set[str] | None
    fulfilled_by: Set[str] | None
    included: Set[str]
    size: int
    token: str
    fingerprint: str
    """All parameters, byte for byte, that must not change while paging."""

    @property
    def field(self) -> Field:
        return FIELDS[self.prefix]


def check_user_agent(value: str | None) -> None:
    """Mandatory, at most 500 characters, `AppId/Version (Language=…)`."""
    if not value:
        raise invalid("The user-agent header is missing.")
    if len(value) > 500:
        raise invalid("The user-agent header is longer than 500 characters.")
    if not USER_AGENT.fullmatch(value):
        raise invalid("The user-agent header needs the form AppId/Version (Language=...).")


def parameters(query: str, known: Set[str]) -> dict[str, str]:
    """The query's parameters; unknown, repeated and empty ones are refused."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            raise invalid(f"Unknown parameter: {name[:40]}.")
        if name in found:
            raise invalid(f"Parameter {name} is given more than once; lists are comma-separated.")
        if not value:
            raise invalid(f"Parameter {name} is empty.")
        found[name] = value
    return found


def included_data(given: Mapping[str, str]) -> Set[str]:
    return _choice(given, "includedData", set(DATA_SETS)) or set()


def parse_search(query: str, account: Account, now: datetime) -> Search:
    """The search that the query asks for. Refusal 400 or 403 with the rule that it breaks."""
    given = parameters(query, SEARCH_PARAMETERS)
    prefix, after, before = _bounds(given, now)
    return Search(
        prefix=prefix,
        after=after,
        before=before,
        marketplaces=_marketplaces(given, account),
        statuses=_choice(given, "fulfillmentStatuses", set(get_args(Status))),
        fulfilled_by=_choice(given, "fulfilledBy", set(get_args(FulfilledBy))),
        included=included_data(given),
        size=_size(given),
        token=given.get("paginationToken", ""),
        fingerprint=fingerprint(query),
    )


def _bounds(given: Mapping[str, str], now: datetime) -> tuple[str, datetime, datetime | None]:
    prefixes = [prefix for prefix in FIELDS if f"{prefix}After" in given]
    if len(prefixes) != 1:
        raise invalid("Exactly one of createdAfter and lastUpdatedAfter is required.")
    (prefix,) = prefixes
    other = "created" if prefix == "lastUpdated" else "lastUpdated"
    if f"{other}Before" in given:
        raise invalid(f"{other}Before does not go with {prefix}After.")
    after = instant_of(given, f"{prefix}After")
    if f"{prefix}Before" not in given:
        return prefix, after, None
    before = instant_of(given, f"{prefix}Before")
    if before < after:
        raise invalid(f"{prefix}Before is earlier than {prefix}After.")
    if before > now - NEWEST:
        raise invalid(f"{prefix}Before must be at least two minutes before the time of the request.")
    return prefix, after, before


def instant_of(given: Mapping[str, str], name: str) -> datetime:
    """The parameter of that name, which must be there. Refusal 400 when it is no instant with a zone."""
    text = given[name]
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{name} is not an ISO 8601 date and time.") from None
    if at.tzinfo is None or "T" not in text:
        raise invalid(f"{name} needs a time and a zone.")
    return at


def _marketplaces(given: Mapping[str, str], account: Account) -> Set[str] | None:
    if "marketplaceIds" not in given:
        return None
    ids = given["marketplaceIds"].split(",")
    if len(ids) > 50:
        raise invalid("marketplaceIds takes at most 50 values.")
    if any(identifier not in BY_ID for identifier in ids):
        raise invalid("marketplaceIds has an unknown value.")
    if not account.marketplace_ids.issuperset(ids):
        raise denied("A marketplace is not one of this seller's in this region.")
    return frozenset(ids)


def _choice(given: Mapping[str, str], name: str, known: set[str]) -> Set[str] | None:
    if name not in given:
        return None
    values = frozenset(given[name].split(","))
    if not values <= known:
        raise invalid(f"{name} has an unknown value.", f"Known are {', '.join(sorted(known))}.")
    return values


def _size(given: Mapping[str, str]) -> int:
    text = given.get("maxResultsPerPage", "100")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 100):
        raise invalid("maxResultsPerPage must be a number from 1 to 100.")
    return int(text)


def fingerprint(query: str) -> str:
    """The parameters, byte for byte, without those that may change from page to page."""
    changing = ("paginationToken=", "maxResultsPerPage=", "nextToken=")
    return "&".join(sorted(pair for pair in query.split("&") if not pair.startswith(changing)))
