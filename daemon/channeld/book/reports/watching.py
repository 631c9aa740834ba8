"""What Amazon says of a report that it has taken: made, cancelled, or stuck (semantics H4, H6)."""

from datetime import datetime, timedelta

import msgspec

from channeld.amazon.reports.answers import Report
from channeld.book.reports.moves import available, failed, looked, no_data
from channeld.book.reports.refusals import gone
from channeld.book.reports.step import fresh, step, tell
from channeld.book.reports.wishing import repeat
from channeld.domain.report.polling import (
    MAY_BE_UNSEEN,
    STUCK_LOOKS,
    STUCK_WATCHED,
    until_next_look,
    until_stuck,
)
from channeld.domain.report.states import Event, State
from channeld.domain.report.types import LISTINGS
from channeld.store import reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = ["TERMINAL", "is_to_be_cancelled", "not_found", "note"]

TERMINAL = ("DONE", "CANCELLED", "FATAL")
_TOO_EARLY = "Amazon cancelled it: it gives nothing when a repeat comes too early, or when there is nothing."
_TOO_EARLY_HINT = "Ask again in half an hour; Amazon keeps such a report for up to six hours."
_NO_DOCUMENT = "Amazon says that it has made it, and names no document."
_NOT_NEEDED = "The report that it was asked for instead of came after all."
_THERE = (State.AVAILABLE, State.PROCESSED)
_EMPTY = "Amazon cancelled it: in that time there is nothing to report."


def note(unit: Unit, report: ReportRecord, shown: Report, now: datetime) -> ReportRecord | None:
    """Take down how it stands, and how it is now. FATAL is for whoever has read Amazon's explanation.

    None when it is not there any more.
    """
    if report.state is State.STUCK:
        _note_stuck(unit, report, shown, now)
    elif shown.status == "DONE" and not shown.document_id:
        failed(unit, report, _NO_DOCUMENT, "Ask for it again.", now, shown.status)
    elif shown.status == "DONE":
        available(unit, report, shown.document_id, _made_at(report, shown, now), now)
    elif shown.status == "CANCELLED":
        is_range = report.data_from is not None
        no_data(unit, report, _EMPTY if is_range else _TOO_EARLY, "" if is_range else _TOO_EARLY_HINT, now)
    else:
        _note_unfinished(unit, report, shown.status, now)
    return fresh(unit, report)


def not_found(unit: Unit, report: ReportRecord, now: datetime) -> None:
    """Amazon does not know it: not yet, when it has just been taken, or not any more."""
    waited = _waited(report, now)
    if report.state is State.SUBMITTED and waited < MAY_BE_UNSEEN:
        looked(unit, report, now + until_next_look(waited), now)
        return
    refusal = gone(report.report_id)
    failed(unit, report, refusal.reason, refusal.hint, now)


def is_to_be_cancelled(report: ReportRecord) -> bool:
    """Whether Amazon can be told to leave it: it has not begun."""
    return report.state is State.STUCK and report.amazon_status == "IN_QUEUE" and report.ended_at is None


def _made_at(report: ReportRecord, shown: Report, now: datetime) -> datetime:
    """By Amazon's clock, so that a daemon that was away learns no long wait from it."""
    begun = report.submitted_at or now
    return min(max(shown.ended_at or now, begun), now)


def _waited(report: ReportRecord, now: datetime) -> timedelta:
    return now - (report.submitted_at or report.created_at)


def _note_unfinished(unit: Unit, report: ReportRecord, status: str, now: datetime) -> None:
    waited = _waited(report, now)
    waits = reports.waits(unit.connection, report.account_id, report.report_type, report.marketplaces)
    if waited >= until_stuck(waits):
        _stood_still(unit, report, status, now)
    else:
        looked(unit, report, now + until_next_look(waited), now, status)


def _stood_still(unit: Unit, report: ReportRecord, status: str, now: datetime) -> None:
    """Ask once for another; a running download of listings goes on with that."""
    since = report.submitted_at or report.created_at
    reason = f"Amazon has had report {report.report_id} {status} since {since:%Y-%m-%d %H:%M} UTC."
    found = step(
        unit,
        report,
        Event.STOOD_STILL,
        now,
        amazon_status=status,
        reason=reason,
        hint=f"Open a case with Amazon and quote: {reason}",
        next_at=now + STUCK_LOOKS,
    )
    if found is None:
        return
    tell(unit, found, now, "report.stuck", reason)
    if found.repeats is None:
        again = repeat(unit, found, now)
        reports.move_downloads(unit, found.id, again.id)
        tell(unit, again, now, "report.asked_again", reason)


def _note_stuck(unit: Unit, report: ReportRecord, shown: Report, now: datetime) -> None:
    if shown.status == "DONE" and shown.document_id:
        _came_late(unit, report, shown, now)
    elif shown.status in TERMINAL or _waited(report, now) >= STUCK_WATCHED:
        _over(unit, report, shown.status, report.reason, now)
    else:
        looked(unit, report, now + STUCK_LOOKS, now, shown.status)


def _came_late(unit: Unit, report: ReportRecord, shown: Report, now: datetime) -> None:
    """It serves while its repeat is not there yet, if somebody still waits."""
    again = reports.repeat_of(unit.connection, report.id)
    if not _is_wanted(unit, report, again):
        _over(unit, report, shown.status, "It came after all, and was not needed any more.", now)
        return
    if again is not None:
        _stand_down(unit, again, report, now)
    if available(unit, report, shown.document_id, _made_at(report, shown, now), now):
        tell(unit, report, now, "report.late")


def _is_wanted(unit: Unit, report: ReportRecord, again: ReportRecord | None) -> bool:
    """Of listings while a download runs that goes on with either of them."""
    if again is not None and again.state in _THERE:
        return False
    either = [each.id for each in (report, again) if each is not None]
    is_of_listings = report.purpose == LISTINGS.purpose
    return not is_of_listings or any(reports.is_awaited(unit.connection, each) for each in either)


def _stand_down(unit: Unit, again: ReportRecord, report: ReportRecord, now: datetime) -> None:
    """The repeat is not needed any more, whatever Amazon makes of it."""
    reports.move_downloads(unit, again.id, report.id)
    if again.state is State.WANTED:
        reports.remove(unit, again)
    else:
        failed(unit, again, _NOT_NEEDED, "", now)


def _over(unit: Unit, report: ReportRecord, status: str, reason: str, now: datetime) -> None:
    """It stays stuck for people, and nobody looks at it any more."""
    present = fresh(unit, report)
    if present is not None and present.state is State.STUCK:
        reports.save(
            unit,
            msgspec.structs.replace(
                present, amazon_status=status, reason=reason, hint="", ended_at=now, next_at=now
            ),
        )
