"""A page of a report's rows goes into the book: what is new or changed, and how far the download is."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channeld.book.items.linking import link_by_sku
from channeld.book.listings.step import DownloadOver
from channeld.domain.listing.changes import Facts, facts_of
from channeld.domain.listing.news import OtherRow, PageOfRows
from channeld.store import downloads, listings, stale_stock
from channeld.store.downloads import Progress
from channeld.store.unit import Unit

__all__ = ["Place", "book_page"]

_ON_SALE = "fulfilled_by", "status", "quantity"
"""Facts that decide what Amazon is to be told of the stock."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the rows belong."""

    download_id: int
    channel_id: int
    account_id: int


def book_page(unit: Unit, place: Place, page: PageOfRows, now: datetime) -> list[int]:
    """The ids of the new ones, in their order. Booked again after a death, it finds them known and unchanged.

    Raises `DownloadOver`.
    """
    new = [(facts_of(row.line), row.fingerprint) for row in page.new]
    ids = listings.add_new(unit, place.channel_id, new, now)
    changed = _book_others(unit, page.others, now)
    back = [*page.back, *((row.id, row.fingerprint) for row in page.others if row.was_absent)]
    listings.mark_present(unit, back, now)
    if page.new:
        link_by_sku(unit, place.account_id, [row.line.sku for row in page.new], now)
    progress = Progress(
        rows_done=page.rows_done,
        bad_rows=page.bad_rows,
        added=len(ids),
        changed=changed,
        returned=len(back),
        letters_lost=sum(row.line.lost_letters for row in (*page.new, *page.others)),
    )
    if not downloads.note_progress(unit, place.download_id, place.channel_id, progress):
        raise DownloadOver
    return ids


def _book_others(unit: Unit, others: Sequence[OtherRow], now: datetime) -> int:
    """How many have changed; a line may differ in what is not kept of it, and what is back counts as that."""
    known = listings.facts(unit.connection, [row.id for row in others]) if others else {}
    changed: list[tuple[int, Facts, int]] = []
    asins: dict[int, str] = {}
    same: list[tuple[int, int]] = []
    stale: list[int] = []
    for row in others:
        before = known[row.id]
        shown = facts_of(row.line, before)
        if shown == before:
            same.append((row.id, row.fingerprint))
            continue
        changed.append((row.id, shown, row.fingerprint))
        if shown.asin != before.asin:
            asins[row.id] = shown.asin
        if any(getattr(shown, name) != getattr(before, name) for name in _ON_SALE):
            stale.append(row.id)
    listings.change(unit, changed, asins, now)
    stale_stock.mark_listings(unit, stale, now)
    listings.note_fingerprints(unit, same)
    absent = {row.id for row in others if row.was_absent}
    return sum(id_ not in absent for id_, _, _ in changed)
