"""Listing downloads on the wire: a row a channel, with the estimate of the one that runs (H1–H5)."""

from collections.abc import Callable, Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from channel_protocol.listings import DownloadRow
from channeld.amazon.budgets import Budgets
from channeld.amazon.operations import SEARCH_LISTINGS_ITEMS
from channeld.book.reports.automatic import next_downloads
from channeld.control.listing_counts import CountOf
from channeld.domain.listing.estimate import Course, Estimate, estimate
from channeld.store import channels, download_lessons, downloads
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord, Successes
from channeld.store.listing_queries import Counts
from channeld.store.names import names

__all__ = ["RateOf", "course_of", "download_rows", "rates_of"]

RateOf = Callable[[int], float]
"""Account → details that Amazon lets it read, in calls a second."""
_VERSIONS = 24
"""Bits for the versions of one download: a channel's row only grows from one download to the next."""


def rates_of(budgets: Budgets) -> RateOf:
    """As Amazon grants them now."""
    granted = {
        state.account_id: state.rate
        for state in budgets.snapshot()
        if state.operation == SEARCH_LISTINGS_ITEMS.name
    }
    return lambda account_id: granted.get(account_id, SEARCH_LISTINGS_ITEMS.rate)


def download_rows(
    connection: Connection,
    now: datetime,
    rate_of: RateOf,
    count: CountOf,
    only: Collection[str] | None = None,
) -> list[DownloadRow]:
    """All channels by name, or those of these names."""
    known = names(connection)
    wanted = [each for each in channels.all_channels(connection) if only is None or each.name in only]
    ids = [channel.id for channel in wanted]
    latest, successes = downloads.latest(connection, ids), downloads.last_successes(connection, ids)
    following = next_downloads(connection, wanted, now)
    rows: list[DownloadRow] = []
    for channel in wanted:
        last = latest.get(channel.id)
        numbers = count(connection, channel, last, now)
        account, success = known.account(channel.account_id), successes.get(channel.id, Successes())
        bare = _bare(channel, account, numbers, success, following.get(channel.id))
        estimated = _estimated(connection, last, now, rate_of(channel.account_id))
        rows.append(_with(bare, last, estimated) if last else bare)
    return rows


def course_of(download: DownloadRecord) -> Course:
    """How far it is, for the estimate."""
    began = (download.started_at, download.fetch_at, download.process_at, download.details_at)
    return Course(
        begun=[each for each in began if each is not None],
        full=download.full,
        rows_total=download.rows_total,
        rows_done=download.rows_done,
        details_total=download.details_total,
        details_done=download.details_done,
        not_before=download.look_at,
    )


def _estimated(
    connection: Connection, last: DownloadRecord | None, now: datetime, rate: float
) -> Estimate | None:
    if last is None or not last.is_running:
        return None
    return estimate(course_of(last), download_lessons.lessons(connection, last, rate), now)


def _bare(
    channel: Channel, account: str, numbers: Counts, success: Successes, following: datetime | None
) -> DownloadRow:
    """A channel as if nothing had been downloaded yet."""
    return DownloadRow(
        channel=channel.name,
        account=account,
        in_progress=False,
        automatic=False,
        started_at=None,
        phase="",
        done=0,
        total=None,
        progress=None,
        estimated_completion=None,
        overdue_seconds=None,
        last_completion=success.wanted,
        last_automatic=success.automatic,
        next_automatic=following,
        outcome="",
        added=0,
        changed=0,
        missing=0,
        gone=0,
        returned=0,
        bad_rows=0,
        listings=numbers.listed,
        linked=numbers.linked,
        unlinked=numbers.listed - numbers.linked,
        missing_now=numbers.missing,
        gone_now=numbers.gone,
        report=None,
        reason="",
        hint="",
    )


def _with(bare: DownloadRow, last: DownloadRecord, estimated: Estimate | None) -> DownloadRow:
    done, total = _done(last) if last.is_running else (0, None)
    overdue = estimated.overdue if estimated else None
    return msgspec.structs.replace(
        bare,
        version=(last.id << _VERSIONS) + last.version,
        in_progress=last.is_running,
        automatic=last.automatic,
        started_at=last.started_at,
        phase=last.phase if last.is_running else "",
        done=done,
        total=total,
        progress=round(estimated.progress, 4) if estimated else None,
        estimated_completion=estimated.completion if estimated else None,
        overdue_seconds=overdue.total_seconds() if overdue else None,
        outcome="" if last.is_running else last.state,
        added=last.added,
        changed=last.changed,
        missing=last.missing,
        gone=last.gone,
        returned=last.returned,
        bad_rows=last.bad_rows,
        report=last.report_pk,
        reason=last.reason,
        hint=last.hint,
    )


def _done(last: DownloadRecord) -> tuple[int, int | None]:
    """Of the present phase."""
    if last.phase == "details":
        return last.details_done, last.details_total
    return (last.rows_done, last.rows_total) if last.phase == "processing" else (0, None)
