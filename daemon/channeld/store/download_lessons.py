"""What earlier listing downloads teach: how long one takes, how many rows there are (H4, H5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, select

from channeld.domain.listing.estimate import LAST_WAITS, Lessons
from channeld.domain.listing.presence import Past
from channeld.store import tables
from channeld.store.downloads import DownloadRecord

__all__ = ["lessons", "past"]

_downloads, _reports, _channels = tables.listing_downloads, tables.reports, tables.channels
_MEASURED = 10
"""So many of the last downloads tell how fast this machine is."""
_TOO_FEW = 500
"""Rows that are done too quickly to be a measure."""


def past(connection: Connection, channel_id: int, before: int) -> Past:
    """What downloads before that one have shown of the size of the catalogue."""
    c = _downloads.c
    mine = (c.channel_id == channel_id, c.id < before)
    applied = c.details_at.is_not(None)
    last = connection.execute(
        select(c.listed, c.doubt, c.digest, c.started_at, _reports.c.report_id, _reports.c.available_at)
        .select_from(_downloads.outerjoin(_reports, _reports.c.id == c.report_pk))
        .where(*mine, applied, c.doubt != "repeated")
        .order_by(c.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return Past()
    return Past(
        complete_rows=_of_last(connection, c.listed, *mine, applied, c.complete),
        short_rows=last.listed if last.doubt == "short" else None,
        report_id=last.report_id or "",
        digest=last.digest,
        made_at=last.available_at or last.started_at,
    )


def lessons(connection: Connection, download: DownloadRecord, calls_per_second: float) -> Lessons:
    """What earlier downloads teach about how long this one takes."""
    c = _downloads.c
    channel_id = download.channel_id
    return Lessons(
        waits=_waits(connection, channel_id),
        fetch_rates=_rates(connection, c.fetch_at, c.process_at),
        process_rates=_rates(connection, c.process_at, c.details_at),
        rows=_of_last(
            connection, c.rows_done, c.channel_id == channel_id, c.details_at.is_not(None), c.complete
        ),
        details=_last_details(connection, channel_id) if download.automatic else None,
        calls_per_second=calls_per_second,
    )


def _of_last(connection: Connection, count: Column[int], *where: ColumnElement[bool]) -> int | None:
    return connection.scalar(select(count).where(*where).order_by(_downloads.c.id.desc()).limit(1))


def _last_details(connection: Connection, channel_id: int) -> int | None:
    """Of the last automatic one: a person's reads all that there are."""
    c = _downloads.c
    where = (c.channel_id == channel_id, c.automatic, c.full, c.state == "done")
    return connection.scalar(select(c.details_total).where(*where).order_by(c.id.desc()).limit(1))


def _waits(connection: Connection, channel_id: int) -> Sequence[float]:
    """Of the same marketplace, whichever channel; not those that another's report served."""
    c = _downloads.c
    marketplace = select(_channels.c.marketplace_id).where(_channels.c.id == channel_id).scalar_subquery()
    alike = select(_channels.c.id).where(_channels.c.marketplace_id == marketplace)
    query = (
        select(c.started_at, c.fetch_at)
        .select_from(_downloads.join(_reports, _reports.c.id == c.report_pk))
        .where(c.channel_id.in_(alike), c.fetch_at.is_not(None), _reports.c.reused.is_not(True))
        .order_by(c.id.desc())
        .limit(LAST_WAITS)
    )
    return [(end - begin).total_seconds() for begin, end in connection.execute(query)]


def _rates(
    connection: Connection, begin: ColumnElement[datetime], end: ColumnElement[datetime]
) -> Sequence[float]:
    """Rows a second, of downloads of any channel: they share this machine."""
    c = _downloads.c
    where = (end.is_not(None), c.rows_total >= _TOO_FEW, c.fetches == 0)
    query = select(begin, end, c.rows_total).where(*where).order_by(c.id.desc()).limit(_MEASURED)
    rows = [(end - begin, count) for begin, end, count in connection.execute(query)]
    return [count / took.total_seconds() for took, count in rows if took > timedelta(0)]
