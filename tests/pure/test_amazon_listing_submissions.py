"""Changes of listings as requests, and what Amazon answers, against its model (reference 8.2)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.listings.availability import quantity_patch
from channeld.amazon.listings.submissions import MOST_ISSUES, SubmissionIssue, read_submission
from channeld.amazon.listings.submitting import fits_a_path, patch_listing_call, put_listing_call
from tests.support.listings_model import check_patches

GB = "A1F83G8C2ARO7P"
ERROR: dict[str, Any] = {
    "code": "90220",
    "severity": "ERROR",
    "message": "'[quantity]'\n is\u202e required.",
    "attributeNames": ["fulfillment_availability#1.quantity", "not a name!", ""],
    "categories": ["MISSING_ATTRIBUTE"],
}
WARNING: dict[str, Any] = {"code": 7, "severity": "WARNING", "message": "Look.", "categories": []}
ANSWER: dict[str, Any] = {
    "sku": "KETTLE/1",
    "status": "ACCEPTED",
    "submissionId": "f1dc2914-75dd-11ea-bc55-0242ac130003",
    "issues": [],
}


def answered(**changed: Any) -> bytes:
    return json.dumps({k: v for k, v in (ANSWER | changed).items() if v is not ...}).encode()


def test_a_change_names_one_listing_in_one_marketplace() -> None:
    call = patch_listing_call("A1SELLER", GB, "KETTLE/1 é,%", [quantity_patch(4)])
    assert (call.operation.method, call.target) == (
        "PATCH",
        f"/listings/2021-08-01/items/A1SELLER/KETTLE%2F1%20%C3%A9%2C%25?marketplaceIds={GB}&issueLocale=en_US",
    )
    body = json.loads(call.body)
    assert body == {
        "productType": "PRODUCT",
        "patches": [
            {
                "op": "merge",
                "path": "/attributes/fulfillment_availability",
                "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 4}],
            }
        ],
    }
    check_patches(body["patches"])


def test_a_whole_listing_is_put() -> None:
    attributes = b'{"condition_type": [{"value": "new_new", "weight": 1.10}]}'
    call = put_listing_call("A1SELLER", GB, "K", attributes, "KETTLE", "LISTING_OFFER_ONLY")
    assert call.operation.method == "PUT"
    assert call.target == f"/listings/2021-08-01/items/A1SELLER/K?marketplaceIds={GB}&issueLocale=en_US"
    assert json.loads(call.body) == {
        "productType": "KETTLE",
        "requirements": "LISTING_OFFER_ONLY",
        "attributes": json.loads(attributes),
    }
    assert attributes in call.body


@pytest.mark.parametrize("sku", ["", " ", ".", ".."])
def test_what_would_go_to_another_address_is_not_sent(sku: str) -> None:
    assert not fits_a_path(sku)
    with pytest.raises(ValueError, match="SKU"):
        patch_listing_call("A1SELLER", GB, sku, [quantity_patch(4)])
    with pytest.raises(ValueError, match="SKU"):
        put_listing_call("A1SELLER", GB, sku, b'{"a": []}', "KETTLE", "LISTING")


def test_a_change_of_nothing_is_not_sent() -> None:
    with pytest.raises(ValueError, match="attribute"):
        patch_listing_call("A1SELLER", GB, "K", [])
    for attributes in (b"{}", b"[]", b"", b"null", b"{"):
        with pytest.raises(ValueError, match=r"."):
            put_listing_call("A1SELLER", GB, "K", attributes, "KETTLE", "LISTING")


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "accepted"),
        ({"issues": None}, "accepted"),
        ({"issues": ...}, "accepted"),
        ({"issues": [WARNING]}, "accepted"),
        ({"status": "INVALID", "issues": [ERROR]}, "refused"),
        ({"status": "INVALID"}, "refused"),
        ({"issues": [WARNING, ERROR]}, "unknown"),
        ({"issues": [WARNING | {"severity": "FATAL"}]}, "unknown"),
        ({"issues": [{"message": "x"}]}, "unknown"),
        ({"status": "VALID"}, "unknown"),
        ({"status": "accepted"}, "unknown"),
        ({"status": "QUEUED"}, "unknown"),
    ],
)
def test_only_what_is_accepted_without_contradiction_counts(changed: dict[str, Any], outcome: str) -> None:
    assert read_submission(answered(**changed)).outcome == outcome


def test_issues_have_a_code_a_severity_and_the_attributes() -> None:
    submission = read_submission(answered(status="INVALID", issues=[WARNING, ERROR, ERROR]))
    assert submission.submission_id == ANSWER["submissionId"]
    assert submission.issues == (
        SubmissionIssue(
            code="90220",
            severity="ERROR",
            attributes=("fulfillment_availability#1.quantity",),
            text="'[quantity]' is required.",
        ),
        SubmissionIssue(code="7", severity="WARNING", text="Look."),
    )


def test_of_very_many_issues_the_worst_are_kept() -> None:
    many = [WARNING | {"code": n} for n in range(50)] + [ERROR]
    issues = read_submission(answered(issues=many)).issues
    assert len(issues) == MOST_ISSUES
    assert issues[0].severity == "ERROR"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", answered(sku=...), answered(status=...)])
def test_an_answer_that_says_nothing_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_submission(body)


def test_without_an_id_it_is_accepted_all_the_same() -> None:
    assert read_submission(answered(submissionId=...)).outcome == "accepted"
    assert read_submission(answered(submissionId="<script>")).submission_id == ""


WHOLE = answered(status="INVALID", issues=[ERROR, WARNING])


@settings(deadline=None)
@given(st.binary(max_size=40), st.integers(0, len(WHOLE)), st.integers(0, 120))
def test_a_damaged_refusal_is_never_a_success(put: bytes, start: int, gone: int) -> None:
    try:
        submission = read_submission(WHOLE[:start] + put + WHOLE[start + gone :])
    except ValueError:
        return
    assert submission.outcome != "accepted"
    assert all(issue.text.isprintable() and len(issue.text) <= 300 for issue in submission.issues)
