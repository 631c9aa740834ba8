"""Whether a channel has listings at all, as far as is known here."""

from sqlalchemy import Connection, select

from channeld.domain.listing.presence import GONE
from channeld.domain.report.states import State
from channeld.store import tables

__all__ = ["had_no_data", "has_listings"]

_listings, _downloads, _reports = tables.listings, tables.listing_downloads, tables.reports


def has_listings(connection: Connection, channel_id: int) -> bool:
    """Whether there are any that are not gone."""
    where = (_listings.c.channel_id == channel_id, _listings.c.presence != GONE)
    return connection.scalar(select(_listings.c.id).where(*where).limit(1)) is not None


def had_no_data(connection: Connection, channel_id: int, before: int) -> bool:
    """Whether Amazon had nothing for the last download before that one, abandoned ones not counted."""
    c = _downloads.c
    where = (c.channel_id == channel_id, c.id < before, c.state.in_(("done", "failed")))
    query = (
        select(_reports.c.state)
        .select_from(_downloads.outerjoin(_reports, _reports.c.id == c.report_pk))
        .where(*where)
    )
    return connection.scalar(query.order_by(c.id.desc()).limit(1)) == State.NO_DATA
