"""Full reads of listings go into the book, twenty at a time (semantics E1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from channeld.book.listings.ending import finish
from channeld.book.listings.step import channel_of, move, still_running
from channeld.book.offering.reading_back.reading import note_full_reads
from channeld.domain.listing.changes import has_lost_letters, is_same_title
from channeld.domain.listing.details import details_of
from channeld.domain.listing.item import ItemRead
from channeld.store import listing_details
from channeld.store.downloads import DownloadRecord
from channeld.store.listing_details import Named, Read
from channeld.store.unit import Unit

__all__ = ["Found", "begin_details", "book_details", "end_details"]

Found = dict[str, ItemRead | None]
"""What Amazon shows, by SKU; None for one that it does not know. What it refused to show is not in it."""


def begin_details(unit: Unit, download_id: int, left: int) -> DownloadRecord:
    """So many are to be read, or are left after a death. Raises `DownloadOver`."""
    download = still_running(unit, download_id)
    return move(unit, download, details_total=download.details_done + left)


def book_details(
    unit: Unit,
    download_id: int,
    answered: Sequence[Named],
    found: Mapping[str, ItemRead | None],
    asked_at: datetime,
    now: datetime,
) -> None:
    """What Amazon said of these when it was asked then. Raises `DownloadOver`."""
    download = still_running(unit, download_id)
    channel = channel_of(unit, download)
    reads = [_read(each, found.get(each.sku)) for each in answered]
    listing_details.note_read(unit, reads, now)
    listing_details.retitle(unit, _titles(answered, found))
    shown = {each.sku: found.get(each.sku) for each in answered}
    note_full_reads(unit, channel.account_id, channel.id, shown, asked_at, now)
    move(unit, download, details_done=download.details_done + len(answered))


def end_details(unit: Unit, download_id: int, refused: int, why: str, now: datetime) -> DownloadRecord:
    """All that Amazon shows are read; so many it refused, and what is known of them stays.

    Raises `DownloadOver`.
    """
    download = still_running(unit, download_id)
    if refused:
        told = f"Details of {refused:,} listings could not be read and stay as they were: {why}."
        download = move(
            unit,
            download,
            reason=f"{download.reason} {told}".strip(),
            hint=download.hint or "The next download reads them again by itself.",
        )
    return finish(unit, download, now, details_refused=refused)


def _read(listing: Named, item: ItemRead | None) -> Read:
    return Read(
        listing.id,
        item.product_type if item else "",
        item.description if item else "",
        details_of(item),
    )


def _titles(answered: Sequence[Named], found: Mapping[str, ItemRead | None]) -> dict[int, str]:
    """Whole ones in place of those that came with lost letters."""
    titles = {each.id: (each.title, item.title) for each in answered if (item := found.get(each.sku))}
    return {
        id_: whole
        for id_, (title, whole) in titles.items()
        if has_lost_letters(title) and title != whole and is_same_title(title, whole)
    }
