"""A listing download begins: its row, and the wish for its report, in one unit (semantics H1, H2, H5)."""

from datetime import datetime

from channeld.book.listings.step import move, tell
from channeld.book.reports.wishing import wish
from channeld.domain.channel_settings import ChannelSettings
from channeld.domain.report.types import LISTINGS
from channeld.store import downloads
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["start_download"]


def start_download(
    unit: Unit, channel: Channel, *, automatic: bool, by: str, now: datetime, fresh: bool = False
) -> DownloadRecord:
    """The one that runs, or else a new one. `by`: who asks; empty for the daemon itself. `fresh`: no report
    that Amazon has already may serve a new one.

    One that came about by itself is a person's from when a person asks for it: his completion date moves.
    """
    running = downloads.running(unit.connection, channel.id)
    if running is not None:
        return running if automatic or not running.automatic else _taken_over(unit, running, by, now)
    report = wish(
        unit,
        account_id=channel.account_id,
        channel_id=channel.id,
        report_type=LISTINGS.name,
        marketplaces=(channel.marketplace_id,),
        purpose=LISTINGS.purpose,
        by=by,
        now=now,
        fresh=fresh,
    )
    new = DownloadRecord(
        channel_id=channel.id,
        automatic=automatic,
        by=by,
        full=ChannelSettings.of(channel.settings).download_full_listings,
        report_pk=report.id,
        started_at=now,
    )
    started = downloads.add(unit, new)
    what = "by itself" if automatic else "as it was asked for"
    tell(unit, started, now, "listing.download_started", f"Listing download of {channel.name} began {what}")
    return started


def _taken_over(unit: Unit, running: DownloadRecord, by: str, now: datetime) -> DownloadRecord:
    taken = move(unit, running, automatic=False, by=by)
    tell(unit, taken, now, "listing.download_attached", "The listing download that runs was asked for")
    return taken
