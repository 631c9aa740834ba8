"""Columns fit the screen: the least important go first, and no heading is clipped."""

from collections.abc import Sequence
from typing import Any

import pytest

from channeltop.screens.audit_columns import AUDIT_COLUMNS, ORDER_AUDIT_COLUMNS
from channeltop.screens.budget_columns import BUDGET_COLUMNS
from channeltop.screens.download_columns import DOWNLOAD_COLUMNS
from channeltop.screens.feed_columns import FEED_COLUMNS, MESSAGE_COLUMNS
from channeltop.screens.item_columns import item_columns
from channeltop.screens.listing_columns import LISTING_COLUMNS, SUGGESTION_COLUMNS
from channeltop.screens.mapping_columns import CARRIER_COLUMNS, LOCATION_COLUMNS, WORD_COLUMNS
from channeltop.screens.order_columns import ORDER_COLUMNS
from channeltop.screens.quarantine_columns import QUARANTINE_COLUMNS
from channeltop.screens.report_columns import BAD_ROW_COLUMNS, GAP_COLUMNS, REPORT_COLUMNS
from channeltop.screens.ship_by_columns import SHIP_BY_COLUMNS
from channeltop.screens.standing_columns import STANDING_COLUMNS
from channeltop.screens.work_columns import ORDER_WORK_COLUMNS, WORK_COLUMNS
from channeltop.screens.work_detail import FEED_COLUMNS as FEEDS_OF_WORK
from channeltop.screens.work_detail import line_columns
from channeltop.widgets.columns import GAP, Column, fitting

LISTS: dict[str, Sequence[Column[Any]]] = {  # of rows of many kinds
    "standings": STANDING_COLUMNS,
    "orders": ORDER_COLUMNS,
    "quarantine": QUARANTINE_COLUMNS,
    "audit": AUDIT_COLUMNS,
    "audit of an order": ORDER_AUDIT_COLUMNS,
    "lines": item_columns("GBP"),
    "budgets": BUDGET_COLUMNS,
    "words": WORD_COLUMNS,
    "carriers": CARRIER_COLUMNS,
    "work": WORK_COLUMNS,
    "work of an order": ORDER_WORK_COLUMNS,
    "lines of work": line_columns("GBP"),
    "feeds of work": FEEDS_OF_WORK,
    "feeds": FEED_COLUMNS,
    "messages": MESSAGE_COLUMNS,
    "ship by": SHIP_BY_COLUMNS,
    "locations": LOCATION_COLUMNS,
    "downloads": DOWNLOAD_COLUMNS,
    "listings": LISTING_COLUMNS,
    "suggestions": SUGGESTION_COLUMNS,
    "reports": REPORT_COLUMNS,
    "bad rows": BAD_ROW_COLUMNS,
    "gaps": GAP_COLUMNS,
}


def column(name: str, width: int, priority: int = 1, grow: int = 0) -> Column[object]:
    return Column(
        name=name, heading=name, width=width, priority=priority, grow=grow, text=lambda row, now: ""
    )


def names(columns: Sequence[Column[object]], room: int) -> list[str]:
    return [each.name for each, _ in fitting(columns, room)]


def test_the_least_important_column_goes_first() -> None:
    columns = (column("a", 10), column("b", 10, 3), column("c", 10, 2))
    assert names(columns, 34) == ["a", "b", "c"]
    assert names(columns, 33) == ["a", "c"]
    assert names(columns, 21) == ["a"]


def test_a_column_of_priority_one_stays_however_narrow() -> None:
    assert names((column("a", 10), column("b", 10)), 5) == ["a", "b"]


def test_the_room_that_is_left_is_given_away_completely() -> None:
    columns = (column("a", 5, grow=1), column("b", 5), column("c", 5, grow=2))
    widths = [width for _, width in fitting(columns, 40)]
    assert sum(widths) + 2 * GAP == 40
    assert widths[1] == 5


@pytest.mark.parametrize("name", LISTS)
def test_every_heading_has_room_also_with_the_arrow_of_its_order(name: str) -> None:
    for each in LISTS[name]:
        assert each.width >= len(each.heading) + (each.order is not None), each.name


@pytest.mark.parametrize("name", LISTS)
def test_a_list_fits_into_eighty_cells(name: str) -> None:
    kept = fitting(LISTS[name], 77)
    assert sum(width for _, width in kept) + GAP * (len(kept) - 1) <= 77
