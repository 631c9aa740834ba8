"""Items that the listings of a page may be: five questions to the book, however many listings there are."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from channeld.domain.barcode import same_barcode, spellings
from channeld.domain.listing.linking import (
    LikelyItem,
    LikelyItems,
    ListingFacts,
    Suggestion,
    folded,
    suggest,
    title_key,
)
from channeld.store import item_candidates

__all__ = ["suggestions"]


def suggestions(
    connection: Connection, listings: Sequence[ListingFacts]
) -> dict[str, tuple[Suggestion, ...]]:
    """By SKU, the likeliest first; empty for a listing that nothing speaks for. All are of one account."""
    if not listings:
        return {}
    found = LikelyItems(
        skus=item_candidates.by_folded_sku(connection, [folded(each.sku) for each in listings]),
        barcodes=_by_barcode(connection, listings),
        asins=item_candidates.by_asin(connection, [each.asin for each in listings]),
        titles=item_candidates.by_title_key(connection, [title_key(each.title) for each in listings]),
    )
    return {each.sku: suggest(each, found) for each in listings}


def _by_barcode(connection: Connection, listings: Sequence[ListingFacts]) -> dict[str, list[LikelyItem]]:
    """Whatever leading zeros the item's barcode is written with."""
    shown = {each.barcode for each in listings} - {""}
    codes = [code for barcode in shown for code in spellings(barcode)]
    found: dict[str, list[LikelyItem]] = defaultdict(list)
    for code, candidates in item_candidates.by_barcode(connection, codes).items():
        found[same_barcode(code)] += [each for each in candidates if each not in found[same_barcode(code)]]
    return found
