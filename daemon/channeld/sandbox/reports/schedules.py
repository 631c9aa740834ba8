"""Schedules: reports that Amazon makes by itself; one for each type and choice of marketplaces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from channeld.sandbox.market import Market

__all__ = ["PERIODS", "Schedule", "Schedules"]

PERIODS = {
    **{f"PT{minutes}M": timedelta(minutes=minutes) for minutes in (5, 15, 30)},
    **{f"PT{hours}H": timedelta(hours=hours) for hours in (1, 2, 4, 8, 12, 84)},
    **{f"P{days}D": timedelta(days=days) for days in (1, 2, 3, 7, 14, 15, 18, 30)},
    "P1M": timedelta(days=30),
}


class Schedule(msgspec.Struct, kw_only=True):
    schedule_id: str
    seller_id: str
    report_type: str
    marketplace_ids: tuple[str, ...]
    options: Mapping[str, str]
    period: str
    next: datetime


class Schedules:
    """All schedules of all accounts."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._schedules: dict[tuple[str, str, frozenset[str]], Schedule] = {}
        self._made = 0

    def new_id(self) -> str:
        self._made += 1
        return str(50_000_000 + self._made)

    def add(self, schedule: Schedule) -> None:
        """It takes the place of one for the same type and marketplaces, whoever made that."""
        key = (schedule.seller_id, schedule.report_type, frozenset(schedule.marketplace_ids))
        self._schedules[key] = schedule

    def of(self, seller_id: str, report_types: set[str]) -> list[Schedule]:
        every = self._schedules.values()
        return [each for each in every if each.seller_id == seller_id and each.report_type in report_types]

    def settle(self, now: datetime) -> None:
        """Ask for the reports that are due; of those that nobody waited for, only the last one."""
        for schedule in self._schedules.values():
            if schedule.next > now:
                continue
            period = PERIODS[schedule.period]
            last = schedule.next + (now - schedule.next) // period * period
            schedule.next = last + period
            self._market.reports.ask(
                schedule.seller_id,
                schedule.report_type,
                schedule.marketplace_ids,
                at=last,
                start=last - period,
                options=schedule.options,
                schedule_id=schedule.schedule_id,
            )
