"""A feed of stock as people see it, and that it is watched to its end whatever is switched off meanwhile."""

from pathlib import Path

import msgspec

from channel_protocol.feeds import AbandonFeed, FeedAbandoned, FeedList, FeedShown, ListFeeds, ShowFeed
from channeld.sandbox import Market, SandboxOptions
from channeld.store import feeds, stock_messages
from channeld.store.feeds import FeedRecord
from channeld.store.unit import Unit
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.fake_clock import FakeClock

SKUS = ("MUG-BLUE", "MUG-RED")


async def add_feed(daemon: Daemon, **facts: object) -> None:
    """One that Amazon has."""
    now = daemon.clock.now()

    def write(unit: Unit) -> None:
        feed = FeedRecord(account_id=1, feed_type="JSON_LISTINGS_FEED", created_at=now, submitted_at=now)
        stored = feeds.add(unit, feed, ())
        stock_messages.add(unit, stored.id, SKUS)
        known = {"state": "submitted", "feed_id": "F1", "messages": len(SKUS), "look_at": now}
        feeds.save(unit, msgspec.structs.replace(stored, **(known | facts)))
        unit.changed("settings", ("account", 1))

    await daemon.parts.store.write(write)


async def test_its_messages_name_skus_until_it_has_ended(tmp_path: Path, clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        await add_feed(daemon)
        (row,) = (await daemon.ask(ListFeeds(), FeedList)).rows
        assert (row.feed_type, row.state, row.messages) == ("JSON_LISTINGS_FEED", "submitted", 2)
        shown = await daemon.ask(ShowFeed(feed="F1"), FeedShown)
        assert [(each.message_id, each.sku, each.order_id) for each in shown.results] == [
            (1, "MUG-BLUE", ""),
            (2, "MUG-RED", ""),
        ]


async def test_giving_it_up_says_what_becomes_of_its_skus(tmp_path: Path, clock: FakeClock) -> None:
    market = Market(clock, SandboxOptions())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.add_account()
        await add_feed(daemon, stuck_since=clock.now())
        told = await daemon.ask(AbandonFeed(command_id=new_id(), feed="1"), FeedAbandoned)
        assert (told.done, told.in_doubt) == (False, 2)
        assert "the present quantity of each SKU" in told.message
        done = await daemon.ask(AbandonFeed(command_id=new_id(), feed="1", confirmed=True), FeedAbandoned)
        assert (done.done, done.row.state) == (True, "abandoned")


async def test_it_is_watched_to_its_end_though_no_channel_sends_stock_any_more(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = Market(clock, SandboxOptions())
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await add_feed(daemon)
        await daemon.pass_time(seconds=30)
        assert (await daemon.actor("eu/stock_feed")).concern == "stock_feed"
        shown = await daemon.ask(ShowFeed(feed="1"), FeedShown)
        assert (shown.row.state, shown.results) == ("lost", ()), "Amazon knows no such feed"
