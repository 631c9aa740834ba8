"""Who goes first when requests about reports and listings wait for a budget (design, section 5)."""

from channeld.amazon.budgets import Priority
from channeld.store.downloads import DownloadRecord
from channeld.store.reports import ReportRecord

__all__ = ["priority_of", "priority_of_details"]


def priority_of(report: ReportRecord) -> Priority:
    """Of each request on the way of a report, from its creation to its document.

    Before all that is done by itself goes what a person waits for; a backfill comes last.
    """
    if report.by:
        return Priority.PERSON
    return Priority.BULK if report.purpose == "backfill" else Priority.FRESHNESS


def priority_of_details(download: DownloadRecord) -> Priority:
    """Of full reads of a download's listings: so many are nobody's single request."""
    return Priority.BULK if download.automatic else Priority.FRESHNESS
