"""Listing downloads on the wire: a row a channel, with the estimate of the one that runs (H1–H5)."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from channel_protocol.listings import DownloadRow
from channeld.amazon.budgets import Budgets
from channeld.amazon.operations import SEARCH_LISTINGS_ITEMS
from channeld.book.reports.automatic import next_downloads
from channeld.domain.listing.estimate import Course, Estimate, estimate
from channeld.store import channels, download_lessons, downloads, listing_queries
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.listing_queries import Counts
from channeld.store.names import names

__all__ = ["CountOf", "RateOf", "Recount", "course_of", "download_rows", "rates_of"]

RateOf = Callable[[int], float]
"""Account → details that Amazon lets it read, in calls a second."""
CountOf = Callable[[Connection, Channel, DownloadRecord | None, datetime], Counts]
"""How many listings a channel has; its latest download, and the time."""
_VERSIONS = 24
"""Bits for the versions of one download: a channel's row only grows from one download to the next."""


RECOUNT = timedelta(seconds=10)
"""While a download runs its row is read often, and counting a large channel takes a while."""


def rates_of(budgets: Budgets) -> RateOf:
    """As Amazon grants them now."""
    granted = {
        state.account_id: state.rate
        for state in budgets.snapshot()
        if state.operation == SEARCH_LISTINGS_ITEMS.name
    }
    return lambda account_id: granted.get(account_id, SEARCH_LISTINGS_ITEMS.rate)


class Recount:
    """Counts that may be a few seconds old while a download runs: one for all who ask, on any thread."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[datetime, Counts]] = {}

    def __call__(
        self, connection: Connection, channel: Channel, last: DownloadRecord | None, now: datetime
    ) -> Counts:
        at, known = self._counted.get(channel.id, (now, None))
        is_running = last is not None and last.is_running
        if known is None or not is_running or not timedelta(0) <= now - at < RECOUNT:
            at, known = now, listing_queries.counts(connection, channel.account_id, channel.id)
            self._counted[channel.id] = (at, known)
        return known

    def before(self, connection: Connection, channel_name: str, now: datetime) -> CountOf:
        """That channel's counts as they are now, for a unit of work, which must not count."""
        channel, known = channels.by_name(connection, channel_name), Counts()
        if channel is not None:
            last = downloads.latest(connection, [channel.id]).get(channel.id)
            known = self(connection, channel, last, now)

        def counted(
            connection: Connection, channel: Channel, last: DownloadRecord | None, now: datetime
        ) -> Counts:
            return known

        return counted


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
    latest = downloads.latest(connection, [channel.id for channel in wanted])
    following = next_downloads(connection, wanted, now)
    rows: list[DownloadRow] = []
    for channel in wanted:
        last = latest.get(channel.id)
        numbers = count(connection, channel, last, now)
        bare = _bare(connection, channel, known.account(channel.account_id), numbers, following)
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
    connection: Connection,
    channel: Channel,
    account: str,
    numbers: Counts,
    following: dict[int, datetime],
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
        last_completion=downloads.last_success(connection, channel.id, automatic=False),
        last_automatic=downloads.last_success(connection, channel.id, automatic=True),
        next_automatic=following.get(channel.id),
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
