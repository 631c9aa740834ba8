"""Reports on the wire."""

from collections.abc import Iterable
from datetime import datetime

from channel_protocol.reports import BadRow, GapRow, ReportRow
from channeld.domain.listing import reported
from channeld.domain.report.states import WATCHED, State, is_plain, people_say
from channeld.store.names import Names
from channeld.store.order_gaps import Gap
from channeld.store.reports import ReportRecord

__all__ = ["bad_rows", "gap_rows", "report_facts", "report_row"]


def report_row(report: ReportRecord, known: Names) -> ReportRow:
    """One report."""
    is_watched = report.state in WATCHED and report.ended_at is None
    return ReportRow(
        version=report.version,
        number=report.id,
        account=known.account(report.account_id),
        channel=known.channel(report.channel_id),
        report_type=report.report_type,
        status=people_say(report.state),
        plain=is_plain(report.state),
        state=report.state.value,
        amazon_status=report.amazon_status,
        report_id=report.report_id,
        purpose=report.purpose,
        by=report.by,
        reused=report.reused,
        requested_at=report.created_at,
        data_from=report.data_from,
        data_to=report.data_to,
        next_look=report.next_at if is_watched else None,
        ended_at=report.ended_at,
        rows=report.rows,
        bad_rows=report.bad_rows,
        letters_lost=report.letters_lost,
        reason=report.reason,
        hint=report.hint,
    )


def report_facts(report: ReportRecord, repeat: ReportRecord | None) -> dict[str, str]:
    """More of it by label; only what it has. `repeat`: what was asked for in its place."""
    facts = {
        "Wanted": _time(report.created_at),
        "Asked for": _time(report.sent_at),
        "Taken by Amazon": _time(report.submitted_at),
        "Made by Amazon": _time(report.available_at),
        "Processed": _time(report.ended_at) if report.state is State.PROCESSED else "",
        "Asked again as": f"report {repeat.id}" if repeat else "",
        "Stands in for": f"report {report.repeats}, which was stuck" if report.repeats else "",
        "Marketplaces": ", ".join(report.marketplaces),
        "Columns": ", ".join(report.columns),
    }
    return {label: text for label, text in facts.items() if text}


def bad_rows(found: Iterable[reported.BadRow]) -> tuple[BadRow, ...]:
    """Lines that could not be read."""
    return tuple(BadRow(line=each.line, reason=each.reason, text=each.text) for each in found)


def gap_rows(found: Iterable[Gap], known: Names) -> tuple[GapRow, ...]:
    """Orders that it showed to be missing, or behind."""
    return tuple(
        GapRow(
            order_id=gap.order_id,
            channel=known.channel(gap.channel_id),
            kind=gap.kind,
            outcome=gap.outcome,
            settled_at=gap.settled_at,
        )
        for gap in found
    )


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else ""
