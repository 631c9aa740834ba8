"""A download ends: done, failed, or abandoned with its channel (semantics H1, H3)."""

from datetime import datetime

from channeld.book.listings.step import move, still_running, tell
from channeld.book.reports.moves import failed, given_up
from channeld.store import downloads, reports
from channeld.store.channels import Channel
from channeld.store.downloads import DownloadRecord
from channeld.store.unit import Unit

__all__ = ["abandon_download", "fail_download", "finish"]

_AGAIN = "`channelctl listing download` begins a new one."


def finish(
    unit: Unit, download: DownloadRecord, now: datetime, *, details_refused: int = 0
) -> DownloadRecord:
    """All is in the book; the completion date moves. `download` is what this very unit has read."""
    done = move(unit, download, state="done", ended_at=now, look_at=None)
    text = f"{done.rows_done:,} listings downloaded: {_changes(done)}"
    tell(
        unit,
        done,
        now,
        "listing.downloaded",
        f"{text}. {done.reason}".rstrip(". "),
        rows=done.rows_done,
        added=done.added,
        changed=done.changed,
        missing=done.missing,
        gone=done.gone,
        returned=done.returned,
        bad_rows=done.bad_rows,
        details=done.details_done if done.full else "",
        details_refused=details_refused or "",
    )
    return done


def fail_download(unit: Unit, download_id: int, reason: str, hint: str, now: datetime) -> DownloadRecord:
    """It cannot be brought to its end; neither completion date moves. Raises `DownloadOver`."""
    download = still_running(unit, download_id)
    ended = move(
        unit, download, state="failed", ended_at=now, look_at=None, reason=reason, hint=hint or _AGAIN
    )
    report = reports.get(unit.connection, ended.report_pk) if ended.report_pk is not None else None
    if report is not None:
        failed(unit, report, reason, hint, now)
    tell(unit, ended, now, "listing.download_failed", f"Listing download failed: {reason}")
    return ended


def abandon_download(unit: Unit, channel: Channel, why: str, now: datetime) -> None:
    """The channel does not take part any more: `why`, such as `was disabled`. What came in stays."""
    download = downloads.running(unit.connection, channel.id)
    if download is None:
        return
    reason = f"Channel {channel.name} {why} before it was done."
    ended = move(unit, download, state="abandoned", ended_at=now, look_at=None, reason=reason, hint=_AGAIN)
    if ended.report_pk is not None:
        given_up(unit, ended.report_pk, now)
    tell(unit, ended, now, "listing.download_abandoned", f"Listing download abandoned: {reason}")


def _changes(done: DownloadRecord) -> str:
    counts = {
        "new": done.added,
        "changed": done.changed,
        "missing": done.missing,
        "gone": done.gone,
        "there again": done.returned,
        "unreadable": done.bad_rows,
    }
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing changed"
