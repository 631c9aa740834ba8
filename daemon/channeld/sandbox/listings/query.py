"""Amazon's rules for reading listings (official model `listingsItems_2021-08-01.json`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from channeld.sandbox.account import Account
from channeld.sandbox.listings.shelf import Span
from channeld.sandbox.marketplaces import BY_ID
from channeld.sandbox.refusal import denied, invalid
from channeld.sandbox.rules import instant_of, parameters

__all__ = ["DATA_SETS", "Query", "SortBy", "country_of", "included", "parse_query", "same_seller"]

DATA_SETS = (
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
)
IDENTIFIERS = ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
STATUSES, SEVERITIES = ("BUYABLE", "DISCOVERABLE"), ("WARNING", "ERROR")
DATES = ("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore")
READ = frozenset(("marketplaceIds", "issueLocale", "includedData"))
SEARCH = READ | {
    "identifiers",
    "identifiersType",
    "variationParentSku",
    "packageHierarchySku",
    *DATES,
    "withIssueSeverity",
    "withStatus",
    "withoutStatus",
    "sortBy",
    "sortOrder",
    "pageSize",
    "pageToken",
}
MOST_IDENTIFIERS, LARGEST_PAGE = 20, 20
SortBy = Literal["sku", "createdDate", "lastUpdatedDate"]
SORTS: tuple[SortBy, ...] = ("sku", "createdDate", "lastUpdatedDate")


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A valid searchListingsItems request."""

    country: str
    included: set[str]
    identifiers: tuple[str, tuple[str, ...]] | None
    """Their type and themselves; None: whatever there is."""
    parent: str | None
    """A variation parent whose children are wanted."""
    packed: bool
    """A package hierarchy is asked for; there are none here."""
    created: Span
    updated: Span
    severities: set[str]
    with_status: set[str]
    without_status: set[str]
    sort_by: SortBy
    descending: bool
    size: int
    token: str


def same_seller(path: Mapping[str, str], account: Account) -> None:
    """Refusal 403 for another seller's listings."""
    if path["seller_id"] != account.spec.seller_id:
        raise denied("The seller id is not the one that has authorized the application.")


def country_of(given: Mapping[str, str], account: Account) -> str:
    """The one marketplace of this seller that the request names. Refusal 400 or 403."""
    if "marketplaceIds" not in given:
        raise invalid("marketplaceIds is required.")
    if given["marketplaceIds"] not in BY_ID:
        raise invalid("marketplaceIds has to be one known marketplace.")
    if given["marketplaceIds"] not in account.marketplace_ids:
        raise denied("The marketplace is not one of this seller's in this region.")
    return BY_ID[given["marketplaceIds"]].country


def included(given: Mapping[str, str]) -> set[str]:
    return _values(given, "includedData", DATA_SETS) or {"summaries"}


def parse_query(query: str, account: Account) -> Query:
    """The search that the query asks for. Refusal 400 or 403 with the rule that it breaks."""
    given = parameters(query, SEARCH)
    _one_of(given, "sortBy", SORTS)
    _one_of(given, "sortOrder", ("ASC", "DESC"))
    sort_by: SortBy = next(sort for sort in SORTS if sort == given.get("sortBy", "lastUpdatedDate"))
    return Query(
        country=country_of(given, account),
        included=included(given),
        identifiers=_identifiers(given),
        parent=given.get("variationParentSku"),
        packed="packageHierarchySku" in given,
        created=(_instant(given, "createdAfter"), _instant(given, "createdBefore")),
        updated=(_instant(given, "lastUpdatedAfter"), _instant(given, "lastUpdatedBefore")),
        severities=_values(given, "withIssueSeverity", SEVERITIES),
        with_status=_values(given, "withStatus", STATUSES),
        without_status=_values(given, "withoutStatus", STATUSES),
        sort_by=sort_by,
        descending=given.get("sortOrder", "DESC") == "DESC",
        size=_size(given),
        token=given.get("pageToken", ""),
    )


def _identifiers(given: Mapping[str, str]) -> tuple[str, tuple[str, ...]] | None:
    together = [
        name for name in ("identifiers", "variationParentSku", "packageHierarchySku") if name in given
    ]
    if len(together) > 1:
        raise invalid(f"{' and '.join(together)} do not go together.")
    if ("identifiers" in given) != ("identifiersType" in given):
        raise invalid("identifiers and identifiersType go together.")
    if "identifiers" not in given:
        return None
    _one_of(given, "identifiersType", IDENTIFIERS)
    values = tuple(dict.fromkeys(given["identifiers"].split(",")))
    if len(values) > MOST_IDENTIFIERS:
        raise invalid(f"identifiers takes at most {MOST_IDENTIFIERS} values.")
    return given["identifiersType"], values


def _instant(given: Mapping[str, str], name: str) -> datetime | None:
    return instant_of(given, name) if name in given else None


def _values(given: Mapping[str, str], name: str, known: tuple[str, ...]) -> set[str]:
    values = set(given[name].split(",")) if name in given else set[str]()
    if not values <= set(known):
        raise invalid(f"{name} has an unknown value.", f"Known are {', '.join(known)}.")
    return values


def _one_of(given: Mapping[str, str], name: str, known: tuple[str, ...]) -> None:
    if name in given and given[name] not in known:
        raise invalid(f"{name} has an unknown value.", f"Known are {', '.join(known)}.")


def _size(given: Mapping[str, str]) -> int:
    text = given.get("pageSize", "10")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST_PAGE):
        raise invalid(f"pageSize must be a number from 1 to {LARGEST_PAGE}.")
    return int(text)
