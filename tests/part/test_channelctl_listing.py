"""`channelctl listing list|show|downloads|download`, and what `channel show` and `status` say of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from channel_protocol.actors import GetStatus, Status
from channel_protocol.base import Refused, Request
from channel_protocol.channels import ChannelShown, ShowChannel
from channel_protocol.listings import (
    DownloadList,
    DownloadListings,
    ListDownloads,
    ListingList,
    ListingsDownloaded,
    ListListings,
    ShowListing,
)
from channelctl import patience
from tests.support.ctl import Ctl
from tests.support.fake_clock import START
from tests.support.fake_daemon import HANG_UP, FakeDaemon
from tests.support.monitor_listings import download, listing, listing_shown, running
from tests.support.monitor_rows import channel

pytestmark = pytest.mark.usefixtures("local_zone", "hurrying")
BEGUN = running("uk")
HALFWAY = replace(BEGUN, phase="processing", done=500, total=1000, progress=0.5)
DONE = replace(
    BEGUN,
    in_progress=False,
    phase="",
    progress=None,
    estimated_completion=None,
    outcome="done",
    last_completion=START + timedelta(minutes=9),
    added=12,
    changed=3,
    missing=1,
    listings=900,
    linked=880,
    unlinked=20,
)
FAILED = replace(DONE, outcome="failed", reason="It was cut off.", hint="Download again.")


@pytest.fixture
def hurrying(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second is over at once."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(patience, "sleep", sleep)
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])


@pytest.fixture(autouse=True)
def shop(daemon: FakeDaemon) -> None:
    daemon.on(DownloadListings, ListingsDownloaded(row=BEGUN, attached=False, complete=False))
    daemon.on(ListDownloads, DownloadList(rows=(DONE,)))


def looks(daemon: FakeDaemon, *rows: object) -> None:
    """Each look finds the next of these rows, and then always the last."""
    left: Iterator[object] = iter(rows)
    last = rows[-1]
    daemon.script(ListDownloads, lambda _: (DownloadList(rows=(next(left, last),)),))  # pyright: ignore[reportArgumentType]


def last(daemon: FakeDaemon) -> Request:
    return daemon.requests[-1]


def test_download_says_that_it_has_begun_and_where_to_look(daemon: FakeDaemon, ctl: Ctl) -> None:
    text = ctl("listing", "download", "uk", "--again", "--command-id", "press-the-button").stdout
    assert "The listings of uk are being downloaded." in text
    assert "expected at" in text
    assert "`channelctl listing downloads`" in text
    assert last(daemon) == DownloadListings(id=1, command_id="press-the-button", channel="uk", again=True)


def test_download_attaches_to_the_one_that_runs(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(DownloadListings, ListingsDownloaded(row=BEGUN, attached=True, complete=False))
    assert "already" in ctl("listing", "download", "uk").stdout


def test_download_tells_while_it_waits_and_then_what_changed(daemon: FakeDaemon, ctl: Ctl) -> None:
    looks(daemon, BEGUN, BEGUN, HALFWAY, DONE)
    result = ctl("listing", "download", "uk", "--wait", "60")
    told = result.stderr.splitlines()
    assert [line.partition(",")[0] for line in told] == [
        "uk: waiting for Amazon's report",
        "uk: processing listings 500 of 1",
    ], "a line a change"
    assert "50 %" in told[1]
    assert "expected at" in told[1]
    assert "12 new, 3 changed, 1 missing, 0 gone" in result.stdout
    assert "Last listing download completion time" in result.stdout
    assert result.exit_code == 0


def test_download_as_json_is_only_the_end(daemon: FakeDaemon, ctl: Ctl) -> None:
    looks(daemon, BEGUN, DONE)
    document = ctl.json("listing", "download", "uk", "--wait", "60")
    assert (document["outcome"], document["added"], document["complete"]) == ("done", 12, True)
    assert ctl("listing", "download", "uk", "--wait", "60", "--json").stderr == ""


def test_a_download_that_fails_is_exit_code_1_with_the_reason(daemon: FakeDaemon, ctl: Ctl) -> None:
    looks(daemon, FAILED)
    result = ctl("listing", "download", "uk", "--wait", "60")
    assert result.exit_code == 1
    assert "It was cut off. Download again." in result.stdout


def test_when_the_wait_runs_out_it_says_how_far_it_is(daemon: FakeDaemon, ctl: Ctl) -> None:
    looks(daemon, HALFWAY)
    result = ctl("listing", "download", "uk", "--wait", "5")
    assert result.exit_code == 1
    assert "not complete yet. uk: processing listings 500 of 1,000" in result.stderr
    assert "It goes on by itself" in result.stderr


def test_ctrl_c_ends_the_waiting_and_says_that_the_download_goes_on(
    daemon: FakeDaemon, ctl: Ctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(patience, "sleep", interrupted)
    looks(daemon, HALFWAY)
    result = ctl("listing", "download", "uk", "--wait", "60")
    assert result.exit_code == 130
    assert "The download of uk is not ended by that." in result.stderr


def test_a_daemon_that_goes_away_meanwhile_is_told_with_what_becomes_of_it(
    daemon: FakeDaemon, ctl: Ctl
) -> None:
    daemon.on(ListDownloads, HANG_UP)
    result = ctl("listing", "download", "uk", "--wait", "60")
    assert result.exit_code == 3
    assert "goes on when channeld runs again" in result.stderr


def test_a_refusal_is_said_with_its_hint(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(DownloadListings, Refused(code="asked_recently", message="Too early.", hint="`--again` asks."))
    result = ctl("listing", "download", "uk")
    assert result.exit_code == 1
    assert "Too early." in result.stderr
    assert "--again" in result.stderr


def test_downloads_show_what_runs_and_how_the_last_ended(daemon: FakeDaemon, ctl: Ctl) -> None:
    late = replace(HALFWAY, channel="de", overdue_seconds=200.0)
    daemon.on(ListDownloads, DownloadList(rows=(late, FAILED)))
    text = ctl("listing", "downloads").stdout
    for words in ("processing 500 of 1,000", "50 %", "failed", "It was cut off.", "never"):
        assert words in text
    assert ctl.json("listing", "downloads")[0]["overdue_seconds"] == 200.0


def test_list_passes_its_filters_on_and_says_that_there_is_more(daemon: FakeDaemon, ctl: Ctl) -> None:
    rows = listing(1, channel="uk", suggestion="MUG"), listing(2, channel="uk", presence="missing")
    daemon.on(ListListings, ListingList(rows=rows, more=True))
    words = "--link", "suggested", "--presence", "missing", "--find", "mug", "--after", "uk/A", "--limit", "2"
    text = ctl("listing", "list", "uk", *words).stdout
    assert last(daemon) == ListListings(
        id=1, channel="uk", link="suggested", presence="missing", find="mug", after="uk/A", limit=2
    )
    for word in ("MUG-0001", "8.99 GBP", "missing", "--after uk/MUG-0002"):
        assert word in text


def test_a_long_list_is_read_in_pages(daemon: FakeDaemon, ctl: Ctl) -> None:
    def page(request: Request) -> list[ListingList]:
        assert isinstance(request, ListListings)
        start = 500 if request.after else 0
        rows = tuple(listing(n, channel="uk") for n in range(start, start + request.limit))
        return [ListingList(rows=rows, more=not start)]

    daemon.script(ListListings, page)
    found = ctl.json("listing", "list", "uk", "--limit", "700")
    assert [found[0]["sku"], found[-1]["sku"], len(found)] == ["MUG-0000", "MUG-0699", 700]


def test_an_empty_list_says_what_to_do(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ListListings, ListingList(rows=(), more=False))
    assert "channelctl listing download" in ctl("listing", "list").stdout


def test_show_has_facts_issues_suggestions_and_history(daemon: FakeDaemon, ctl: Ctl) -> None:
    row = replace(listing(1, channel="uk", suggestion="MUG"), sku="MUG 1")
    daemon.on(ShowListing, listing_shown(row))
    text = ctl("listing", "show", "uk", "MUG 1").stdout
    for words in ("DRINKING_CUP", "ERROR 90220", "barcode", "seen for the first time"):
        assert words in text
    assert "channelctl listing link uk 'MUG 1' MUG" in text, "so that a shell takes it"
    assert ctl.json("listing", "show", "uk", "MUG 1")["suggestions"][0]["item"] == "MUG"


def test_show_of_a_channel_has_its_download(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(ShowChannel, ChannelShown(row=channel("uk"), settings=()))
    daemon.on(ListDownloads, DownloadList(rows=(HALFWAY,)))
    text = ctl("channel", "show", "uk").stdout
    for words in (
        "Listings download in progress",
        "Listing download start time",
        "Listing download estimated completion",
        "Last listing download completion time",
        "Last automatic listing download",
    ):
        assert words in text
    assert ctl.json("channel", "show", "uk")["listing_download"]["done"] == 500


def test_status_shows_downloads_of_channels_that_had_one(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(GetStatus, Status(daemon="0.1.0", started_at=START, rows=(), attention=()))
    daemon.on(ListDownloads, DownloadList(rows=(HALFWAY, download("never-mind"))))
    text = ctl("status").stdout
    assert "processing 500 of 1,000" in text
    assert "never-mind" not in text
