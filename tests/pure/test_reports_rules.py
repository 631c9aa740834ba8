"""Reports as data: moves, words, looks, and which may serve again (semantics H4, H6, I10)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.amazon.reports.types import ALL_LISTINGS, ORDERS_BY_UPDATE, REPORT_TYPES, RESTRICTED
from channeld.book.reports.refusals import explanation_in
from channeld.domain.report.polling import until_next_look, until_next_try, until_stuck
from channeld.domain.report.reuse import Offer, ReportSpec, best, is_same
from channeld.domain.report.schedule import next_automatic
from channeld.domain.report.states import ENDED, MOVES, WATCHED, Event, State, is_plain, moved, people_say
from channeld.domain.report.types import LISTINGS, ORDERS, REPORT_USES, report_use

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "word", "plain"),
    [
        (State.WANTED, "Waiting", False),
        (State.UNKNOWN, "Waiting", False),
        (State.SUBMITTED, "Submitted", True),
        (State.AVAILABLE, "Available", True),
        (State.PROCESSED, "Processed", True),
        (State.NO_DATA, "No data", False),
        (State.FAILED, "Failed", False),
        (State.STUCK, "Stuck", False),
    ],
)
def test_people_are_shown_the_specification_s_words_and_others_apart(
    state: State, word: str, plain: bool
) -> None:
    assert (people_say(state), is_plain(state)) == (word, plain)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_nothing_happens_to_what_has_ended(state: State) -> None:
    assert [event for event in Event if moved(state, event)] == []


@pytest.mark.parametrize("state", sorted(set(State) - ENDED))
def test_whatever_has_not_ended_can_end(state: State) -> None:
    seen, todo = set[State](), [state]
    while todo:
        found = {after for by in MOVES.values() for before, after in by.items() if before is todo[-1]}
        todo = [*todo[:-1], *(found - seen)]
        seen |= found
    assert ENDED & seen
    assert moved(state, Event.FAILED) is State.FAILED


def test_what_is_in_doubt_is_never_taken_for_one_that_was_not_asked_for() -> None:
    assert moved(State.SENDING, Event.LOST) is State.UNKNOWN
    assert [event for event in Event if moved(State.UNKNOWN, event) is State.SENDING] == []


def test_amazon_is_asked_about_whatever_it_may_still_make() -> None:
    assert {State.AVAILABLE} == set(State) - WATCHED - ENDED


@given(st.timedeltas(timedelta(0), DAY))
def test_a_look_comes_after_a_tenth_of_the_wait_within_bounds(waited: timedelta) -> None:
    pause = until_next_look(waited)
    assert timedelta(seconds=5) <= pause <= MINUTE
    assert pause in (timedelta(seconds=5), waited / 10, MINUTE)


def test_looks_become_rarer_and_never_stop() -> None:
    waited, looks = timedelta(0), 0
    while waited < 2 * HOUR:
        waited += until_next_look(waited)
        looks += 1
    assert looks < 150


def test_a_step_that_fails_is_tried_more_and_more_rarely() -> None:
    assert [until_next_try(n).total_seconds() for n in (1, 2, 3, 4, 100)] == [15, 60, 300, 300, 300]


@pytest.mark.parametrize(
    ("minutes", "stuck"),
    [
        ([], 2 * HOUR),
        ([10, 12, 11], 2 * HOUR),
        ([60], 3 * HOUR),
        ([10] * 19 + [90], 2 * HOUR),
        ([10] * 18 + [90, 90], 4.5 * HOUR),
        ([300], 6 * HOUR),
    ],
    ids=["nothing known", "usually quick", "usually slow", "slow once", "slow now and then", "very slow"],
)
def test_it_is_stuck_after_two_hours_or_much_longer_than_usual(minutes: list[int], stuck: timedelta) -> None:
    assert until_stuck([timedelta(minutes=each) for each in minutes]) == stuck


def offer(**more: Any) -> Offer:
    facts: dict[str, Any] = {
        "report_id": "R1",
        "report_type": LISTINGS.name,
        "marketplaces": ("UK",),
        "status": "DONE",
        "document_id": "D1",
        "created_at": NOW,
    }
    return Offer(**(facts | more))


WANTED = ReportSpec(report_type=LISTINGS.name, marketplaces=("UK",))
RANGE = ReportSpec(report_type=ORDERS.name, marketplaces=("UK", "DE"), data_from=NOW - DAY, data_to=NOW)


@pytest.mark.parametrize(
    "differing",
    [
        {"status": "IN_PROGRESS"},
        {"status": "CANCELLED"},
        {"document_id": ""},
        {"marketplaces": ("DE",)},
        {"marketplaces": ()},
        {"report_type": "GET_MERCHANT_LISTINGS_DATA"},
        {"created_at": NOW - 31 * MINUTE},
    ],
    ids=str,
)
def test_only_a_recent_one_of_the_same_that_is_done_serves(differing: dict[str, Any]) -> None:
    assert best(WANTED, [offer()], NOW - 30 * MINUTE) == offer()
    assert best(WANTED, [offer(**differing)], NOW - 30 * MINUTE) is None


def test_of_several_the_newest_serves() -> None:
    older, newer = offer(created_at=NOW - 20 * MINUTE), offer(report_id="R2", created_at=NOW - MINUTE)
    assert best(WANTED, [older, newer, older], NOW - 30 * MINUTE) == newer


def test_of_a_range_only_the_same_range_is_the_same() -> None:
    like = {"report_type": ORDERS.name, "marketplaces": ("DE", "UK")}
    assert is_same(RANGE, offer(**like, data_from=NOW - DAY, data_to=NOW))
    assert not is_same(RANGE, offer(**like, data_from=NOW - 2 * DAY, data_to=NOW))
    assert not is_same(RANGE, offer(**like))


@pytest.mark.parametrize(
    ("done", "begun", "due"),
    [
        (None, None, None),
        (NOW - DAY, None, NOW),
        (NOW - HOUR, NOW - 2 * HOUR, NOW + 23 * HOUR),
        (None, NOW - HOUR, NOW + 3 * HOUR),
        (NOW - 30 * HOUR, NOW - HOUR, NOW + 3 * HOUR),
        (NOW - HOUR, NOW - MINUTE, NOW + 23 * HOUR),
    ],
    ids=["first", "a day ago", "lately", "failed at first", "failed lately", "failed after a success"],
)
def test_listings_come_once_a_day_and_after_a_failure_not_at_once(
    done: datetime | None, begun: datetime | None, due: datetime | None
) -> None:
    assert next_automatic(done, begun) == due


@pytest.mark.parametrize("text", ["listings", " Listings ", "get_merchant_listings_all_data"])
def test_types_are_found_by_short_names_and_by_amazon_s(text: str) -> None:
    assert report_use(text) is LISTINGS


def test_a_type_that_is_not_known_is_a_person_s_as_it_comes() -> None:
    use = report_use("get_something_new")
    assert (use.name, use.purpose, use.range, use.reuse) == ("GET_SOMETHING_NEW", "person", "allowed", None)


def test_types_fit_what_amazon_says_of_them() -> None:
    assert set(REPORT_USES) == set(REPORT_TYPES) and not RESTRICTED & set(REPORT_USES)
    assert (LISTINGS.name, ORDERS.name) == (ALL_LISTINGS, ORDERS_BY_UPDATE)
    for use in REPORT_USES.values():
        known = REPORT_TYPES[use.name]
        assert (use.reuse or timedelta(0)) >= known.repeat_after, "Amazon has nothing newer by then"
        assert use.range == "needed" or known.longest_span is None
        assert known.longest_span is None or use.usual_range <= known.longest_span


@pytest.mark.parametrize(
    ("document", "gist"),
    [
        ("", ""),
        ("\r\n  \r\nThe range is too long\r\nmore", "The range is too long"),
        ('{"errorDetails":"The range\\nis too long"}', "The range"),
        ('{"other":1}', '{"other":1}'),
        ("a" * 500, "a" * 299 + "…"),
        ("bell\x07 and tab\t", "bell and tab"),
    ],
)
def test_of_amazon_s_explanation_the_first_line_is_told(document: str, gist: str) -> None:
    assert explanation_in(document) == gist
