"""What Amazon's list of reports says: one that serves, or one of ours that got no answer."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from channeld.amazon.assumptions import ADOPTION_BEFORE
from channeld.amazon.reports.answers import Report
from channeld.book.reports.moves import asked_again, failed, looked, submitted
from channeld.domain.report.reuse import Offer, ReportSpec, best, is_same
from channeld.domain.report.states import State
from channeld.domain.report.types import report_use
from channeld.store import reports
from channeld.store.reports import ReportRecord
from channeld.store.unit import Unit

__all__ = ["find_reusable", "listed_since", "may_be_reused", "settle_unknown"]

BETWEEN_LOOKS = timedelta(minutes=1)
LOOKS = 2
"""That must find no such report before it is asked for again."""
MOST_UNANSWERED = 5
_LOST = "Amazon gave no answer to five requests for it."
_LOST_HINT = "Check this machine's connection and Amazon's status page, then ask again."


def may_be_reused(report: ReportRecord) -> bool:
    """Whether Amazon's list is looked at before it is asked for."""
    return not report.fresh and report_use(report.report_type).reuse is not None


def listed_since(report: ReportRecord, now: datetime) -> datetime:
    """From when on Amazon's list is of interest for it."""
    if report.state is State.UNKNOWN:
        return (report.sent_at or report.created_at) - ADOPTION_BEFORE
    return now - (report_use(report.report_type).reuse or timedelta(0))


def find_reusable(
    connection: Connection, report: ReportRecord, listed: Sequence[Report], now: datetime
) -> Offer | None:
    """One that serves, and that was not processed already: what it says is known then."""
    known = reports.processed_ids(connection, report.account_id, [each.report_id for each in listed])
    return best(_spec(report), _without(listed, known), listed_since(report, now))


def settle_unknown(unit: Unit, report: ReportRecord, listed: Sequence[Report], now: datetime) -> None:
    """Amazon has such a report since then: it is taken for ours, whoever asked for it, as it says the same.

    None in two looks: it is asked for again.
    """
    sought, since = _spec(report), listed_since(report, now)
    known = reports.known_ids(unit.connection, report.account_id, [each.report_id for each in listed])
    found = [
        offer for offer in _without(listed, known) if offer.created_at >= since and is_same(sought, offer)
    ]
    if found:
        likeliest = max(found, key=_promise)
        submitted(unit, report, likeliest.report_id, now, min(likeliest.created_at, now))
    elif report.looks + 1 < LOOKS:
        looked(unit, report, now + BETWEEN_LOOKS, now)
    elif report.unanswered >= MOST_UNANSWERED:
        failed(unit, report, _LOST, _LOST_HINT, now)
    else:
        asked_again(unit, report, now)


def _promise(offer: Offer) -> tuple[bool, datetime]:
    return offer.status not in ("CANCELLED", "FATAL"), offer.created_at


def _spec(report: ReportRecord) -> ReportSpec:
    return ReportSpec(
        report_type=report.report_type,
        marketplaces=report.marketplaces,
        data_from=report.data_from,
        data_to=report.data_to,
    )


def _without(listed: Sequence[Report], known: Collection[str]) -> list[Offer]:
    return [
        Offer(
            report_id=each.report_id,
            report_type=each.report_type,
            marketplaces=each.marketplace_ids,
            status=each.status,
            document_id=each.document_id,
            created_at=each.created_at,
            data_from=each.data_start,
            data_to=each.data_end,
        )
        for each in listed
        if each.report_id not in known
    ]
