"""Limits of listings as CSV: what has a column is said, and every row that cannot be read is told why."""

import pytest

from channel_protocol.errors import ClientError
from channel_protocol.offers import ListingSettings
from channelctl.limits_csv.reading import read_limits


def test_cells_are_handed_on_as_they_are_and_columns_that_are_not_there_say_nothing() -> None:
    wishes, refused = read_limits("Max Listed;sku;ignore_sync\n3;MUG;\n;00012;True\n")
    assert not refused
    assert [each.listing for each in wishes] == [
        ListingSettings(sku="MUG", values={"max_listed": "3", "ignore_sync": ""}),
        ListingSettings(sku="00012", values={"max_listed": "", "ignore_sync": "True"}),
    ]


def test_each_row_that_is_none_is_told_why() -> None:
    wishes, refused = read_limits("sku,end_when\nMUG,1\n,2\nMUG,3\n1.2E+12,4\nA\n")
    assert [each.row for each in wishes] == [2]
    assert [(each.row, each.message) for each in refused] == [
        (3, "sku is missing."),
        (4, "Row 2 has the same SKU: keep one of them."),
        (5, "sku was shortened by a spreadsheet: format the column as text and enter it anew."),
        (6, "It has 1 cells, the first row of the file has 2."),
    ]


def test_a_file_with_other_columns_is_refused_whole() -> None:
    with pytest.raises(ClientError) as refused:
        read_limits("sku,max_list\nMUG,1\n")
    (problem,) = refused.value.problems
    assert (problem.key, problem.nearest) == ("max_list", "max_listed")
