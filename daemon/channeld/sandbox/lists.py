"""Lists of what a seller has made lately, feeds and reports alike: filters, and pages by nextToken."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from channeld.sandbox.refusal import invalid
from channeld.sandbox.rules import instant_of, parameters

__all__ = ["FILTERS", "Pages", "instant_or", "page_of", "values"]

T = TypeVar("T")
FILTERS = frozenset(("marketplaceIds", "pageSize", "processingStatuses", "createdSince", "createdUntil"))
MOST_VALUES, LARGEST_PAGE = 10, 100

Pages = dict[str, tuple[list[T], int]]
"""What is left of a list, and the page size, by its nextToken."""


def page_of(
    query: str, types: str, pages: Pages[T], find: Callable[[Mapping[str, str]], list[T]]
) -> tuple[list[T], dict[str, Any]]:
    """One page of what `find` gives for the filters, and the token of the next, which stands for all of them.

    `types` is the name of the parameter that is required where there is no token.
    """
    given = parameters(query, FILTERS | {types, "nextToken"})
    if token := given.get("nextToken"):
        if len(given) > 1:
            raise invalid("nextToken has to be the only parameter.")
        if token not in pages:
            raise invalid("nextToken is not valid.")
        found, size = pages[token]
    elif types in given:
        found, size = find(given), _size(given)
    else:
        raise invalid(f"Either {types} or nextToken is required.")
    if not found[size:]:
        return found, {}
    token = f"page-{len(pages) + 1}"
    pages[token] = (found[size:], size)
    return found[:size], {"nextToken": token}


def values(given: Mapping[str, str], name: str) -> set[str]:
    """The values of a filter; none when it is not there."""
    found = given[name].split(",") if name in given else []
    if len(found) > MOST_VALUES:
        raise invalid(f"{name} takes at most {MOST_VALUES} values.")
    return set(found)


def instant_or(given: Mapping[str, str], name: str, otherwise: datetime) -> datetime:
    return instant_of(given, name) if name in given else otherwise


def _size(given: Mapping[str, str]) -> int:
    text = given.get("pageSize", "10")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST_PAGE):
        raise invalid(f"pageSize must be a number from 1 to {LARGEST_PAGE}.")
    return int(text)
