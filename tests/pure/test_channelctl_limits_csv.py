"""Limits of listings as CSV: what has a column is said, and every row that cannot be read is told why."""

import io
import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel_protocol.errors import ClientError
from channel_protocol.limits import ListingLimitsRow
from channel_protocol.offers import ListingSettings
from channelctl.limits_csv.reading import read_limits
from channelctl.limits_csv.writing import write_limits
from channelctl.order_csv.cells import SHORTENED
from channeld.domain.stock.limits import Limits
from channeld.domain.stock.own_settings import NOTHING_SET, OwnSettings, read_own

SKUS = st.text(string.ascii_letters + string.digits + "=+-@.,;'\"/", min_size=1, max_size=12).filter(
    lambda sku: not SHORTENED.fullmatch(sku)
)
OWN = st.builds(
    OwnSettings,
    limits=st.builds(
        Limits,
        end_when=st.none() | st.integers(0, 3) | st.integers(0, 10**9 - 1),
        percentage=st.none() | st.decimals(Decimal("0.000001"), 100, places=6),
        max_listed=st.none() | st.integers(1, 10**9 - 1),
    ),
    ignore_sync=st.none() | st.booleans(),
)


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
    assert "`channelctl listing export CHANNEL FILE --limits`" in refused.value.hint


@given(st.dictionaries(SKUS, OWN, min_size=1, max_size=5))
def test_what_was_written_is_read_back_and_changes_nothing(stored: dict[str, OwnSettings]) -> None:
    stream = io.StringIO()
    rows = [ListingLimitsRow(channel="uk", sku=sku, version=0, **own.texts) for sku, own in stored.items()]
    assert write_limits(stream, rows) == len(rows)
    wishes, refused = read_limits(stream.getvalue())
    assert not refused
    assert [each.listing.sku for each in wishes] == list(stored)
    for each in wishes:
        before = stored[each.listing.sku]
        for former in (before, NOTHING_SET):
            after, problems = read_own(former, each.listing.values, by_amazon=False, imported=True)
            assert (after, problems) == (before, []), "also where it was taken away meanwhile"
