"""Listing downloads, listings and reports, with the parts that tests of the clients care about."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from channel_protocol.listings import DownloadRow, ListingRow, ListingShown, Suggestion
from channel_protocol.reports import ReportRow, ReportShown
from tests.support.fake_clock import START
from tests.support.monitor_rows import entry

__all__ = ["download", "listing", "listing_shown", "report", "report_shown", "running"]

WORDS = {"no data": "No data", "wanted": "Waiting"}


def download(channel: str = "uk-main", *, started_at: datetime | None = None) -> DownloadRow:
    """Of a channel whose listings were never downloaded."""
    return DownloadRow(
        version=1,
        channel=channel,
        account="eu",
        in_progress=False,
        automatic=False,
        started_at=started_at,
        phase="",
        done=0,
        total=None,
        progress=None,
        estimated_completion=None,
        overdue_seconds=None,
        last_completion=None,
        last_automatic=None,
        next_automatic=None,
        outcome="",
        added=0,
        changed=0,
        missing=0,
        gone=0,
        returned=0,
        bad_rows=0,
        listings=0,
        linked=0,
        unlinked=0,
        missing_now=0,
        gone_now=0,
        report=None,
        reason="",
        hint="",
    )


def running(channel: str = "uk-main", *, began: float = 5, left: float = 15) -> DownloadRow:
    """One that began and is expected to end so many minutes before and after the start of the clock."""
    return replace(
        download(channel),
        in_progress=True,
        phase="waiting",
        started_at=START - timedelta(minutes=began),
        estimated_completion=START + timedelta(minutes=left),
        progress=began / (began + left),
    )


def listing(
    n: int = 1, *, channel: str = "uk-main", item: str = "", suggestion: str = "", presence: str = "listed"
) -> ListingRow:
    return ListingRow(
        version=1,
        channel=channel,
        sku=f"MUG-{n:04}",
        asin=f"B0{n:08}",
        title=f"Mug number {n}",
        price=899,
        currency="GBP",
        quantity=3,
        status="active",
        condition="new",
        fulfilled_by="MERCHANT",
        presence=presence,
        item=item,
        link="linked" if item else "unlinked",
        suggestion=suggestion,
        seen_at=START,
    )


def listing_shown(row: ListingRow) -> ListingShown:
    likely = (Suggestion(item=row.suggestion, title="A mug", why="barcode"),) if row.suggestion else ()
    return ListingShown(
        row=row,
        facts={"product type": "DRINKING_CUP"},
        issues=("ERROR 90220: a value is missing",),
        suggestions=likely,
        audit=(entry(9, text="Listing seen for the first time"),),
    )


def report(
    n: int = 1, *, state: str = "processed", reason: str = "", hint: str = "", channel: str = "uk-main"
) -> ReportRow:
    status = WORDS.get(state, state.capitalize())
    return ReportRow(
        version=1,
        number=n,
        account="eu",
        channel=channel,
        report_type="GET_MERCHANT_LISTINGS_ALL_DATA",
        status=status,
        plain=status in ("Submitted", "Available", "Processed"),
        state=state,
        amazon_status="DONE",
        report_id=f"52010{n}",
        purpose="listings",
        by="anna",
        reused=False,
        requested_at=START - timedelta(hours=3),
        data_from=None,
        data_to=None,
        next_look=None,
        ended_at=None,
        rows=12 if state == "processed" else None,
        bad_rows=0,
        letters_lost=0,
        reason=reason,
        hint=hint,
    )


def report_shown(row: ReportRow) -> ReportShown:
    return ReportShown(row=row, facts={"Columns": "seller-sku, price"}, bad_rows=(), gaps=())
