"""The listings page: how they come in, and a channel's listings, a page at a time, with their links."""

from datetime import timedelta
from typing import TypeVar

import pytest
from msgspec.structs import replace

from channel_protocol.base import Problem, Request
from channel_protocol.errors import RequestRefused
from channel_protocol.listings import (
    DownloadListings,
    DownloadRow,
    LinkAnswer,
    LinkListings,
    LinkWanted,
    ListingList,
    ListingsDownloaded,
    ListingsLinked,
    ListListings,
    ShowListing,
)
from channel_protocol.offers import (
    ListingSetAnswer,
    ListingSettings,
    ListingsPreviewed,
    ListingsSet,
    PreviewListings,
    SetListings,
)
from tests.support.fake_clock import START, FakeClock
from tests.support.monitor_daemon import ScriptedDaemon
from tests.support.monitor_listings import download, listing, listing_shown, running
from tests.support.monitor_rows import account, actor, channel
from tests.support.monitor_screen import SMALL, WIDE, look, monitor

pytestmark = pytest.mark.usefixtures("local_zone")
R = TypeVar("R", bound=Request)
LIKELY = listing(1, suggestion="MUG")
LINKED = listing(2, item="MUG-RED")
EARLY = RequestRefused("asked_recently", "Listings of uk-main were downloaded at 09:00 UTC.", "--again")


def shop(*downloads: DownloadRow, count: int = 2) -> ScriptedDaemon:
    daemon = ScriptedDaemon(
        accounts=[account()],
        channels=[channel()],
        actors=[actor()],
        listing_downloads=downloads or [replace(download(), listings=count)],
    )
    daemon.answers[ListListings] = ListingList(rows=(LIKELY, LINKED), more=False)
    daemon.answers[DownloadListings] = ListingsDownloaded(row=running(), attached=False, complete=False)
    daemon.answers[LinkListings] = ListingsLinked(answers=(LinkAnswer(outcome="linked", orders=2),))
    daemon.answers[ShowListing] = listing_shown(LIKELY)
    return daemon


def asked(daemon: ScriptedDaemon, kind: type[R]) -> list[R]:
    return [request for request in daemon.requests if isinstance(request, kind)]


@pytest.mark.parametrize("size", [SMALL, WIDE])
def test_a_download_is_shown_with_its_box_progress_and_local_times(size: tuple[int, int]) -> None:
    row = replace(running(), last_completion=START - timedelta(days=1), phase="processing")
    seen = look(shop(row, download("de-main")), size, "9")
    line = seen.line(" uk-main")
    for words in (
        "☑",
        "━━──────",
        "25 %",
        "processing",
        f"{START.astimezone() + timedelta(minutes=15):%H:%M CET}",
    ):
        assert words in line
    assert f"{START.astimezone() - timedelta(days=1):%m-%d %H:%M CET}" in line
    assert "☐" in seen.line(" de-main")


async def test_the_estimate_is_carried_on_without_the_daemon_and_says_when_it_is_overdue(
    clock: FakeClock,
) -> None:
    async with monitor(shop(running()), clock, WIDE) as screen:
        await screen.press("9")
        assert "25 %" in screen.line(" uk-main")
        await screen.passes(5 * 60)
        assert "50 %" in screen.line(" uk-main")
        await screen.passes(13 * 60)
        assert "overdue by 3 min" in screen.line(" uk-main")


