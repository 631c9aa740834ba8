"""A download goes from phase to phase: its report is there, is fetched, is applied (semantics H1, H4, H5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from channeld.book.listings.ending import finish
from channeld.book.listings.step import move, still_running
from channeld.book.reports.moves import processed
from channeld.domain.listing.presence import Brought, Judgement, judge
from channeld.domain.listing.reported import BadRow
from channeld.store import download_lessons
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["FETCHES", "fetched", "judged", "note_failed_fetch", "processed_all", "report_there"]

FETCHES = 3
"""How often a document that did not come, or not whole, is fetched again."""
BETWEEN_FETCHES = timedelta(minutes=10)


def report_there(unit: Unit, download_id: int, now: datetime) -> DownloadRecord:
    """Amazon has made the report, or its file was lost and it is fetched again. Raises `DownloadOver`."""
    download = still_running(unit, download_id)
    return move(unit, download, phase="fetching", fetch_at=now, process_at=None, rows_total=None)


def note_failed_fetch(unit: Unit, download_id: int, reason: str, now: datetime) -> DownloadRecord:
    """Its document did not come, or not whole; it is fetched again later. Raises `DownloadOver`."""
    download = still_running(unit, download_id)
    return move(
        unit,
        download,
        fetches=download.fetches + 1,
        look_at=now + BETWEEN_FETCHES,
        reason=reason,
        hint="It is fetched again by itself.",
    )


def fetched(unit: Unit, download_id: int, rows: int, now: datetime) -> DownloadRecord:
    """The document is beside the database; its rows come next. Raises `DownloadOver`."""
    return move(
        unit,
        still_running(unit, download_id),
        phase="processing",
        process_at=now,
        look_at=None,
        rows_total=rows,
        reason="",
        hint="",
    )


def judged(unit: Unit, download_id: int, rows: int, brought: Brought) -> Judgement:
    """What the report is worth, once all its rows were read. It is stored, so that a death changes nothing.

    Raises `DownloadOver`.
    """
    download = still_running(unit, download_id)
    past = download_lessons.past(unit.connection, download.channel_id, download.id)
    found = judge(brought, past)
    move(
        unit,
        download,
        rows_total=rows,
        rows_done=rows,
        listed=brought.listed,
        digest=brought.digest,
        complete=found.is_complete,
        doubt=found.doubt,
        reason=found.reason,
        hint=found.hint,
    )
    return found


def processed_all(
    unit: Unit,
    download_id: int,
    bad_rows: int,
    faults: Sequence[BadRow],
    columns: tuple[str, ...],
    now: datetime,
) -> DownloadRecord:
    """All that the report says is in the book: it is done, but for details. Raises `DownloadOver`."""
    download = still_running(unit, download_id)
    applied = move(
        unit, download, bad_rows=bad_rows, details_at=now, phase="details" if download.full else "processing"
    )
    if applied.report_pk is not None:
        processed(
            unit,
            applied.report_pk,
            now,
            rows=applied.rows_done,
            bad_rows=bad_rows,
            letters_lost=applied.letters_lost,
            columns=columns,
            faults=faults,
        )
    return applied if applied.full else finish(unit, applied, now)
