"""What the audit trail says of comparisons of orders with Amazon's reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from channeld.domain.report.states import ENDED
from channeld.store import audit, reports
from channeld.store.audit import AuditEntry
from channeld.store.order_gaps import Gap
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = [
    "RECOVERED",
    "tell_compared",
    "tell_compared_in_part",
    "tell_none_expected",
    "tell_nothing",
    "tell_settled",
]

RECOVERED = frozenset(("inserted", "changed", "unchanged"))
"""What reads by id come to when the order is in the book then."""
_MOST_IDS = 100
_MOST_SHOWN = 10
"""Of them in the text itself; `channelctl report show` has all."""


def tell_compared(
    unit: Unit, report: ReportRecord, compared: int, found: Sequence[Gap], bad_rows: int, now: datetime
) -> None:
    """A whole report was compared."""
    unread = f"; {bad_rows} lines could not be read" if bad_rows else ""
    if not found:
        text = f"{compared} orders compared with Amazon's report: nothing missing{unread}"
        _tell(unit, report, now, "order.nothing_missing", text, compared=compared)
        return
    text = f"{compared} orders compared with Amazon's report: {_counts(found)}{unread}"
    _tell(unit, report, now, "order.gaps_found", f"{text}; each is read by its id", found, compared=compared)


def tell_compared_in_part(
    unit: Unit, report: ReportRecord, compared: int, found: Sequence[Gap], doubt: str, now: datetime
) -> None:
    """Of what is not in it, or cannot be read, nothing is known. `doubt`: why."""
    gaps = f"; {_counts(found)}, each is read by its id" if found else ""
    text = f"Amazon's report was compared in part, as {doubt}: {compared} orders compared{gaps}"
    _tell(unit, report, now, "order.compared_in_part", text, found, compared=compared)


def tell_none_expected(unit: Unit, report: ReportRecord, rows: int, now: datetime) -> None:
    """The report has lines, and none of an order that the book should have: this shows nothing."""
    text = f"None of the {rows} lines of Amazon's report is of an order to compare: nothing was compared"
    _tell(unit, report, now, "order.nothing_to_compare", text, lines=rows)


def tell_nothing(unit: Unit, report: ReportRecord, now: datetime) -> None:
    """There was no report."""
    text = "Amazon has no orders for the time that was to be compared: nothing to compare"
    _tell(unit, report, now, "order.nothing_to_compare", text)


def tell_settled(
    unit: Unit, report: ReportRecord, found: Sequence[Gap], now: datetime, just: Gap | None = None
) -> None:
    """What became of an order that was missing; and once of all of them, when the last has been read."""
    present = reports.get(unit.connection, report.id)
    outcome = next((gap.outcome for gap in found if just and gap.id == just.id), "")
    if just is not None and outcome in RECOVERED:
        text = "Order was missing from Amazon's searches; it was read by its id"
        audit.add(unit, _entry(report, now, "order.recovered_by_report", text, just))
    is_compared = present is not None and present.state in ENDED
    if not is_compared or any(gap.settled_at is None for gap in found):
        return
    recovered = [gap for gap in found if gap.outcome in RECOVERED]
    others = Counter(gap.outcome for gap in found if gap.outcome not in RECOVERED)
    rest = "".join(f"; {count} {outcome}" for outcome, count in sorted(others.items()))
    text = f"{len(recovered)} of {len(found)} orders that were missing or behind have been recovered{rest}"
    _tell(unit, report, now, "order.gaps_recovered", f"{text}{_shown(recovered)}", recovered)


def _tell(
    unit: Unit,
    report: ReportRecord,
    now: datetime,
    code: str,
    text: str,
    gaps: Sequence[Gap] = (),
    **counts: int,
) -> None:
    details: dict[str, str] = {name: str(count) for name, count in counts.items()}
    for kind, number in Counter(gap.kind for gap in gaps).items():
        details[kind] = str(number)
    if gaps:
        details["orders"] = ", ".join(gap.order_id for gap in gaps[:_MOST_IDS])
    audit.add(unit, _entry(report, now, code, text, details=details))


def _entry(
    report: ReportRecord,
    now: datetime,
    code: str,
    text: str,
    gap: Gap | None = None,
    details: Mapping[str, str] | None = None,
) -> AuditEntry:
    return AuditEntry(
        at=now,
        code=code,
        text=text,
        account_id=report.account_id,
        channel_id=gap.channel_id if gap else report.channel_id,
        order_id=gap.order_id if gap else None,
        details={"report": str(report.id), **(details or {})},
    )


def _shown(gaps: Sequence[Gap]) -> str:
    ids = [gap.order_id for gap in gaps[:_MOST_SHOWN]]
    more = len(gaps) - len(ids)
    return f": {', '.join(ids)}{f' and {more} more' if more else ''}" if ids else ""


def _counts(found: Sequence[Gap]) -> str:
    kinds = Counter(gap.kind for gap in found)
    words = (("missing", "missing"), ("behind", "out of date"))
    return " and ".join(f"{kinds[kind]} {word}" for kind, word in words if kinds[kind])
