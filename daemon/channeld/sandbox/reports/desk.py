"""Reports wait in a lane for each account and type, one at a time, and take a while each.

Nothing runs in the background: whoever looks first lets happen what is due, at the instant it was due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import exp, inf
from typing import TYPE_CHECKING

from channeld.sandbox.listings.shelf import View
from channeld.sandbox.reports.body import Store
from channeld.sandbox.reports.kinds import KEPT, KINDS
from channeld.sandbox.reports.outcome import begin, fault, finish
from channeld.sandbox.reports.report import Report
from channeld.sandbox.reports.schedules import Schedules

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["Desk"]

FIRST_REPORT = 60_000_000_000
QUEUED = 0.25
"""The part of a report's time that passes before it is in progress."""

Lane = tuple[str, str]
"""Seller id and report type."""


class Desk:
    """All reports of all accounts."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._random = market.random("reports")
        self._waiting: dict[Lane, list[Report]] = {}
        self._free: dict[Lane, datetime] = {}
        self._views: dict[tuple[str, str, str], tuple[datetime, View]] = {}
        self.reports: dict[str, Report] = {}
        self.schedules = Schedules(market)
        self.store = Store()

    def ask(
        self,
        seller_id: str,
        report_type: str,
        marketplace_ids: Sequence[str],
        *,
        at: datetime,
        start: datetime | None = None,
        end: datetime | None = None,
        options: Mapping[str, str],
        schedule_id: str = "",
    ) -> Report:
        """A new report, which waits in its lane. Without a span its data are those of that instant."""
        report = Report(
            report_id=str(FIRST_REPORT + len(self.reports) + 1),
            report_type=report_type,
            seller_id=seller_id,
            marketplace_ids=tuple(marketplace_ids),
            options=dict(options),
            start=start or at,
            end=end or at,
            created=at,
            seconds=0.0,
            asked=repr((report_type, sorted(marketplace_ids), sorted(options.items()), start, end)),
            schedule_id=schedule_id,
        )
        self._market.truth.reports[seller_id, report_type] += 1
        report.too_early = self._repeats(report)
        report.seconds = self._seconds(report)
        self.reports[report.report_id] = report
        self._queue(report)
        return report

    def _queue(self, report: Report) -> None:
        stuck = fault(self._market, "report_stuck", report)
        if stuck:
            report.seconds += float(stuck.detail) if stuck.detail.isdigit() else inf
        if not (stuck and stuck.detail == "queued"):
            self._waiting.setdefault(_lane(report), []).append(report)

    def cancel(self, report: Report, now: datetime) -> bool:
        """Whether it could be: only what is in the queue."""
        if report.status != "IN_QUEUE":
            return False
        report.status, report.ended = "CANCELLED", now
        lane = self._waiting.get(_lane(report), [])
        if report in lane:
            lane.remove(report)
        return True

    def known(self, seller_id: str, now: datetime) -> list[Report]:
        """The seller's reports, newest first; those of long ago are forgotten."""
        every = reversed(self.reports.values())
        return [report for report in every if report.seller_id == seller_id and now - report.created < KEPT]

    def settle(self, now: datetime) -> None:
        """Let happen what was due by now, in its order."""
        self.schedules.settle(now)
        while due := self._next(now):
            at, lane = due
            report = self._waiting[lane][0]
            if report.started is None:
                begin(self._market, report, at)
            else:
                finish(self._market, report, at)
            if report.ended or report.never_ends:
                self._waiting[lane].pop(0)
                self._free[lane] = at

    def view(self, report: Report, country: str, at: datetime) -> View:
        """What reports of that type show of the listings: for a while the same."""
        key = (report.seller_id, report.report_type, country)
        made, view = self._views.get(key, (None, None))
        age = timedelta(seconds=self._market.options.listing_cache_seconds)
        if made is None or view is None or at - made >= age:
            view = self._market.listings.shown(report.seller_id, country, at)
            self._views[key] = (at, view)
        return view

    def _next(self, now: datetime) -> tuple[datetime, Lane] | None:
        first = min(
            ((self._due(reports[0]), lane) for lane, reports in self._waiting.items() if reports),
            default=None,
        )
        return first if first and first[0] <= now else None

    def _due(self, report: Report) -> datetime:
        """When something happens to the first one of a lane."""
        turn = max(report.created, self._free.get(_lane(report), report.created))
        options = self._market.options
        if report.started is None:
            seconds = options.report_seconds if report.never_ends else report.seconds
            return turn + timedelta(seconds=seconds * QUEUED)
        return turn + timedelta(seconds=report.seconds)

    def _repeats(self, report: Report) -> bool:
        """Whether Amazon finds the request too early after an identical one."""
        seconds = self._market.options.report_repeat_seconds
        kind = KINDS[report.report_type]
        window = kind.repeat if seconds is None else timedelta(seconds=seconds)
        return any(
            other.asked == report.asked and other.status not in ("CANCELLED", "FATAL")
            for other in self.known(report.seller_id, report.created)
            if report.created - other.created < window
        )

    def _seconds(self, report: Report) -> float:
        options = self._market.options
        rows = KINDS[report.report_type].rows(self._market, report)
        spread = exp(options.report_sigma * self._random.gauss(0, 1))
        return (options.report_seconds + rows * options.report_row_seconds) * spread


def _lane(report: Report) -> Lane:
    return report.seller_id, report.report_type
