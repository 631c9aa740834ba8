"""Listing downloads, listings and reports, always the same: for pictures of the monitor."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from channel_protocol.audit import AuditRow
from channel_protocol.base import Reply, Request
from channel_protocol.listings import (
    DownloadRow,
    ListingList,
    ListingRow,
    ListingShown,
    ListListings,
    ShowListing,
    Suggestion,
)
from channel_protocol.reports import BadRow, GapRow, ReportRow, ReportShown, ShowReport

__all__ = ["answer", "rows"]

LISTINGS, ORDERS, OPEN = (
    "GET_MERCHANT_LISTINGS_ALL_DATA",
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA",
)
CHANNELS = (
    ("uk-main", "eu", 4812, 4790, 0, 3),
    ("de-main", "eu", 3977, 3950, 0, 0),
    ("fr-main", "eu", 1204, 11, 14, 2),
    ("us-main", "na", 0, 0, 0, 0),
    ("jp-trial", "fe", 0, 0, 0, 0),
)
PRODUCTS = (
    ("TEA-EARL-250", "Earl Grey, loose leaf, 250 g", "linked by sku", "TEA-EARL-250", "", 1999, 37, "active"),
    ("TEA-GREEN-100", "Sencha, loose leaf, 100 g", "linked", "TEA-SENCHA-100", "", 1249, 12, "active"),
    ("mug-blue", "Stoneware mug, blue glaze", "unlinked", "", "MUG-BLUE", 899, 140, "active"),
    ("MUG-RED-2", "Stoneware mugs, red glaze, set of two", "unlinked", "", "", 1599, 0, "inactive"),
    (
        "POT-CAST-1L",
        "Cast iron teapot with strainer, 1 litre",
        "linked by sku",
        "POT-CAST-1L",
        "",
        4950,
        8,
        "",
    ),
    ("X-OLD-77", "Tea towel, linen", "left alone", "", "", 650, None, "incomplete"),
)
REASON = "Amazon has not made it for 2 hours"
HINT = "It is asked for once more; should it come before that, it serves."


def rows(topic: str, now: datetime) -> Sequence[DownloadRow | ReportRow]:
    """The rows of one of the two topics."""
    return _reports(now) if topic == "reports" else _downloads(now)


def answer(request: Request, now: datetime) -> Reply | None:
    """What is answered about listings and reports; None to anything else."""
    match request:
        case ListListings():
            return _listings(request, now)
        case ShowListing():
            return _listing_shown(request.channel, request.sku, now)
        case ShowReport():
            return _report_shown(next(row for row in _reports(now) if row.key == request.report), now)
        case _:
            return None


def _downloads(now: datetime) -> list[DownloadRow]:
    """One that waits, one in the middle of it, one that failed, two that never were."""
    uk, de, fr, us, jp = (_idle(now, *channel) for channel in CHANNELS)
    return [
        replace(
            uk,
            in_progress=True,
            started_at=now - timedelta(minutes=9),
            phase="processing",
            done=1800,
            total=4815,
            progress=0.72,
            estimated_completion=now + timedelta(minutes=3, seconds=30),
            outcome="",
            added=12,
            changed=31,
        ),
        replace(
            de,
            in_progress=True,
            automatic=True,
            started_at=now - timedelta(minutes=20),
            phase="waiting",
            progress=0.8,
            estimated_completion=now + timedelta(minutes=5),
            overdue_seconds=300.0,
            outcome="",
        ),
        replace(
            fr,
            outcome="failed",
            reason="The report was cut off in its middle three times",
            hint="Download again; if it stays, open a case with Amazon.",
        ),
        us,
        replace(jp, next_automatic=None),
    ]


def _idle(
    now: datetime, channel: str, account: str, listed: int, linked: int, missing: int, gone: int
) -> DownloadRow:
    once = listed > 0
    return DownloadRow(
        version=1,
        channel=channel,
        account=account,
        in_progress=False,
        automatic=False,
        started_at=now - timedelta(hours=5) if once else None,
        phase="",
        done=0,
        total=None,
        progress=None,
        estimated_completion=None,
        overdue_seconds=None,
        last_completion=now - timedelta(hours=4, minutes=48) if once else None,
        last_automatic=now - timedelta(hours=26) if once else None,
        next_automatic=now + timedelta(hours=19),
        outcome="done" if once else "",
        added=0,
        changed=0,
        missing=missing,
        gone=gone,
        returned=0,
        bad_rows=0,
        listings=listed,
        linked=linked,
        unlinked=listed - linked,
        missing_now=missing,
        gone_now=gone,
        report=None,
        reason="",
        hint="",
    )


def _listings(request: ListListings, now: datetime) -> ListingList:
    """Some of the channel's."""
    found = (_listing(request.channel or "", now, n) for n in range(40))
    kept = [row for row in found if request.find in f"{row.sku} {row.title}".casefold()]
    kept = [row for row in kept if request.link is None or _stands(row) == request.link]
    return ListingList(rows=tuple(kept), more=False)


def _stands(row: ListingRow) -> str:
    return "linked" if row.item else "suggested" if row.suggestion else "unlinked"


