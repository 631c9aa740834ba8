"""Processing reports in their forms and with their quirks; hostile ones are refused (reference 6)."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.amazon.documents.charset import decoded
from channeld.amazon.errors import UnreadableReport
from channeld.amazon.feeds.reports import FeedReport, MessageResult, read_report
from channeld.sandbox.feeds.report import Result, Summary, report_xml

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def xml(inside: str, status: str = "<StatusCode>Complete</StatusCode>") -> str:
    return (
        f"{HEAD}<AmazonEnvelope><Header><DocumentVersion>1.02</DocumentVersion></Header>"
        "<MessageType>ProcessingReport</MessageType><Message><MessageID>1</MessageID><ProcessingReport>"
        f"<DocumentTransactionID>50001</DocumentTransactionID>{status}{inside}"
        "</ProcessingReport></Message></AmazonEnvelope>"
    )


def counts(processed: Any, successful: Any, errors: Any, warnings: Any = 0) -> str:
    return (
        f"<ProcessingSummary><MessagesProcessed>{processed}</MessagesProcessed>"
        f"<MessagesSuccessful>{successful}</MessagesSuccessful>"
        f"<MessagesWithError>{errors}</MessagesWithError>"
        f"<MessagesWithWarning>{warnings}</MessagesWithWarning></ProcessingSummary>"
    )


ERROR_3 = MessageResult(
    message_id=3,
    outcome="error",
    code="18028",
    text="The data you submitted is incomplete or invalid.",
)
RESULT_3 = (
    "<Result><MessageID>3</MessageID><ResultCode>Error</ResultCode>"
    "<ResultMessageCode>18028</ResultMessageCode>"
    "<ResultDescription>The data you submitted\n  is incomplete or invalid.</ResultDescription>"
    "<AdditionalInfo><AmazonOrderID>203-1111111-2222222</AmazonOrderID>"
    "<AmazonOrderItemCode>90000000000001</AmazonOrderItemCode></AdditionalInfo></Result>"
)


def test_counts_and_results() -> None:
    assert read_report(xml(counts(5, 4, 1) + RESULT_3)) == FeedReport(
        processed=5, successful=4, with_error=1, with_warning=0, results=(ERROR_3,)
    )


@pytest.mark.parametrize(
    "text",
    [
        xml(RESULT_3 + counts(5, 4, 1)),
        "\ufeff" + xml(counts(" 5\n", 4, 1) + "<Extra><Deep>x</Deep></Extra>" + RESULT_3),
        xml(counts(5, 4, 1) + RESULT_3)
        .replace("<", "<ns:")
        .replace("<ns:/", "</ns:")
        .replace("<ns:?", "<?")
        # a prefix, declared at the root
        .replace("<ns:AmazonEnvelope", '<ns:AmazonEnvelope xmlns:ns="urn:amazon"'),
        xml(counts(5, 4, 1) + RESULT_3).replace("AmazonEnvelope", "EasyShipDocument"),
        xml(counts(5, 4, 1) + RESULT_3).replace("AmazonEnvelope>", 'AmazonEnvelope xmlns="urn:x">', 1),
        xml(counts(5, 4, 1) + RESULT_3, status=""),
        xml(counts(5, 4, 1) + RESULT_3).replace("UTF-8", "ISO-8859-1"),
        xml(
            counts(5, 4, 1)
            + "<Result><AdditionalInfo><AmazonOrderItemCode>90000000000001</AmazonOrderItemCode>"
            "<AmazonOrderID>203-1111111-2222222</AmazonOrderID></AdditionalInfo>"
            "<ResultDescription>The data you submitted is incomplete or invalid.</ResultDescription>"
            "<ResultMessageCode>18028</ResultMessageCode><Severity>1</Severity>"
            "<ResultCode>Error</ResultCode><MessageID>3</MessageID></Result>"
        ),
    ],
    ids=["results first", "extra", "prefix", "root", "namespace", "no status", "encoding", "order"],
)
def test_order_further_elements_name_spaces_and_root_do_not_matter(text: str) -> None:
    report = read_report(text)
    assert (report.processed, report.successful, report.with_error) == (5, 4, 1)
    assert report.results == (ERROR_3,) and report.is_complete


def test_what_is_not_said_is_none_and_several_reports_are_added_up() -> None:
    assert read_report(xml("")) == FeedReport()
    one = xml(counts(2, 2, 0))
    message = one[one.index("<Message>") : one.index("</AmazonEnvelope>")]
    both = read_report(one.replace("</AmazonEnvelope>", message + "</AmazonEnvelope>"))
    assert (both.processed, both.successful, both.with_error) == (4, 4, 0)


@pytest.mark.parametrize("status", ["Processing", "Rejected", ""])
def test_another_status_is_not_complete(status: str) -> None:
    assert not read_report(xml(counts(1, 1, 0), f"<StatusCode>{status}</StatusCode>")).is_complete


@pytest.mark.parametrize(
    ("written", "number"),
    [("<MessageID>0</MessageID>", 0), ("", 0), ("<MessageID/>", 0), ("<MessageID>x</MessageID>", -1)],
)
def test_a_result_without_a_message_is_about_the_whole_feed(written: str, number: int) -> None:
    text = xml(counts(0, 0, 1) + RESULT_3.replace("<MessageID>3</MessageID>", written))
    assert read_report(text).results[0].message_id == number


@pytest.mark.parametrize(
    ("word", "outcome"), [("Warning", "warning"), ("Error", "error"), ("", "error"), ("Odd", "error")]
)
def test_a_result_is_an_error_unless_it_says_that_it_is_none(word: str, outcome: str) -> None:
    text = xml(RESULT_3.replace("<ResultCode>Error<", f"<ResultCode>{word}<"))
    assert read_report(text).results[0].outcome == outcome


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Result,
            st.integers(0, 10**17).map(str),
            st.integers(0, 99_999),
            st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), max_size=40).map(str.strip),
            st.just("203-1111111-2222222"),
            st.sampled_from(["", "90000000000001"]),
        ),
        max_size=5,
    )
)
def test_what_was_written_is_read(results: list[Result]) -> None:
    report = read_report(report_xml("50001", "A1", Summary(9, 8, 1), results).decode())
    assert (report.processed, report.successful, report.with_error) == (9, 8, 1)
    assert [(str(each.message_id), each.code) for each in report.results] == [
        (each.message_id, str(each.code)) for each in results
    ]
    assert [each.text for each in report.results] == [" ".join(each.description.split()) for each in results]


DTD = '<!DOCTYPE AmazonEnvelope [<!ENTITY a "aaaaaaaaaa">{}]>'
BILLION = DTD.format("".join(f'<!ENTITY {c} "{f"&{b};" * 10}">' for b, c in pairwise("abcdefgh")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "nothing of the kind",
        "<",
        "<html><body>Sign in</body></html>",
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
        xml(counts(1, 1, 0))[:-30],
        xml(counts("many", 1, 0)),
        xml(counts("", 1, 0)),
        xml(counts(1, 1, 0)).replace(HEAD, HEAD + DTD.format("")),
        xml(counts(1, 1, 0)).replace(HEAD, HEAD + BILLION).replace("Complete", "&h;"),
        xml(counts(1, 1, 0)).replace(HEAD, HEAD + '<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
        xml(counts(1, 1, 0)).replace("Complete", "&unheard;"),
        xml("<a>" * 100 + "</a>" * 100),
        xml("<a>" * 200_000),
        "{}",
        '{"summary": 1}',
        '{"summary": {"messagesProcessed": "x"}}',
        "{" * 100_000,
        "Feed Processing Summary:\n\tNumber of records processed\t\t1\n",
        "x" * (64 * 2**20 + 1),
    ],
    ids=lambda text: text[:20].strip() or "empty",
)
def test_what_is_no_report_or_is_hostile_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UnreadableReport) as refused:
        read_report(text)
    assert "passwd" not in str(refused.value) and "Sign in" not in str(refused.value)
    assert refused.value.hint and refused.value.__context__ is None


@settings(deadline=None)
@given(st.text(max_size=200) | st.text(max_size=200).map(lambda text: "<" + text))
def test_nothing_else_is_ever_raised(text: str) -> None:
    try:
        read_report(text)
    except UnreadableReport as refused:
        assert refused.reason


WHOLE = xml(counts(5, 4, 1) + RESULT_3)


@settings(deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, 60), st.text("<>/&;![]:Mx0 ", max_size=8))
def test_a_report_that_is_damaged_anywhere_is_a_report_or_is_refused(at: int, gone: int, put: str) -> None:
    try:
        read_report(WHOLE[:at] + put + WHOLE[at + gone :])
    except UnreadableReport as refused:
        assert refused.hint


LISTINGS = {
    "header": {"sellerId": "A1SELLERTEST", "version": "2.0", "feedId": "50001"},
    "issues": [
        {
            "messageId": 4,
            "sku": "S",
            "code": "90220",
            "severity": "ERROR",
            "message": "'x' is required.",
            "attributeName": "x",
        },
        {"messageId": 5, "code": "18027", "severity": "WARNING", "message": "The image\nhas text."},
        {"code": 99022, "severity": "ERROR", "message": None},
    ],
    "summary": {
        "errors": 2,
        "warnings": 1,
        "messagesProcessed": 4,
        "messagesAccepted": 3,
        "messagesInvalid": 1,
        "itemSummary": {"items": 2},
    },
}


def test_the_json_form() -> None:
    assert read_report(json.dumps(LISTINGS)) == FeedReport(
        processed=4,
        successful=3,
        with_error=1,
        results=(
            MessageResult(message_id=4, outcome="error", code="90220", text="'x' is required."),
            MessageResult(message_id=5, outcome="warning", code="18027", text="The image has text."),
            MessageResult(message_id=0, outcome="error", code="99022"),
        ),
    )


FLAT = (
    "Feed Processing Summary:\r\n"
    "\tNumber of records processed\t\t3\r\n"
    "\tNumber of records successful\t\t2\r\n"
    "\r\n"
)


def test_the_flat_form() -> None:
    assert read_report(FLAT) == FeedReport(processed=3, successful=2)
    table = (
        "original-record-number\torder-id\torder-item-id\terror-code\terror-type\terror-message\r\n"
        "2\t203-1111111-2222222\t90000000000001\t18028\tError\tNot possible.\r\n"
        "3\t\t\t99\tWarning\r\n"
    )
    assert read_report(FLAT + table).results == (
        MessageResult(
            message_id=2,
            outcome="error",
            code="18028",
            text="Not possible.",
        ),
        MessageResult(message_id=3, outcome="warning", code="99"),
    )


def test_columns_of_the_flat_form_stand_in_any_order() -> None:
    table = "sku\tError Message\terror-type\tOriginal-Record-Number\tError Code\nS\tBad.\tError\t1\t13013\n"
    assert read_report(FLAT + table).results == (
        MessageResult(message_id=1, outcome="error", code="13013", text="Bad."),
    )


def test_a_report_about_ten_thousand_messages_is_not_too_large() -> None:
    text = xml(counts(10_000, 0, 10_000) + RESULT_3 * 10_000)
    assert len(read_report(text).results) == 10_000


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        ("Größe".encode(), "text/xml; charset=UTF-8", "Größe"),
        ("Größe".encode(), "", "Größe"),
        ("Größe".encode("cp1252"), "text/plain;charset=Cp1252", "Größe"),
        ("“Größe”".encode("cp1252"), "text/plain; charset=ISO-8859-1", "“Größe”"),
        ("注文".encode("cp932"), 'text/plain; charset="Shift_JIS"', "注文"),
        ("Größe".encode("utf-16"), "text/plain", "Größe"),
        (b"\xef\xbb\xbf<a/>", "text/xml; charset=Cp1252", "<a/>"),
        (b"<?xml version='1.0' encoding='windows-1252'?><a>\xe9</a>", "text/xml", "é"),
        (b"\xff\xfeno", "text/xml; charset=utf-8", "潮"),
        (b"ab\xffc", "text/xml; charset=utf-8", "ab\ufffdc"),
        (b"abc", "text/xml; charset=zip", "abc"),
        (b"abc", "text/xml; charset=undefined", "abc"),
        (b"abc", "text/xml; charset=unheard-of", "abc"),
        (b"abc", "text/xml; charset=", "abc"),
    ],
)
def test_bytes_become_text_and_never_fail(content: bytes, content_type: str, text: str) -> None:
    assert text in decoded(content, content_type)
