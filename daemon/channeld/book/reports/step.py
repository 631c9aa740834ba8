"""One step of a report: its new state, and what the audit trail says of it. The moves stand in `moves.py`."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from channeld.domain.report.states import ENDED, Event, moved
from channeld.store import audit, reports
from channeld.store.audit import AuditEntry
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = ["TEXTS", "fresh", "step", "tell"]

TEXTS: Mapping[str, str] = {
    "report.wanted": "Report {type} wanted",
    "report.reused": "A recent report {type} serves, which Amazon had already",
    "report.submitted": "Report {type} requested from Amazon",
    "report.in_doubt": "Nobody knows whether Amazon has taken the request for report {type}",
    "report.asked_again": "Report {type} is requested once more",
    "report.available": "Report {type} is available",
    "report.processed": "Report {type} processed",
    "report.no_data": "Report {type}: no data",
    "report.failed": "Report {type} failed",
    "report.stuck": "Report {type} is stuck at Amazon",
    "report.late": "Report {type} came after all",
}
"""Code → what happened."""
DAEMON = "channeld"


def fresh(unit: Unit, report: ReportRecord) -> ReportRecord | None:
    """As it stands now; None when it is not there any more."""
    return reports.get(unit.connection, report.id)


def step(
    unit: Unit, report: ReportRecord, event: Event, now: datetime, **changes: object
) -> ReportRecord | None:
    """Move it on from where it stands; None when somebody else has moved it meanwhile, which then holds."""
    present = fresh(unit, report)
    state = moved(present.state, event) if present else None
    if present is None or state is None:
        return None
    ended_at = now if state in ENDED else None
    plain: dict[str, object] = {"looks": 0, "tries": 0, "reason": "", "hint": "", "ended_at": ended_at}
    return reports.save(unit, msgspec.structs.replace(present, state=state, **(plain | changes)))


def tell(unit: Unit, report: ReportRecord, now: datetime, code: str, reason: str = "", by: str = "") -> None:
    """Add what happened to the audit trail."""
    details = {
        "report": str(report.id),
        "report_id": report.report_id,
        "reason": reason,
        "rows": "" if report.rows is None else str(report.rows),
    }
    audit.add(
        unit,
        AuditEntry(
            at=now,
            code=code,
            text=TEXTS[code].format(type=report.report_type),
            by=by or DAEMON,
            account_id=report.account_id,
            channel_id=report.channel_id,
            details={key: text for key, text in details.items() if text},
        ),
    )
