"""The ship-by board: how near, in the marketplace's own time, the nearest first."""

from datetime import UTC, datetime, timedelta

import pytest

from channeltop.ship_by import counted, in_order, local, risk
from tests.support.fake_clock import START
from tests.support.monitor_work import due


@pytest.mark.parametrize(
    ("hours", "expected"), [(-0.01, "overdue"), (0, "at risk"), (24, "at risk"), (24.01, "on track")]
)
def test_the_risk_goes_with_the_time_that_is_left(hours: float, expected: str) -> None:
    assert risk(due(ship_by=START + timedelta(hours=hours)), START) == expected


def test_it_grows_while_nothing_is_published() -> None:
    row = due(ship_by=START + timedelta(hours=30), risk="on track")
    later = [risk(row, START + timedelta(hours=hours)) for hours in (0, 10, 31)]
    assert later == ["on track", "at risk", "overdue"]


def test_an_order_without_a_time_is_counted_apart_and_stands_last() -> None:
    rows = [due(1), due(2, ship_by=START + timedelta(days=2)), due(3, ship_by=START)]
    assert [row.order_id[4:11] for row in in_order(rows)] == ["0000003", "0000002", "0000001"]
    assert counted(rows, START) == {"at risk": 1, "on track": 1, "": 1}


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Europe/London", "Sun 29 Mar 02:30 BST"),
        ("Europe/Berlin", "Sun 29 Mar 03:30 CEST"),
        ("America/Los_Angeles", "Sat 28 Mar 18:30 PDT"),
        ("Asia/Tokyo", "Sun 29 Mar 10:30 JST"),
        ("Nowhere/At_All", "Sun 29 Mar 01:30 UTC"),
        ("../etc/passwd", "Sun 29 Mar 01:30 UTC"),
    ],
)
def test_an_instant_is_told_in_its_zone_with_the_abbreviation_of_that_day(zone: str, text: str) -> None:
    assert local(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), zone) == text


def test_no_instant_is_a_dash() -> None:
    assert local(None, "Europe/London") == "–"
