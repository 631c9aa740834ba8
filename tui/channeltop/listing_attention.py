"""What needs a person in listing downloads and reports. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from channel_protocol.channels import ChannelRow
from channel_protocol.listings import DownloadRow
from channel_protocol.reports import ReportRow
from channeltop.format import age
from channeltop.model import Model
from channeltop.notice import Notice
from channeltop.pages import key_of
from channeltop.reports import short_type

__all__ = ["listing_attention"]

STUCK_FOR = timedelta(days=1)
"""After that nobody waits for it any more."""
CAME = ("available", "processed")


def listing_attention(model: Model, now: datetime) -> Iterator[Notice]:
    """Downloads that failed, until one ends well; reports that Amazon does not make, until one comes."""
    yield from _failed(model.listing_downloads.values(), model.channels)
    yield from _stuck(list(model.reports.values()), now)


def _failed(rows: Iterable[DownloadRow], channels: Mapping[str, ChannelRow]) -> Iterator[Notice]:
    for row in rows:
        channel = channels.get(row.channel)
        if row.outcome == "failed" and channel is not None and channel.enabled:
            yield Notice(
                tone="warn",
                what=f"{row.channel}: the listing download failed: {row.reason}",
                do=row.hint or "d downloads them again",
            )


def _stuck(rows: Iterable[ReportRow], now: datetime) -> Iterator[Notice]:
    rows = list(rows)
    for row in rows:
        if row.state == "stuck" and now - row.requested_at < STUCK_FOR and not _has_come(row, rows):
            what = f"report {row.number} ({short_type(row.report_type)}) of {row.channel or row.account}"
            yield Notice(
                tone="warn",
                what=f"{what} is stuck, asked for {age(row.requested_at, now)} ago",
                do=row.hint or f"{key_of('reports')} shows it",
            )


def _has_come(stuck: ReportRow, rows: Iterable[ReportRow]) -> bool:
    """Whether a later one of the same kind serves."""
    return any(
        row.number > stuck.number
        and row.state in CAME
        and (row.report_type, row.account, row.channel) == (stuck.report_type, stuck.account, stuck.channel)
        for row in rows
    )
