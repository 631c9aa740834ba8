"""What is asked about reports and how the answers are read, against Amazon's model (reference 7, 11.1)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.documents.places import ResultDocument
from channeld.amazon.operations import OPERATIONS
from channeld.amazon.reports.answers import (
    Report,
    ReportsPage,
    read_created_report,
    read_report_document,
    read_report_state,
    read_reports,
)
from channeld.amazon.reports.calls import (
    cancel_report_call,
    create_report_call,
    report_call,
    report_document_call,
    reports_call,
    reports_page_call,
)
from channeld.amazon.reports.types import (
    ALL_LISTINGS,
    ORDERS_BY_UPDATE,
    REPORT_TYPES,
    RESTRICTED,
    report_type,
    why_refused,
)

GB = "A1F83G8C2ARO7P"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = "more"


def test_a_listing_report_is_asked_for_with_an_english_header() -> None:
    call = create_report_call(ALL_LISTINGS, [GB])
    assert (call.operation.method, call.target) == ("POST", "/reports/2021-06-30/reports")
    assert json.loads(call.body) == {
        "reportType": ALL_LISTINGS,
        "marketplaceIds": [GB],
        "reportOptions": {"preferredReportDocumentLocale": "en_US"},
    }


def test_an_order_report_is_asked_for_by_its_span() -> None:
    call = create_report_call(
        ORDERS_BY_UPDATE, [GB, "A1PA6795UKMFR9"], start=NOW - timedelta(days=1), end=NOW
    )
    assert json.loads(call.body) == {
        "reportType": ORDERS_BY_UPDATE,
        "marketplaceIds": [GB, "A1PA6795UKMFR9"],
        "dataStartTime": "2026-11-21T09:00:00.000Z",
        "dataEndTime": "2026-11-22T09:00:00.000Z",
    }


def test_own_options_go_before_ours() -> None:
    call = create_report_call(
        ALL_LISTINGS, [GB], options={"preferredReportDocumentLocale": "de_DE", "a": "b"}
    )
    assert json.loads(call.body)["reportOptions"] == {"preferredReportDocumentLocale": "de_DE", "a": "b"}


@pytest.mark.parametrize("restricted", sorted(RESTRICTED))
def test_a_type_whose_document_is_personal_is_refused_with_the_reason(restricted: str) -> None:
    assert "personal data" in why_refused(restricted)
    with pytest.raises(ValueError, match="personal data"):
        create_report_call(restricted, [GB])


def test_types_that_are_used_are_not_refused() -> None:
    assert not RESTRICTED & REPORT_TYPES.keys()
    assert not any(map(why_refused, [*REPORT_TYPES, "GET_SOMETHING_NEW"]))


def test_text_of_lines_is_kept_only_of_types_known_to_be_harmless() -> None:
    assert not report_type(ALL_LISTINGS).is_personal
    assert report_type(ORDERS_BY_UPDATE).is_personal and report_type("GET_SOMETHING_NEW").is_personal


@pytest.mark.parametrize(
    ("marketplaces", "start", "end"),
    [([], None, None), ([GB] * 26, None, None), ([GB], NOW, NOW - timedelta(seconds=1))],
)
def test_what_amazon_would_refuse_is_not_asked(
    marketplaces: list[str], start: datetime | None, end: datetime | None
) -> None:
    with pytest.raises(ValueError, match=r"marketplaces|span"):
        create_report_call(ORDERS_BY_UPDATE, marketplaces, start=start, end=end)


def test_reports_are_listed_by_type_and_age_and_pages_by_their_token_alone() -> None:
    assert reports_call([ALL_LISTINGS, ORDERS_BY_UPDATE], NOW).target == (
        f"/reports/2021-06-30/reports?reportTypes={ALL_LISTINGS}%2C{ORDERS_BY_UPDATE}"
        "&pageSize=100&createdSince=2026-11-22T09%3A00%3A00.000Z"
    )
    assert reports_page_call("a+b/c").target == "/reports/2021-06-30/reports?nextToken=a%2Bb%2Fc"
    for wrong in ([], ["T"] * 11):
        with pytest.raises(ValueError, match="types"):
            reports_call(wrong, NOW)


def test_single_reports_and_documents_are_named_in_the_path() -> None:
    assert report_call("R1").target == "/reports/2021-06-30/reports/R1"
    cancel = cancel_report_call("R1")
    assert (cancel.operation.method, cancel.target) == ("DELETE", "/reports/2021-06-30/reports/R1")
    assert cancel.operation.read(b"") is None
    assert report_document_call("amzn1.spdoc.1/4").target.endswith("/documents/amzn1.spdoc.1%2F4")


def test_only_the_creation_is_not_repeated_blindly() -> None:
    ours = [name for name in OPERATIONS if "eport" in name]
    assert [name for name in ours if not OPERATIONS[name].repeat_safe] == ["createReport"]


SHOWN: dict[str, Any] = {
    "reportId": "5001",
    "reportType": ALL_LISTINGS,
    "marketplaceIds": [GB],
    "createdTime": "2026-11-22T09:00:00+00:00",
    "processingStatus": "DONE",
    "processingStartTime": "2026-11-22T09:00:10Z",
    "processingEndTime": "2026-11-22T09:12:00.000Z",
    "dataStartTime": "2026-11-22T09:00:00Z",
    "dataEndTime": "2026-11-22T09:00:00Z",
    "reportDocumentId": "amzn1.spdoc.1.4.na.x",
}
READ = Report(
    report_id="5001",
    report_type=ALL_LISTINGS,
    status="DONE",
    created_at=NOW,
    marketplace_ids=(GB,),
    data_start=NOW,
    data_end=NOW,
    started_at=NOW + timedelta(seconds=10),
    ended_at=NOW + timedelta(minutes=12),
    document_id="amzn1.spdoc.1.4.na.x",
)


def encoded(**changed: Any) -> bytes:
    return json.dumps(
        {name: value for name, value in (SHOWN | changed).items() if value != "absent"}
    ).encode()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        ({"reportId": 5001}, {}),
        ({"reportScheduleId": 77}, {"schedule_id": "77"}),
        ({"processingEndTime": None, "reportDocumentId": None}, {"ended_at": None, "document_id": ""}),
        ({"processingEndTime": "1.5E9", "dataStartTime": ""}, {"ended_at": None, "data_start": None}),
        ({"marketplaceIds": "absent"}, {"marketplace_ids": ()}),
        ({"processingStatus": "SOMETHING_NEW", "brandNew": {}}, {"status": "SOMETHING_NEW"}),
    ],
)
def test_a_report_is_read_though_types_wander(changed: dict[str, Any], expected: dict[str, Any]) -> None:
    fields = {name: getattr(READ, name) for name in READ.__struct_fields__}
    assert read_report_state(encoded(**changed)) == Report(**(fields | expected))


BROKEN: list[dict[str, Any]] = [
    {"reportId": "absent"},
    {"reportId": "no code!"},
    {"reportType": ""},
    {"processingStatus": None},
    {"createdTime": "yesterday"},
    {"reportDocumentId": "x" * 301},
]


@pytest.mark.parametrize("changed", BROKEN)
def test_what_lacks_what_makes_it_a_report_is_none(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_report_state(encoded(**changed))


def test_one_broken_report_does_not_spoil_the_page() -> None:
    broken = b",".join(encoded(**changed) for changed in BROKEN)
    body = b'{"reports": [' + broken + b"," + encoded() + b', 7, null], "nextToken": "more"}'
    assert read_reports(body) == ReportsPage(reports=(READ,), next_token=LATER, unreadable=len(BROKEN) + 2)
    assert read_reports(b'{"reports": []}') == ReportsPage(reports=(), next_token="")


def test_the_place_of_a_document() -> None:
    place = {"reportDocumentId": "amzn1.x", "url": "https://s.test/CANARY"}
    read = read_report_document(json.dumps(place | {"compressionAlgorithm": "GZIP"}).encode())
    assert read == ResultDocument(url="https://s.test/CANARY", gzip=True) and "CANARY" not in repr(read)
    assert not read_report_document(json.dumps(place).encode()).gzip
    with pytest.raises(ValueError, match="unknown way"):
        read_report_document(json.dumps(place | {"compressionAlgorithm": "ZSTD"}).encode())


def test_the_id_of_a_new_report() -> None:
    assert read_created_report(b'{"reportId": 5001}') == "5001"
    with pytest.raises(ValueError, match=r".+"):
        read_created_report(b'{"reportId": ""}')


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(encoded())), st.integers(0, 40))
def test_damaged_answers_are_reports_or_refused(put: bytes, start: int, gone: int) -> None:
    body = encoded()[:start] + put + encoded()[start + gone :]
    for read in (read_report_state, read_reports, read_report_document, read_created_report):
        try:
            read(body)
        except ValueError:
            continue
