"""Amazon has no report for a download: asked for too early, or the channel has no listings (semantics H6)."""

from datetime import datetime

import msgspec

from channeld.book.listings.ending import fail_download, finish
from channeld.book.listings.step import still_running
from channeld.store import catalogues
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["end_without_data"]

_NONE = "Amazon has no listings in this channel"


def end_without_data(unit: Unit, download_id: int, reason: str, hint: str, now: datetime) -> DownloadRecord:
    """It has failed; but twice in a row, where no listings are known, Amazon means that there are none.

    Raises `DownloadOver`.
    """
    download, connection = still_running(unit, download_id), unit.connection
    is_first = not catalogues.had_no_data(connection, download.channel_id, download.id)
    if is_first or catalogues.has_listings(connection, download.channel_id):
        return fail_download(unit, download_id, reason, hint, now)
    empty = msgspec.structs.replace(download, rows_total=0, complete=True, reason=_NONE)
    return finish(unit, empty, now)
