"""What became of each message: a report that contradicts itself is never a success (reference 6)."""

from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.feeds.reports import FeedReport, MessageResult, judge

SENT = (1, 2, 3)


def error(number: int, code: str = "18028") -> MessageResult:
    return MessageResult(message_id=number, outcome="error", code=code, text="Not possible.")


def warning(number: int) -> MessageResult:
    return MessageResult(message_id=number, outcome="warning", code="99", text="Late.")


def report(processed: int | None, successful: int | None, *results: MessageResult, **more: Any) -> FeedReport:
    fields: dict[str, Any] = {"processed": processed, "successful": successful, "results": results}
    return FeedReport(**(fields | more))


def words(given: FeedReport, sent: Collection[int] = SENT) -> str:
    judged = judge(given, sent)
    assert list(judged) == list(sent)
    return " ".join(message.outcome for message in judged.values())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (report(3, 3), "ok ok ok"),
        (report(3, 3, with_error=0), "ok ok ok"),
        (report(3, 2, error(2), with_error=1), "ok error ok"),
        (report(3, 2, error(2), error(2), warning(2)), "ok error ok"),
        (report(3, 2, warning(2), error(2), with_error=1), "ok error ok"),
        (report(3, 3, warning(1), with_error=0, with_warning=1), "warning ok ok"),
        (report(3, 3, warning(0)), "warning warning warning"),
        (report(3, 0, error(1), error(2), error(3), with_error=3), "error error error"),
        (report(0, 0, error(0, "5000"), with_error=1), "error error error"),
        (report(1, 0, error(1, "5000"), with_error=1), "error error error"),
        (report(None, None, error(0)), "error error error"),
        (report(3, 2, error(2, "5000"), with_error=1), "ok error ok"),
        (report(None, None, error(2)), "unknown error unknown"),
        (report(3, None, error(2), with_error=1), "unknown error unknown"),
        (report(None, None), "unknown unknown unknown"),
        (report(3, None, error(2, "5000"), with_error=1), "unknown error unknown"),
        (report(None, None, error(2, "5000")), "unknown error unknown"),
        (report(None, 0, error(2, "5000")), "error error error"),
        (report(3, 0, *(error(n, "5000") for n in SENT)), "error error error"),
    ],
)
def test_what_a_report_says(given: FeedReport, expected: str) -> None:
    assert words(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        report(3, 3, is_complete=False),
        report(3, 3, error(1)),
        report(3, 2, with_error=1),
        report(3, 1, error(1), with_error=2),
        report(3, 2, error(1), with_error=0),
        report(2, 2),
        report(4, 4),
        report(0, 0),
        report(3, 2),
        report(3, 2, error(4), with_error=1),
        report(3, 3, warning(9)),
        report(3, 2, error(-1), with_error=1),
        report(3, 2, error(0), with_error=1),
        report(3, 2, error(0, "5000")),
        report(3, 0, error(2, "5000"), with_error=1),
        report(3, 0, error(2, "5000")),
        report(None, 3, error(1), with_error=2),
        report(0, 0, error(0), is_complete=False),
    ],
)
def test_a_contradiction_leaves_everything_unknown(given: FeedReport) -> None:
    assert words(given) == "unknown unknown unknown"


def test_amazons_words_go_with_the_outcome() -> None:
    judged = judge(report(3, 2, error(2), warning(1)), SENT)
    assert [(each.code, each.text) for each in judged.values()] == [
        ("99", "Late."),
        ("18028", "Not possible."),
        ("", ""),
    ]


COUNTS = st.none() | st.integers(0, 6)
RESULTS = st.lists(
    st.builds(
        MessageResult,
        message_id=st.integers(-1, 6),
        outcome=st.sampled_from(["error", "warning"]),
        code=st.sampled_from(["", "5000", "18028"]),
    ),
    max_size=4,
).map(tuple)
REPORTS = st.builds(
    FeedReport,
    processed=COUNTS,
    successful=COUNTS,
    with_error=COUNTS,
    with_warning=COUNTS,
    is_complete=st.booleans(),
    results=RESULTS,
)


@settings(deadline=None)
@given(REPORTS, st.sets(st.integers(1, 5), min_size=1))
def test_success_is_only_what_adds_up(given: FeedReport, sent: set[int]) -> None:
    judged = judge(given, sent)
    assert judged.keys() == sent
    done = {n for n, message in judged.items() if message.outcome in ("ok", "warning")}
    errors = {result.message_id for result in given.results if result.outcome == "error"}
    assert not done & errors
    silent = {n for n in done if judged[n].outcome == "ok"}
    if silent:
        assert given.is_complete and errors <= sent
        assert given.processed == len(sent) and given.successful == len(sent) - len(errors)
        assert given.with_error in (None, len(errors))
    failed = {n for n, message in judged.items() if message.outcome == "error"}
    assert failed <= errors or (failed == sent and not given.successful)


@settings(deadline=None)
@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(1, n)))))
def test_a_report_that_adds_up_is_taken_at_its_word(made: tuple[int, set[int]]) -> None:
    number, failed = made
    given = report(number, number - len(failed), *map(error, sorted(failed)), with_error=len(failed))
    expected = {n: "error" if n in failed else "ok" for n in range(1, number + 1)}
    judged = judge(given, range(1, number + 1))
    assert {n: message.outcome for n, message in judged.items()} == expected
