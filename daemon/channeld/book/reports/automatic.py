"""Listings are downloaded by themselves, in each enabled channel once a day (semantics I10)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from channeld.book.listings.starting import start_download
from channeld.domain.report.schedule import next_automatic
from channeld.store import catalogues, channels, downloads
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["begin_downloads", "next_download", "next_downloads"]


def next_downloads(connection: Connection, known: Sequence[Channel], now: datetime) -> dict[int, datetime]:
    """When the next comes by itself, by channel; of those that are enabled and have none under way."""
    ids = [channel.id for channel in known]
    latest, successes = downloads.latest(connection, ids), downloads.last_successes(connection, ids)
    due: dict[int, datetime] = {}
    for channel in known:
        last = latest.get(channel.id)
        if not channel.enabled or (last is not None and last.is_running):
            continue
        if last is None or last.state == "done":
            doubted_at = last.started_at if last and _is_doubted(connection, last) else None
            ended_at = last.ended_at if last and not doubted_at else None
            at = next_automatic(ended_at, doubted_at)
        else:
            failed_at = last.started_at if last.state == "failed" else None
            success = successes.get(channel.id)
            at = next_automatic(success and success.last, failed_at)
        due[channel.id] = at or now
    return due


def _is_doubted(connection: Connection, last: DownloadRecord) -> bool:
    """Whether it came by itself and said too little: the report was cut, or empty for no reason."""
    if not last.automatic:
        return False
    is_empty = last.doubt == "empty" and catalogues.has_listings(connection, last.channel_id)
    return is_empty or last.doubt == "truncated"


def next_download(connection: Connection, account_id: int, now: datetime) -> datetime | None:
    """The first of an account's channels; None while nothing can become due."""
    known = channels.of_account(connection, account_id)
    return min(next_downloads(connection, known, now).values(), default=None)


def begin_downloads(unit: Unit, account_id: int, now: datetime) -> None:
    """Those that are due."""
    known = channels.of_account(unit.connection, account_id)
    due = next_downloads(unit.connection, known, now)
    for channel in known:
        if channel.id in due and due[channel.id] <= now:
            start_download(unit, channel, automatic=True, by="", now=now)
