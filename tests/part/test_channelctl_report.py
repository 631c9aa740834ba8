"""`channelctl report`: what was asked of Amazon, and how far it is."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from channel_protocol.base import Request
from channel_protocol.reports import (
    BadRow,
    GapRow,
    ListReports,
    ReportList,
    ReportRequested,
    RequestReport,
    ShowReport,
)
from tests.support.ctl import Ctl
from tests.support.fake_clock import START
from tests.support.fake_daemon import FakeDaemon
from tests.support.monitor_listings import report, report_shown

STUCK = report(3, state="stuck", reason="Amazon does not make it.", hint="It is asked for again.")


@pytest.fixture(autouse=True)
def shop(daemon: FakeDaemon) -> None:
    daemon.on(ListReports, ReportList(rows=(STUCK, report(2, state="submitted"))))
    daemon.on(RequestReport, ReportRequested(row=report(4, state="wanted"), attached=False))
    gap = GapRow(order_id="202-1", channel="uk", kind="missing", outcome="", settled_at=None)
    bad = BadRow(line=7, reason="price is no number", text="MUG")
    daemon.on(ShowReport, replace(report_shown(STUCK), bad_rows=(bad,), gaps=(gap,)))


def last(daemon: FakeDaemon) -> Request:
    return daemon.requests[-1]


def test_the_three_words_stand_plain_and_others_in_brackets_with_their_reason(ctl: Ctl) -> None:
    text = ctl("report", "list").stdout
    assert " Submitted" in text
    assert "[stuck]" in text
    assert "Amazon does not make it." in text
    assert "It is asked for again." in text


def test_list_passes_every_filter_on(daemon: FakeDaemon, ctl: Ctl) -> None:
    ctl("report", "list", "--account", "eu", "--channel", "uk", "--type", "listings", "--limit", "3")
    assert last(daemon) == ListReports(id=1, account="eu", channel="uk", report_type="listings", limit=3)


def test_an_empty_list_says_what_to_do(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListReports, ReportList(rows=()))
    assert "channelctl listing download" in ctl("report", "list").stdout


def test_request_says_which_it_is_and_where_to_look(daemon: FakeDaemon, ctl: Ctl) -> None:
    words = "--channel", "uk", "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-02T00:00:00Z", "--again"
    text = ctl("report", "request", "orders", *words, "--command-id", "wish-0001").stdout
    assert "is asked for" in text
    assert "channelctl report show 4" in text
    assert last(daemon) == RequestReport(
        id=1,
        command_id="wish-0001",
        channel="uk",
        report_type="orders",
        data_from=datetime(2026, 1, 1, tzinfo=UTC),
        data_to=datetime(2026, 1, 2, tzinfo=UTC),
        again=True,
    )


def test_request_attaches_to_one_that_is_under_way(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(RequestReport, ReportRequested(row=report(4, state="submitted"), attached=True))
    assert "was under way already" in ctl("report", "request", "listings", "--channel", "uk").stdout
    assert ctl.json("report", "request", "listings", "--channel", "uk")["attached"] is True


def test_request_needs_a_channel_and_dates_that_can_be_read(ctl: Ctl) -> None:
    assert ctl("report", "request", "listings").exit_code == 2
    assert ctl("report", "request", "orders", "--channel", "uk", "--from", "soon").exit_code == 2


def test_show_has_how_it_went_bad_rows_and_gaps(ctl: Ctl) -> None:
    text = ctl("report", "show", "3").stdout
    for words in ("seller-sku, price", "price is no number", "202-1", "under way", "[stuck]"):
        assert words in text
    document = ctl.json("report", "show", "3")
    assert (document["number"], document["faults"][0]["line"], document["gaps"][0]["kind"]) == (
        3,
        7,
        "missing",
    )
    assert document["requested_at"] < START.isoformat()
