"""What a search finds among any number of listings, without looking at each of them."""

import heapq
from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from channeld.sandbox.listings.invented import PERIOD, Invented
from channeld.sandbox.listings.listing import Listing, fits
from channeld.sandbox.listings.query import Query
from channeld.sandbox.listings.shelf import Span, View

__all__ = ["Found", "find"]

EVERY = frozenset(range(PERIOD))


class Found(NamedTuple):
    total: int
    listings: list[Listing]
    """The first ones in the order asked for."""


def find(view: View, query: Query, first: int) -> Found:
    """The listings that the query asks for: how many there are, and the first so many."""
    named = _named(view, query)
    if named is not None:
        matching = sorted(
            (listing for listing in named if _matches(listing, query)),
            key=lambda listing: _key(listing, query),
            reverse=query.descending,
        )
        return Found(len(matching), matching[:first])
    numbers, wanted = view.numbers_between(query.created, query.updated), _wanted(view, query)
    changed = [listing for listing in view.changed.values() if listing and _matches(listing, query)]
    total = _counted(numbers, wanted, view) + len(changed)
    changed.sort(key=lambda listing: _key(listing, query), reverse=query.descending)
    both = heapq.merge(
        _invented(view, numbers[::-1] if query.descending else numbers, wanted),
        changed,
        key=lambda listing: _key(listing, query),
        reverse=query.descending,
    )
    return Found(total, list(islice(both, first)))


def _named(view: View, query: Query) -> list[Listing] | None:
    """The listings that the query names in one way or other; None when it does not."""
    if query.packed:
        return []
    if query.parent is not None:
        return view.children(query.parent)
    if query.identifiers is None:
        return None
    kind, identifiers = query.identifiers
    return [listing for identifier in identifiers for listing in view.identified(kind, identifier)]


def _key(listing: Listing, query: Query) -> tuple[datetime | str, str]:
    match query.sort_by:
        case "sku":
            return (listing.sku, listing.sku)
        case "createdDate":
            return (listing.created, listing.sku)
        case "lastUpdatedDate":
            return (listing.updated, listing.sku)


def _matches(listing: Listing, query: Query) -> bool:
    return (
        _within(listing.created, query.created)
        and _within(listing.updated, query.updated)
        and fits(listing, query.with_status, query.without_status, query.severities)
    )


def _within(at: datetime, span: Span) -> bool:
    after, before = span
    return (after is None or at >= after) and (before is None or at <= before)


def _wanted(view: View, query: Query) -> Set[int]:
    """Which of every `PERIOD` invented listings fit: what is asked for repeats."""
    asked = (query.with_status, query.without_status, query.severities)
    return _fitting(view.invented, *map(frozenset, asked)) if any(asked) else EVERY


@lru_cache(maxsize=64)
def _fitting(
    invented: Invented, with_status: Set[str], without_status: Set[str], severities: Set[str]
) -> Set[int]:
    """The same in every marketplace."""
    first = ((number, invented.listing(number, "GB")) for number in range(min(PERIOD, invented.size)))
    return {number for number, listing in first if fits(listing, with_status, without_status, severities)}


def _counted(numbers: Sequence[int], wanted: Set[int], view: View) -> int:
    """How many numbers are wanted ones of listings that are as invented."""
    periods, rest = divmod(len(numbers), PERIOD)
    whole = periods * len(wanted) + sum(
        number % PERIOD in wanted for number in numbers[len(numbers) - rest :]
    )
    return whole - sum(number in numbers and number % PERIOD in wanted for number in view.numbers)


def _invented(view: View, numbers: Sequence[int], wanted: Set[int]) -> Iterator[Listing]:
    if not wanted:
        return
    for number in numbers:
        if number % PERIOD in wanted and number not in view.numbers:
            yield view.invented.listing(number, view.country)