def _listing(channel: str, now: datetime, n: int) -> ListingRow:
    sku, title, link, item, suggestion, price, quantity, status = PRODUCTS[n % len(PRODUCTS)]
    more = n // len(PRODUCTS)
    return ListingRow(
        version=1,
        channel=channel,
        sku=f"{sku}-{more}" if more else sku,
        asin=f"B0EXAMPL{n:02}",
        title=title,
        price=price + 50 * more,
        currency={"us-main": "USD", "jp-trial": "JPY", "uk-main": "GBP"}.get(channel, "EUR"),
        quantity=quantity,
        status=status,
        condition="new",
        fulfilled_by="MERCHANT",
        presence="missing" if n % 13 == 12 else "listed",
        item=item,
        link=link,
        suggestion=suggestion,
        seen_at=now - timedelta(hours=5 + n),
    )


def _listing_shown(channel: str, sku: str, now: datetime) -> ListingShown:
    """The detail of one of them."""
    row = next(row for row in (_listing(channel, now, n) for n in range(40)) if row.sku == sku)
    suggested = (
        (
            Suggestion(item=row.suggestion, title="Stoneware mug, blue", why="sku"),
            Suggestion(item="MUG-BLUE-OLD", title="Stoneware mug, blue glaze, old shape", why="title"),
        )
        if row.suggestion
        else ()
    )
    entry = AuditRow(
        version=61,
        entry=61,
        at=row.seen_at,
        account="eu",
        channel=channel,
        order_id="",
        code="listing.linked",
        text=f"Listing {sku} linked to the item of its SKU",
        reason="",
        by="channeld",
    )
    return ListingShown(
        row=row,
        facts={
            "listing id": "1122A3B4C5",
            "product id": "4006381333931 (EAN)",
            "opened": "2024-03-02 10:11 UTC",
            "product type": "DRINKING_CUP",
        },
        issues=("WARNING 99300: The main image is smaller than 500 pixels.",),
        suggestions=suggested,
        audit=(entry,),
        settings={"max_listed": "25", "end_when": "2"} if row.item else {},
    )


def _reports(now: datetime) -> list[ReportRow]:
    """One of each status."""
    parts = (
        ("uk-main", LISTINGS, "processed", "Processed", "DONE", "listings", 300, 4812, 2),
        ("fr-main", LISTINGS, "failed", "Failed", "FATAL", "listings", 240, None, 0),
        ("uk-main", ORDERS, "processed", "Processed", "DONE", "gaps", 200, 311, 0),
        ("de-main", OPEN, "no data", "No data", "CANCELLED", "person", 90, None, 0),
        ("us-main", LISTINGS, "stuck", "Stuck", "IN_QUEUE", "listings", 131, None, 0),
        ("de-main", LISTINGS, "submitted", "Submitted", "IN_PROGRESS", "listings", 20, None, 0),
        ("uk-main", LISTINGS, "available", "Available", "DONE", "listings", 9, None, 0),
        ("us-main", LISTINGS, "wanted", "Waiting", "", "listings", 1, None, 0),
    )
    return [_report(now, n, *part) for n, part in enumerate(parts, start=1)]


WHY = {
    "failed": ("Amazon gave it up: no listings of that marketplace", "Ask again in an hour."),
    "no data": ("Amazon gives nothing when a repeat is too early", "Wait half an hour, then ask again."),
    "stuck": (REASON, HINT),
}


def _report(
    now: datetime,
    number: int,
    channel: str,
    report_type: str,
    state: str,
    status: str,
    amazon_status: str,
    purpose: str,
    minutes: int,
    rows: int | None,
    bad_rows: int,
) -> ReportRow:
    reason, hint = WHY.get(state, ("", ""))
    asked = now - timedelta(minutes=minutes)
    ended = state in ("processed", "failed", "no data")
    return ReportRow(
        version=1,
        number=number,
        account="na" if channel == "us-main" else "eu",
        channel=channel,
        report_type=report_type,
        status=status,
        plain=status in ("Submitted", "Available", "Processed"),
        state=state,
        amazon_status=amazon_status,
        report_id=f"5201{number}018" if amazon_status else "",
        purpose=purpose,
        by="anna" if purpose == "person" or number == 7 else "",
        reused=number == 7,
        requested_at=asked,
        data_from=asked - timedelta(days=2) if purpose == "gaps" else None,
        data_to=asked if purpose == "gaps" else None,
        next_look=now + timedelta(seconds=40) if state in ("submitted", "wanted", "stuck") else None,
        ended_at=asked + timedelta(minutes=6) if ended else None,
        rows=rows,
        bad_rows=bad_rows,
        letters_lost=0,
        reason=reason,
        hint=hint,
    )


def _report_shown(row: ReportRow, now: datetime) -> ReportShown:
    """The detail of one of them."""
    bad = (
        BadRow(line=118, reason="price is no number", text="MUG-BLUE-9\tStoneware mug"),
        BadRow(line=3040, reason="it has 12 columns instead of 28", text="TEA-"),
    )
    gap = GapRow(
        order_id="203-4410301-1900742",
        channel=row.channel,
        kind="missing",
        outcome="inserted",
        settled_at=now - timedelta(minutes=190),
    )
    return ReportShown(
        row=row,
        facts={
            "Wanted": f"{row.requested_at:%Y-%m-%d %H:%M:%S} UTC",
            "Marketplaces": "A1F83G8C2ARO7P",
            "Columns": "item-name, listing-id, seller-sku, price, quantity, open-date, product-id",
        },
        bad_rows=bad[: row.bad_rows],
        gaps=(gap,) if row.purpose == "gaps" else (),
    )
