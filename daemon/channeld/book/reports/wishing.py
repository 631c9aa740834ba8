"""A report is wanted: whoever wants one writes a row, and the account's actor sees to the rest."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from channeld.book.reports.step import tell
from channeld.domain.report.states import State
from channeld.store import reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = ["repeat", "wish"]

AFTER_CANCELLING = timedelta(seconds=30)
"""The stuck report is cancelled first: an identical request beside it may be cancelled as a repeat."""


def wish(
    unit: Unit,
    *,
    account_id: int,
    report_type: str,
    marketplaces: Sequence[str],
    purpose: str,
    now: datetime,
    by: str = "",
    channel_id: int | None = None,
    data_from: datetime | None = None,
    data_to: datetime | None = None,
    fresh: bool = False,
) -> ReportRecord:
    """Want one; it is asked for as soon as the account's budget allows.

    `purpose`: `listings`, `gaps`, `backfill` or `person`: whose actor is woken when it is there. `by`: who
    wants it, empty for the daemon itself. `fresh`: none that Amazon has already may serve.
    """
    wanted = ReportRecord(
        account_id=account_id,
        channel_id=channel_id,
        report_type=report_type,
        marketplaces=tuple(marketplaces),
        data_from=data_from,
        data_to=data_to,
        purpose=purpose,
        by=by,
        fresh=fresh,
        created_at=now,
        next_at=now,
    )
    report = reports.add(unit, wanted)
    tell(unit, report, now, "report.wanted", by=by)
    return report


def repeat(unit: Unit, stuck: ReportRecord, now: datetime) -> ReportRecord:
    """The same once more, instead of one that Amazon does not make."""
    again = msgspec.structs.replace(
        ReportRecord(
            account_id=stuck.account_id,
            report_type=stuck.report_type,
            marketplaces=stuck.marketplaces,
            purpose=stuck.purpose,
            created_at=now,
            next_at=now + AFTER_CANCELLING,
        ),
        channel_id=stuck.channel_id,
        options=stuck.options,
        data_from=stuck.data_from,
        data_to=stuck.data_to,
        by=stuck.by,
        fresh=True,
        repeats=stuck.id,
        state=State.WANTED,
    )
    return reports.add(unit, again)
