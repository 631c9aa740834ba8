"""Every move of a report, each with its audit entry. One that somebody else has moved meanwhile stays so.

What consumers call: `processed` in the unit that stores the last of it, `failed` when its document cannot be
used, `given_up` when nobody wants it any more.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from channeld.book.reports.step import fresh, step, tell
from channeld.domain.listing.reported import BadRow
from channeld.domain.report.polling import until_next_look, until_next_try
from channeld.domain.report.reuse import Offer
from channeld.domain.report.states import Event, State
from channeld.store import reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = [
    "asked_again",
    "available",
    "begin",
    "failed",
    "given_up",
    "in_doubt",
    "looked",
    "no_data",
    "postponed",
    "processed",
    "put_back",
    "reused",
    "submitted",
]

_GIVEN_UP = "Nobody waits for it any more."


def reused(unit: Unit, report: ReportRecord, offer: Offer, now: datetime) -> None:
    """Amazon has one already that serves."""
    found = step(
        unit,
        report,
        Event.REUSED,
        now,
        report_id=offer.report_id,
        document_id=offer.document_id,
        amazon_status=offer.status,
        reused=True,
        submitted_at=offer.created_at,
        available_at=now,
        next_at=now,
    )
    if found:
        tell(unit, found, now, "report.reused")


def begin(unit: Unit, report: ReportRecord, now: datetime) -> ReportRecord | None:
    """The request is about to leave; None when nobody wants it any more."""
    return step(unit, report, Event.BEGIN, now, sent_at=now, tries=report.tries)


def submitted(
    unit: Unit, report: ReportRecord, report_id: str, now: datetime, at: datetime | None = None
) -> None:
    """Amazon has taken the request; `at`: when, if that was found out later."""
    taken_at = at or now
    found = step(
        unit,
        report,
        Event.TAKEN,
        now,
        report_id=report_id,
        submitted_at=taken_at,
        next_at=now + until_next_look(now - taken_at),
    )
    if found:
        tell(unit, found, now, "report.submitted")


def in_doubt(unit: Unit, report: ReportRecord, reason: str, now: datetime) -> None:
    """No answer: Amazon may be making it or not, which its list will show."""
    unanswered = report.unanswered + 1
    found = step(unit, report, Event.LOST, now, unanswered=unanswered, reason=reason, next_at=now)
    if found:
        tell(unit, found, now, "report.in_doubt", reason)


def put_back(unit: Unit, report: ReportRecord, reason: str, now: datetime) -> None:
    """Certainly not taken, for a passing reason: it is tried again after a while."""
    tries = report.tries + 1
    step(unit, report, Event.PUT_BACK, now, tries=tries, reason=reason, next_at=now + until_next_try(tries))


def asked_again(unit: Unit, report: ReportRecord, now: datetime) -> None:
    """Amazon's list does not show it: a second one would do no harm."""
    found = step(unit, report, Event.PUT_BACK, now, next_at=now)
    if found:
        tell(unit, found, now, "report.asked_again", report.reason)


def looked(unit: Unit, report: ReportRecord, next_at: datetime, now: datetime, status: str = "") -> None:
    """Amazon was asked, and it stands as it did."""
    present = fresh(unit, report)
    if present and present.state is report.state:
        plain = {"tries": 0, "reason": "", "hint": ""} if present.state is State.SUBMITTED else {}
        seen = {"amazon_status": status or present.amazon_status, "looks": present.looks + 1}
        reports.save(unit, msgspec.structs.replace(present, next_at=next_at, **seen, **plain))


def postponed(unit: Unit, report: ReportRecord, reason: str, hint: str, now: datetime) -> None:
    """A step failed for a passing reason; it is tried again."""
    present = fresh(unit, report)
    if present and present.version == report.version:
        tries = present.tries + 1
        later = msgspec.structs.replace(
            present, tries=tries, reason=reason, hint=hint, next_at=now + until_next_try(tries)
        )
        reports.save(unit, later)


def available(unit: Unit, report: ReportRecord, document_id: str, made_at: datetime, now: datetime) -> bool:
    """Amazon has made it; whether it goes on with that."""
    found = step(
        unit,
        report,
        Event.READY,
        now,
        amazon_status="DONE",
        document_id=document_id,
        available_at=made_at,
        next_at=now,
    )
    if found:
        tell(unit, found, now, "report.available")
    return found is not None


def no_data(unit: Unit, report: ReportRecord, reason: str, hint: str, now: datetime) -> None:
    """Amazon cancelled it: there is nothing to report, or it was asked for too early."""
    found = step(unit, report, Event.EMPTY, now, amazon_status="CANCELLED", reason=reason, hint=hint)
    if found:
        tell(unit, found, now, "report.no_data", reason)


def failed(unit: Unit, report: ReportRecord, reason: str, hint: str, now: datetime, status: str = "") -> None:
    """It will not come, or cannot be used."""
    amazon_status = status or report.amazon_status
    found = step(unit, report, Event.FAILED, now, reason=reason, hint=hint, amazon_status=amazon_status)
    if found:
        tell(unit, found, now, "report.failed", reason)


def given_up(unit: Unit, report_pk: int, now: datetime) -> None:
    """Whoever wanted it does not any more; what Amazon makes of it is not looked at."""
    report = reports.get(unit.connection, report_pk)
    if report is not None:
        failed(unit, report, _GIVEN_UP, "", now)


def processed(
    unit: Unit,
    report_pk: int,
    now: datetime,
    *,
    rows: int,
    bad_rows: int = 0,
    letters_lost: int = 0,
    columns: Sequence[str] = (),
    faults: Sequence[BadRow] = (),
) -> None:
    """What is in it is stored, in this very unit. `faults`: rows that could not be read, the first ones."""
    report = reports.get(unit.connection, report_pk)
    if report is None:
        return
    reports.add_faults(unit, report.id, faults)
    found = step(
        unit,
        report,
        Event.PROCESSED,
        now,
        rows=rows,
        bad_rows=bad_rows,
        letters_lost=letters_lost,
        columns=tuple(columns),
    )
    if found:
        tell(unit, found, now, "report.processed")