async def test_d_downloads_also_from_the_overview_and_says_when_it_will_be_done(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("d")
        assert "Listings of uk-main are being downloaded: waiting, expected at" in screen.toast
        await screen.steps("9", "d")
    assert [each.channel for each in asked(daemon, DownloadListings)] == ["uk-main", "uk-main"]


async def test_shortly_after_a_success_it_asks_first(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[DownloadListings] = EARLY
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("d")
        assert EARLY.message in screen.prose
        await screen.press("escape")
        assert [each.again for each in asked(daemon, DownloadListings)] == [False]
        await screen.steps("d", "enter")
    assert [each.again for each in asked(daemon, DownloadListings)] == [False, False, True]


async def test_another_refusal_is_shown_with_its_hint(clock: FakeClock) -> None:
    daemon = shop()
    daemon.answers[DownloadListings] = RequestRefused(
        "channel_disabled", "It is switched off.", "Switch it on."
    )
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.press("d")
        assert "It is switched off. Switch it on." in screen.toast


async def test_the_overview_shows_the_progress_with_the_channel(clock: FakeClock) -> None:
    row = replace(running(), phase="processing", done=300, total=1200)
    daemon = shop(row)
    daemon.publish("actors", actor("uk-main/listing_download", channel="uk-main", state="running"))
    async with monitor(daemon, clock, SMALL) as screen:
        assert "25 %  process" in screen.line("listing download")


async def test_only_what_is_looked_at_is_asked_for_page_by_page(clock: FakeClock) -> None:
    daemon = shop(count=500_000)

    def answer(request: ListListings) -> ListingList:
        start = int(request.after.rpartition("-")[2] or -1) + 1
        return ListingList(rows=tuple(listing(n) for n in range(start, start + request.limit)), more=True)

    daemon.answers[ListListings] = answer
    async with monitor(daemon, clock) as screen:
        assert asked(daemon, ListListings) == [], "not before the page is opened"
        await screen.steps("9", "enter")
        assert "100 here; more below" in screen.text
        assert len(asked(daemon, ListListings)) == 1
        await screen.steps("end")
        await screen.shown()
        assert "200 here; more below" in screen.text
        assert [each.after for each in asked(daemon, ListListings)] == ["", "uk-main/MUG-0099"]


async def test_what_is_typed_is_looked_for_by_the_daemon(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.steps("9", "slash")
        await screen.type("blue link:sug")
        last = asked(daemon, ListListings)[-1]
        assert (last.channel, last.find, last.link) == ("uk-main", "blue", "suggested")
        await screen.steps("escape", "f")
        last = asked(daemon, ListListings)[-1]
        assert (last.find, last.link) == ("", "unlinked")
        assert "not linked" in screen.line("Listings of uk-main")


async def test_l_links_with_the_suggestion_filled_in_and_reads_the_list_again(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "enter", "l")
        assert "Which item is MUG-0001 of uk-main?" in screen.text
        before = len(asked(daemon, ListListings))
        await screen.press("enter")
        (wish,) = asked(daemon, LinkListings)
        assert wish.rows == (LinkWanted(channel="uk-main", sku="MUG-0001", item="MUG"),)
        assert "MUG-0001 is item MUG. 2 lines of open orders followed." in screen.toast
        assert len(asked(daemon, ListListings)) > before


async def test_an_item_that_does_not_exist_comes_back_into_the_form(clock: FakeClock) -> None:
    daemon = shop()
    wrong = Problem(key="item", message="is no item", nearest="MUG-X")
    daemon.answers[LinkListings] = ListingsLinked(answers=(LinkAnswer(outcome="refused", problems=(wrong,)),))
    async with monitor(daemon, clock) as screen:
        await screen.steps("9", "enter", "l", "enter")
        await screen.shown()
        assert "item is no item (did you mean MUG-X?)" in screen.prose
        assert "Which item is MUG-0001" in screen.text


async def test_an_emptied_field_never_unlinks(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.steps("9", "enter", "l", "ctrl+u", "enter")
        assert asked(daemon, LinkListings) == []


async def test_u_unlinks_after_a_question_and_only_what_is_linked(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "u")
        assert "No listing is chosen" in screen.toast
        await screen.steps("enter", "u")
        assert "It is linked to no item." in screen.toast
        await screen.steps("down", "u", "escape")
        assert asked(daemon, LinkListings) == []
        await screen.steps("u", "enter")
    (wish,) = asked(daemon, LinkListings)
    assert wish.rows == (LinkWanted(channel="uk-main", sku="MUG-0002", item=""),)


async def test_enter_opens_what_amazon_shows_with_issues_and_suggestions(clock: FakeClock) -> None:
    async with monitor(shop(), clock, WIDE) as screen:
        await screen.steps("9", "enter", "enter")
        await screen.shown()
        for words in (
            "ERROR 90220",
            "DRINKING_CUP",
            "barcode",
            "Listing seen for the first time",
            "may be MUG",
        ):
            assert words in screen.text
        await screen.press("escape")
        assert "Listings of uk-main" in screen.text


async def test_when_a_download_ends_the_list_is_read_again(clock: FakeClock) -> None:
    daemon = shop(running())
    async with monitor(daemon, clock) as screen:
        await screen.press("9")
        before = len(asked(daemon, ListListings))
        daemon.publish("listing_downloads", replace(download(started_at=START), version=9, outcome="done"))
        await screen.shown()
        assert len(asked(daemon, ListListings)) > before
        assert "☐" in screen.line(" uk-main")


async def test_without_a_daemon_the_page_stays_and_asks_nothing(clock: FakeClock) -> None:
    daemon = shop()
    async with monitor(daemon, clock) as screen:
        await screen.press("9")
        daemon.stop()
        await screen.shown()
        before = len(daemon.requests)
        await screen.press("f")
        assert len(daemon.requests) == before
        assert "channeld is not running." in screen.text


def test_without_a_channel_it_says_what_to_do() -> None:
    assert "channelctl channel add" in look(ScriptedDaemon(), SMALL, "9").text


def test_fifty_channels_are_scrolled_above_the_listings() -> None:
    rows = [download(f"shop-{n:02}") for n in range(50)]
    seen = look(shop(*rows), SMALL, "9", "end")
    assert "Listings of shop-49" in seen.text
    assert seen.line(" shop-49")


# --- a listing's own limits --------------------------------------------------------------------------


def limited(*consequences: str, changed: int = 1) -> ScriptedDaemon:
    daemon = shop()
    daemon.answers[ShowListing] = replace(listing_shown(LINKED), settings={"max_listed": "25"})
    daemon.answers[PreviewListings] = ListingsPreviewed(changed=changed, consequences=consequences)
    answer = ListingSetAnswer(sku="MUG-0002", outcome="changed")
    daemon.answers[SetListings] = ListingsSet(answers=(answer,))
    return daemon


async def test_a_listing_s_own_limits_are_shown_and_set_after_their_consequences(clock: FakeClock) -> None:
    daemon = limited("MUG-0002 would go from 9 to 5.")
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "enter", "down", "enter")
        await screen.shown()
        assert "25" in screen.line("Max Listed")
        await screen.press("m")
        await screen.type("2")
        await screen.press("ctrl+s")
        wish = (ListingSettings(sku="MUG-0002", values={"end_when": "2"}),)
        assert [each.listings for each in asked(daemon, PreviewListings)] == [wish], "only what was typed"
        assert "MUG-0002 would go from 9 to 5." in screen.text
        await screen.press("escape")
        assert asked(daemon, SetListings) == []
        await screen.press("m")
        await screen.type("2")
        await screen.steps("ctrl+s", "enter")
        (change,) = asked(daemon, SetListings)
        assert (change.channel, change.listings) == ("uk-main", wish)
        assert "MUG-0002 is changed." in screen.toast


async def test_limits_that_are_so_already_are_no_change(clock: FakeClock) -> None:
    daemon = limited(changed=0)
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "enter", "down", "enter", "m", "ctrl+s")
        assert "It is so already: nothing was changed." in screen.toast
        assert asked(daemon, SetListings) == []


async def test_a_limit_that_cannot_be_stays_in_the_form_with_what_it_must_be(clock: FakeClock) -> None:
    daemon = limited()
    problem = Problem(key="end_when", message="must be a whole number of at least 0")
    daemon.answers[PreviewListings] = RequestRefused("invalid", "It cannot be so.", "Correct it.", [problem])
    async with monitor(daemon, clock, WIDE) as screen:
        await screen.steps("9", "enter", "down", "enter", "m")
        await screen.type("x")
        await screen.press("ctrl+s")
        assert "must be a whole number of at least 0" in screen.text
