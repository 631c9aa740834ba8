"""What a line of a report makes of a listing, and which listings are read in full."""

from datetime import datetime, timedelta

import msgspec
import pytest

from channeld.domain.listing.changes import facts_of, is_same_title
from channeld.domain.listing.details import Candidate, listing_of, turns
from channeld.domain.listing.reported import ReportedListing
from tests.support.fake_clock import START

LINE = ReportedListing(sku="Mug-1", title="Kubek ?wi?teczny", fulfillment_channel="DEFAULT")
WHOLE = "Kubek świąteczny"


@pytest.mark.parametrize(
    ("damaged", "whole", "same"),
    [
        ("Kubek ?wi?teczny", WHOLE, True),
        ("Kubek \ufffdwi\ufffdteczny", WHOLE, True),
        ("Lamp ?? small", "Lamp 💡 small", True),
        ("Kubek ?wi?teczny", "Kubek świetny!!!", False),
        ("Kubek ?wi?teczny", "Kubek świąteczny 2", False),
        ("Mug", "Mug", True),
        ("Mug", "Jug", False),
        ("What?", "What?", True),
    ],
)
def test_titles_are_the_same_but_for_letters_that_were_lost(damaged: str, whole: str, same: bool) -> None:
    assert is_same_title(damaged, whole) is same


def test_a_whole_title_stays_when_the_report_loses_its_letters_again() -> None:
    before = facts_of(msgspec.structs.replace(LINE, title=WHOLE))
    assert facts_of(LINE, before) == before
    assert facts_of(msgspec.structs.replace(LINE, title="Other"), before).title == "Other"
    assert facts_of(LINE).title == LINE.title


def test_what_cannot_be_read_stays_as_it_was() -> None:
    line = msgspec.structs.replace(LINE, price_minor=999, quantity=3, status="active", opened_at=START)
    before = facts_of(line)
    torn = msgspec.structs.replace(LINE, quantity=4, unread=("price", "open-date", "status"))
    assert facts_of(torn, before) == before._replace(quantity=4)
    assert facts_of(msgspec.structs.replace(LINE, unread=("quantity",)), before).quantity == 3
    assert facts_of(LINE, before).price is None, "what is blank is none"
    assert facts_of(torn).price is None


@pytest.mark.parametrize(
    ("channel", "whose"),
    [("DEFAULT", "MERCHANT"), ("", "MERCHANT"), ("AMAZON_EU", "AMAZON"), ("amazon_na", "AMAZON")],
)
def test_who_sends_it(channel: str, whose: str) -> None:
    assert facts_of(msgspec.structs.replace(LINE, fulfillment_channel=channel)).fulfilled_by == whose


def day(number: float) -> datetime:
    return START + timedelta(days=number)


LISTED = [
    Candidate(1, day(-400), None, day(-9)),  # never read
    Candidate(2, day(-10), day(-3), day(-2)),  # changed since
    Candidate(3, day(-500), day(-8), day(-9)),  # read long ago
    Candidate(4, None, day(-1), day(-9)),  # read lately
    Candidate(5, day(-20), day(0.5), day(-9)),  # read in this download
]


def chosen(*, automatic: bool) -> list[int]:
    found = turns(LISTED, automatic=automatic, started_at=day(0), phase_began=day(0.4))
    return [listing_of(turn) for turn in sorted(found, reverse=True)]


def test_a_person_s_download_reads_all_that_are_left_the_newest_first() -> None:
    assert chosen(automatic=False) == [2, 1, 3, 4]


def test_one_that_came_about_by_itself_reads_what_may_be_another_by_now() -> None:
    assert chosen(automatic=True) == [2, 1, 3]
