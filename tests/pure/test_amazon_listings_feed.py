"""Listings feeds: documents against Amazon's schema, and what reports say of each SKU (reference 8.4)."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.assumptions import DOCUMENT_BYTES
from channeld.amazon.errors import UnreadableReport
from channeld.amazon.feeds.listings_document import ListingChange, why_unsayable, write_listings_document
from channeld.amazon.feeds.listings_outcomes import ListingsFeedResult, read_listings_outcomes
from channeld.amazon.listings.availability import quantity_patch, quantity_with_lead_time_patch
from channeld.amazon.listings.patches import make_patch
from channeld.amazon.listings.submissions import SubmissionIssue
from tests.support.listings_model import applied, check_feed

SELLER, FEED = "A1SELLER", "50001"
SKUS = ("A", "B/é", "C 3")


def change(sku: str, quantity: int = 1) -> ListingChange:
    return ListingChange(sku=sku, patches=(quantity_patch(quantity),))


def test_a_document_is_a_header_and_numbered_messages() -> None:
    written = write_listings_document(SELLER, map(change, SKUS))
    assert written.skus == SKUS
    document = json.loads(written.content)
    check_feed(document)
    assert document["header"] == {"sellerId": SELLER, "version": "2.0", "issueLocale": "en_US"}
    assert [(m["messageId"], m["sku"], m["productType"]) for m in document["messages"]] == [
        (number, sku, "PRODUCT") for number, sku in enumerate(SKUS, start=1)
    ]


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@settings(deadline=None)
@given(
    st.dictionaries(TEXTS, st.tuples(st.integers(0, 10**6), st.integers(1, 30)), min_size=1, max_size=30),
    st.integers(1, 40),
)
def test_a_document_says_what_was_meant(wanted: dict[str, tuple[int, int]], most: int) -> None:
    changes = [
        ListingChange(sku=sku, patches=[quantity_with_lead_time_patch(quantity, days)])
        for sku, (quantity, days) in wanted.items()
    ]
    written = write_listings_document(SELLER, changes, most)
    document = json.loads(written.content)
    check_feed(document)
    assert written.skus == tuple(wanted)[:most]
    for sku, message in zip(written.skus, document["messages"], strict=True):
        (stock,) = applied({}, message["patches"])["fulfillment_availability"]
        assert (message["sku"], stock["quantity"], stock["lead_time_to_ship_max_days"]) == (sku, *wanted[sku])
    assert written == write_listings_document(SELLER, changes, most)


def test_no_more_messages_are_taken_than_one_feed_has() -> None:
    taken: list[int] = []

    def endless() -> Iterator[ListingChange]:
        for number in range(30_000):
            taken.append(number)
            yield change(f"SKU-{number}")

    written = write_listings_document(SELLER, endless())
    assert len(written.skus) == 25_000
    assert written.content.endswith(b"]}") and written.content.count(b'"messageId"') == 25_000
    assert len(taken) == 25_001
    for wrong in (0, 25_001):
        with pytest.raises(ValueError, match="1 to 25000"):
            write_listings_document(SELLER, endless(), wrong)


def test_a_document_stays_below_the_size_that_amazon_takes() -> None:
    large = [
        ListingChange(
            sku=str(number), patches=[make_patch("replace", "item_name", [{"value": "x" * 900_000}])]
        )
        for number in range(20)
    ]
    written = write_listings_document(SELLER, large)
    assert written.skus == tuple(map(str, range(11)))
    assert len(written.content) <= DOCUMENT_BYTES < len(written.content) + 900_000
    check_feed(json.loads(written.content))


def test_a_large_document_does_not_stand_in_memory_twice() -> None:
    text = "x" * 9_000
    patches = [make_patch("replace", "item_name", [{"value": text}])]
    changes = (ListingChange(sku=str(number), patches=patches) for number in range(1_000))
    tracemalloc.start()
    written = write_listings_document(SELLER, changes)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(written.skus) == 1_000
    assert peak < 2 * len(written.content)


UNSAYABLE = [
    ListingChange(sku="", patches=[quantity_patch(1)]),
    ListingChange(sku="A", patches=[]),
    ListingChange(sku="A\ud800", patches=[quantity_patch(1)]),
    ListingChange(sku="A", patches=[make_patch("replace", "x", [{"value": "x" * DOCUMENT_BYTES}])]),
]


@pytest.mark.parametrize("unsayable", UNSAYABLE, ids=["no sku", "no patch", "no character", "too large"])
def test_what_no_feed_can_carry_is_named_and_not_written(unsayable: ListingChange) -> None:
    reason = why_unsayable(unsayable)
    assert reason and "ud800" not in reason
    assert not why_unsayable(change("A"))
    with pytest.raises(ValueError, match=r"."):
        write_listings_document(SELLER, [unsayable])


def test_a_feed_says_one_thing_of_a_sku() -> None:
    with pytest.raises(ValueError, match="twice"):
        write_listings_document(SELLER, [change("A", 1), change("a", 1), change("A", 2)])
    with pytest.raises(ValueError, match="at least one"):
        write_listings_document(SELLER, [])


ERROR_2: dict[str, Any] = {
    "messageId": 2,
    "sku": "B/é",
    "code": "90220",
    "severity": "ERROR",
    "message": "'[quantity]' is\n required.",
    "attributeName": "fulfillment_availability.quantity",
}
WARNING_3: dict[str, Any] = {"messageId": 3, "code": "99", "severity": "WARNING", "message": "Look."}
WHOLE_ERROR: dict[str, Any] = {"code": "4", "severity": "ERROR", "message": "The feed is not valid."}


def report(processed: Any, accepted: Any, invalid: Any, *issues: Any, **more: Any) -> str:
    summary = {"errors": 0, "warnings": 0, "messagesProcessed": processed}
    summary |= {"messagesAccepted": accepted, "messagesInvalid": invalid}
    header = {"sellerId": SELLER, "version": "2.0", "feedId": FEED}
    return json.dumps({"header": header, "issues": issues, "summary": summary} | more)


def read(text: str) -> ListingsFeedResult:
    return read_listings_outcomes(text, FEED, SKUS)


def words(text: str) -> str:
    result = read(text)
    assert tuple(result.by_sku) == SKUS
    return " ".join(each.outcome for each in result.by_sku.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (report(3, 3, 0), "accepted accepted accepted"),
        ("\ufeff\n" + report(3, 3, 0), "accepted accepted accepted"),
        (report(3, 2, 1, ERROR_2), "accepted refused accepted"),
        (report(3, 2, 1, ERROR_2, ERROR_2 | {"code": "1"}, WARNING_3), "accepted refused accepted"),
        (report(3, 3, 0, WARNING_3), "accepted accepted accepted"),
        (report("3", "3", "0"), "accepted accepted accepted"),
        (report(3, 3, 0, header={"feedId": 50001}), "accepted accepted accepted"),
        (report(3, 2, 1, {k: v for k, v in ERROR_2.items() if k != "sku"}), "accepted refused accepted"),
        (report(0, 0, 0, WHOLE_ERROR), "refused refused refused"),
        (report(3, 0, 3, WHOLE_ERROR), "refused refused refused"),
    ],
)
def test_what_a_report_says_of_each_sku(text: str, expected: str) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        report(3, 2, 1),
        report(3, 2, 0),
        report(3, 3, 0, ERROR_2),
        report(3, 1, 2, ERROR_2),
        report(2, 2, 0),
        report(0, 0, 0),
        report(None, None, None),
        report(None, None, None, WARNING_3),
        report(3, 3, None, ERROR_2),
        report(3, 2, 1, ERROR_2 | {"messageId": 4, "sku": "B"}),
        report(3, 2, 1, ERROR_2 | {"messageId": "x"}),
        report(3, 2, 1, ERROR_2 | {"messageId": 1}),
        report(3, 2, 1, ERROR_2 | {"messageId": None}),
        report(3, 3, 0, WARNING_3 | {"sku": "A"}),
        report(3, 1, 2, WHOLE_ERROR),
        report(-3, -3, 0),
    ],
)
def test_a_report_that_contradicts_itself_leaves_all_unknown(text: str) -> None:
    assert words(text) == "unknown unknown unknown"


def test_what_amazon_remarks_goes_with_the_sku() -> None:
    result = read(report(3, 2, 1, WARNING_3, ERROR_2, WARNING_3 | {"messageId": 2}))
    warning = SubmissionIssue(code="99", severity="WARNING", text="Look.")
    error = SubmissionIssue(
        code="90220",
        severity="ERROR",
        attributes=("fulfillment_availability.quantity",),
        text="'[quantity]' is required.",
    )
    assert [each.issues for each in result.by_sku.values()] == [(), (error, warning), (warning,)]
    assert result.about_feed == ()
    (about,) = read(report(0, 0, 0, WHOLE_ERROR)).about_feed
    assert about == SubmissionIssue(code="4", severity="ERROR", text="The feed is not valid.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "<AmazonEnvelope/>",
        report(3, 3, 0)[:-1],
        report(3, 3, 0, summary=None),
        report(3, 3, 0, issues={}),
        report("three", 3, 0),
        report(3, 3, 0, header={"feedId": "50002"}),
        "{" * 10_000,
    ],
)
def test_a_report_that_is_none_or_of_another_feed_is_refused(text: str) -> None:
    with pytest.raises(UnreadableReport):
        read(text)


COUNTS = st.none() | st.integers(0, 4)
ISSUES = st.fixed_dictionaries(
    {"severity": st.sampled_from(["ERROR", "WARNING", "INFO", "odd", None])},
    optional={
        "messageId": st.integers(-1, 5) | st.sampled_from(["2", "x", None]),
        "sku": st.sampled_from([*SKUS, "D"]),
        "code": st.sampled_from(["5000", "18028"]),
    },
)


@settings(deadline=None)
@given(COUNTS, COUNTS, COUNTS, st.lists(ISSUES, max_size=4))
def test_accepted_is_only_what_adds_up(
    processed: int | None, accepted: int | None, invalid: int | None, issues: list[dict[str, Any]]
) -> None:
    result = read(report(processed, accepted, invalid, *issues))
    taken = [sku for sku, each in result.by_sku.items() if each.outcome == "accepted"]
    if not taken:
        return
    assert all(issue.severity in ("WARNING", "INFO") for sku in taken for issue in result.by_sku[sku].issues)
    assert (processed, accepted) == (len(SKUS), len(taken))


WHOLE = report(3, 2, 1, ERROR_2)


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(0, len(WHOLE)), st.integers(0, 200))
def test_a_damaged_report_never_takes_an_error_for_a_success(put: str, start: int, gone: int) -> None:
    try:
        result = read(WHOLE[:start] + put + WHOLE[start + gone :])
    except UnreadableReport:
        return
    assert tuple(result.by_sku) == SKUS
    if '"severity": "ERROR"' in WHOLE[:start] + put + WHOLE[start + gone :]:
        assert any(each.outcome != "accepted" for each in result.by_sku.values())
