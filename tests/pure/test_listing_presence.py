"""Missing and gone (semantics H5), against a simple model of what reports have shown."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.domain.listing.presence import APART, Brought, Past, judge, when_absent
from tests.support.fake_clock import START

SEEN = st.booleans()
REPORTS = st.lists(st.tuples(SEEN, st.booleans()), max_size=12)
"""Of each report: whether it has the listing, and whether it is complete."""


def modelled(reports: list[tuple[bool, bool]]) -> str:
    """Two complete reports in a row without it, and none of any kind with it since."""
    lacking = 0
    for has_it, is_complete in reports:
        lacking = 0 if has_it else lacking + is_complete
    return ("listed", "missing", "gone")[min(lacking, 2)]


@given(REPORTS)
def test_a_listing_is_missing_once_and_gone_the_second_time(reports: list[tuple[bool, bool]]) -> None:
    presence, since = "listed", None
    for number, (has_it, is_complete) in enumerate(reports):
        began = START + timedelta(days=number)
        if has_it:
            presence, since = "listed", None
        elif is_complete:
            for _ in range(2):  # a death in between: the same report is gone through again
                becomes = when_absent(presence, since, began)
                if becomes:
                    presence, since = becomes, since or began + timedelta(hours=1)
    assert presence == modelled(reports)


@pytest.mark.parametrize(
    ("rows", "truncated", "past", "doubt"),
    [
        (100, "", Past(), ""),
        (100, "the connection broke", Past(), "truncated"),
        (0, "", Past(complete_rows=100), "empty"),
        (80, "", Past(complete_rows=100), ""),
        (79, "", Past(complete_rows=100), "short"),
        (79, "", Past(complete_rows=100, short_rows=78), ""),
        (60, "", Past(complete_rows=100, short_rows=79), "short"),
        (0, "", Past(complete_rows=100, short_rows=0), "empty"),
        (79, "cut", Past(complete_rows=100, short_rows=79), "truncated"),
    ],
)
def test_what_a_report_is_worth(rows: int, truncated: str, past: Past, doubt: str) -> None:
    found = judge(Brought(listed=rows, truncated=truncated, asked_at=START), past)
    assert found.doubt == doubt
    assert found.is_complete is (doubt == "")
    assert bool(found.reason) is bool(found.hint) is bool(doubt)


@pytest.mark.parametrize(
    ("listed", "unreadable", "doubt"),
    [
        (5, 10, ""),
        (0, 10, "empty"),
        (5, 11, "unreadable"),
        (0, 11, "unreadable"),
        (1_980, 20, ""),
        (1_980, 21, "unreadable"),
        (9_000_000, 10_000, ""),
        (9_000_000, 10_001, "unreadable"),
    ],
)
def test_a_report_with_too_many_rows_that_cannot_be_read_is_doubted(
    listed: int, unreadable: int, doubt: str
) -> None:
    found = judge(Brought(listed=listed, unreadable=unreadable, asked_at=START), Past())
    assert found.doubt == doubt


@pytest.mark.parametrize(
    ("report_id", "digest", "later", "doubt"),
    [
        ("R2", "same", APART - timedelta(seconds=1), "repeated"),
        ("R2", "same", APART, ""),
        ("R2", "other", timedelta(0), ""),
        ("R1", "same", timedelta(days=3), "repeated"),
        ("R1", "other", timedelta(hours=1), ""),
    ],
    ids=["of one moment", "nothing has changed", "of another moment", "served again", "was cut short before"],
)
def test_one_and_the_same_report_counts_once(
    report_id: str, digest: str, later: timedelta, doubt: str
) -> None:
    past = Past(complete_rows=9, report_id="R1", digest="same", made_at=START)
    assert (
        judge(Brought(listed=9, report_id=report_id, digest=digest, asked_at=START + later), past).doubt
        == doubt
    )


def test_what_is_missing_is_gone_only_by_a_report_of_another_moment() -> None:
    assert when_absent("missing", START, START + APART - timedelta(seconds=1)) is None
    assert when_absent("missing", START, START + APART) == "gone"
