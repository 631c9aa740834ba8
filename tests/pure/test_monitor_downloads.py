"""What is shown of a listing download is right at the instant at which it is looked at."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from channel_protocol.codec import AnyRow
from channeltop.attention import attention
from channeltop.downloads import by_channel, course, expected, how_far, late, share, what_changed
from channeltop.events import SnapshotArrived
from channeltop.fold import fold
from channeltop.format import local_moment
from channeltop.model import Model
from channeltop.standing import standings
from tests.support.fake_clock import START
from tests.support.monitor_listings import download, report, running
from tests.support.monitor_rows import actor, channel

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def berlin(local_zone: None) -> None:
    """Local times are those of one place."""


def model(**topics: list[AnyRow]) -> Model:
    known = Model()
    for topic, rows in topics.items():
        known = fold(known, SnapshotArrived(topic=topic, chunk=0, last=True, rows=rows))
    return known


def test_nothing_is_expected_while_none_runs() -> None:
    assert course(download(), START) is None
    assert expected(download(), START) == share(download(), START) == late(download(), START) == ""


def test_progress_goes_on_between_two_rows() -> None:
    row = running(began=5, left=15)
    assert [share(row, START + n * MINUTE) for n in (0, 5, 10)] == ["25 %", "50 %", "75 %"]


@pytest.mark.parametrize("minutes", [0, 14, 15, 16, 60, 600])
def test_what_is_expected_is_never_in_the_past_and_nothing_is_done_before_it_is(minutes: int) -> None:
    now = START + minutes * MINUTE
    seen = course(running(began=5, left=15), now)
    assert seen is not None
    assert seen.completion > now
    assert 0 <= seen.progress < 1


def test_what_should_have_ended_is_overdue_and_the_longer_the_more() -> None:
    row = running(began=5, left=15)
    assert late(row, START + 14 * MINUTE) == ""
    assert late(row, START + 18 * MINUTE) == "overdue by 3 min"


def test_what_was_overdue_when_the_row_came_is_more_so_later() -> None:
    row = replace(running(began=20, left=5), overdue_seconds=300.0, progress=0.8)
    assert [late(row, START + n * MINUTE) for n in (0, 4)] == ["overdue by 5 min", "overdue by 9 min"]


def test_an_estimate_that_lies_before_its_beginning_breaks_nothing() -> None:
    row = replace(running(began=-5, left=-10), progress=None)
    seen = course(row, START)
    assert seen is not None
    assert seen.completion > START


def test_times_are_local_with_their_zone_and_of_another_day_with_the_date() -> None:
    assert local_moment(START, START) == f"{START.astimezone():%H:%M} CET"
    assert local_moment(START - timedelta(days=2), START).startswith("11-20 ")


def test_it_says_how_far_it_is_and_what_it_brought() -> None:
    row = replace(running(), phase="processing", done=1200, total=5000)
    assert how_far(row) == "processing 1,200 of 5,000"
    assert what_changed(replace(row, added=2, gone=1)) == "2 new, 1 gone"
    assert what_changed(row) == "nothing changed"


def test_channels_keep_their_places_while_downloads_begin_and_end() -> None:
    assert list(by_channel([download("b"), running("c"), download("a")])) == ["a", "b", "c"]


def test_the_download_stands_with_every_row_of_its_channel() -> None:
    known = model(
        channels=[channel()],
        actors=[actor(), actor("uk-main/listing_download", channel="uk-main")],
        listing_downloads=[running("uk-main")],
    )
    assert [row.download is not None and row.download.in_progress for row in standings(known)] == [True, True]


def test_a_failed_download_is_said_until_the_channel_is_off() -> None:
    failed = replace(download("uk-main"), outcome="failed", reason="it was cut off", hint="try again")
    (notice,) = attention(model(channels=[channel()], listing_downloads=[failed]), START)
    assert notice.what == "uk-main: the listing download failed: it was cut off"
    assert notice.do == "try again"
    assert attention(model(channels=[channel(enabled=False)], listing_downloads=[failed]), START) == ()


def test_a_stuck_report_is_said_until_another_one_has_come() -> None:
    stuck = report(3, state="stuck")
    (notice,) = attention(model(reports=[stuck]), START)
    assert "report 3 (listings) of uk-main is stuck" in notice.what
    assert attention(model(reports=[stuck, report(4, state="submitted")]), START) != ()
    assert attention(model(reports=[stuck, report(4, state="available")]), START) == ()
    assert attention(model(reports=[stuck]), START + timedelta(days=2)) == ()
