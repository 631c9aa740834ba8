"""How a report ends: its status, and the document with what it was to show or why it does not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from channeld.sandbox.faults import Fired
from channeld.sandbox.feeds.documents import Document
from channeld.sandbox.marketplaces import BY_ID
from channeld.sandbox.reports.body import Body, Damage
from channeld.sandbox.reports.kinds import KINDS
from channeld.sandbox.reports.report import Report
from channeld.sandbox.reports.text import charset

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["begin", "fault", "finish"]

EXPLANATION = "The report could not be made: the request is not valid for this selling partner account.\n"
LOSSES = ("report_empty", "report_short", "report_lost_rows")


def begin(market: Market, report: Report, at: datetime) -> None:
    """Its turn has come: it shows what there is now, or it is cancelled."""
    if report.too_early or fault(market, "report_cancelled", report):
        report.status, report.ended = "CANCELLED", at
        return
    report.status, report.started = "IN_PROGRESS", at
    report.lines = KINDS[report.report_type].draw(market, report, at)


def finish(market: Market, report: Report, at: datetime) -> None:
    """Its time is over."""
    report.ended = at
    if fault(market, "report_fatal", report):
        report.status = "FATAL"
        _publish(market, report, Body(lambda: iter((EXPLANATION,)), "UTF-8"))
    elif report.lines is None:
        report.status = "CANCELLED"
    else:
        report.status = "DONE"
        letters = charset(BY_ID[report.marketplace_ids[0]].country)
        _publish(market, report, Body(report.lines, letters, _damage(market, report)))


def fault(market: Market, name: str, report: Report) -> Fired | None:
    """Whether that fault happens to this report."""
    return market.faults.fires(name, seller_id=report.seller_id, operation=report.report_type)


def _publish(market: Market, report: Report, body: Body) -> None:
    document = Document(
        document_id=market.documents.new_id(),
        seller_id=report.seller_id,
        content_type=f"text/plain; charset={body.charset}",
        gzipped=market.options.gzip_reports,
        body=body,
    )
    market.documents.add(document)
    report.document_id = document.document_id


def _damage(market: Market, report: Report) -> Damage:
    for loss in LOSSES:
        if fired := fault(market, loss, report):
            return Damage(rows=loss, keys=frozenset(filter(None, fired.detail.split(","))))
    if cut := fault(market, "report_truncated", report):
        return Damage(cut="gzip" if cut.detail == "gzip" and market.options.gzip_reports else "text")
    return Damage()
