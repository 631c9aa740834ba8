"""What people are told of stock at Amazon: before a change, what then happens, why, and what to do."""

from pathlib import Path
from typing import Any

import pytest

from channelctl import asking, changing
from channelctl.commands import listing_set
from channeld.sandbox import Line
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import market_with
from tests.support.offering_daemon import Shop, open_shop

SENDING = {"update_inventory": "on", "inventory_locations": "Default"}


async def values(shop: Shop) -> dict[str, tuple[int | None, str]]:
    return {sku: (row["quantity"], row["handling"]) for sku, row in (await shop.offers()).items()}


async def a_sku(shop: Shop) -> str:
    """One that Amazon has taken and shows."""
    rows = (await shop.offers()).items()
    return next(sku for sku, row in rows if row["standing"] == "confirmed")


async def test_what_was_previewed_is_what_then_happens(tmp_path: Path, clock: FakeClock) -> None:
    market = market_with(clock, 40)
    async with open_shop(tmp_path, market, clock) as shop:
        few, many, none = shop.skus[:5], shop.skus[5:-3], shop.skus[-3:]
        for skus, units in ((few, 4), (many, 50)):
            lines = "".join(f"{sku},Default,{units}\n" for sku in skus)
            await shop.loaded("stock", "import", typed=f"sku,location,units\n{lines}")
        seen = await shop.previewed(**SENDING, max_listed="30")
        assert f"Amazon is told of {len(few) + len(many)} listings that it is not told of now." in seen
        assert f"of {len(none)} nobody has counted the item at these locations" in seen
        assert await shop.offers() == {}, "nothing was changed"
        changes = [f"{key}={text}" for key, text in SENDING.items()]
        await shop.said("channel", "set", "uk", *changes, "max_listed=30")
        await shop.daemon.pass_time(minutes=1)
        before = await values(shop)
        told = {sku: quantity for sku, (quantity, _) in before.items() if quantity is not None}
        assert told == dict.fromkeys(few, 4) | dict.fromkeys(many, 30)

        seen = await shop.previewed(end_when="4", max_listed="")
        expected = (
            f"{len(few)} listings would go to 0, {len(many)} would change (0 lower, {len(many)} higher)."
        )
        assert f"warning: {expected}" in seen
        assert await values(shop) == before
        await shop.said("channel", "set", "uk", "end_when=4", "max_listed=")
        await shop.daemon.pass_time(minutes=1)
        after = {sku: quantity for sku, (quantity, _) in (await values(shop)).items() if quantity is not None}
        assert after == dict.fromkeys(few, 0) | dict.fromkeys(many, 50)

        seen = await shop.previewed(default_latency="3")
        assert f"{len(told)} listings get 3 days of handling time now." in seen
        await shop.said("channel", "set", "uk", "default_latency=3")
        await shop.daemon.pass_time(minutes=1)
        assert [each for each in await values(shop) if (await values(shop))[each][1] == "3 days"] == list(
            told
        )

        seen = await shop.previewed(update_inventory="off")
        assert f"{len(told)} listings would not be sent any more: Amazon keeps what it was told last." in seen
        await shop.said("channel", "set", "uk", "update_inventory=off")
        await shop.daemon.pass_time(minutes=1)
        assert {quantity for quantity, _ in (await values(shop)).values()} == {None}


async def test_locations_are_mapped_and_a_channel_without_one_is_warned_of(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with open_shop(tmp_path, market_with(clock, 20), clock) as shop:
        await shop.said("location", "add", "Attic, left")
        await shop.count(Default=5)
        warned = await shop.said("channel", "set", "uk", "update_inventory=on")
        assert "warning: No inventory location is chosen: this channel sends nothing." in warned
        status = (await shop.daemon.status()).stock
        assert [(row.channel, "location map uk" in row.warning) for row in status] == [("uk", True)]
        assert "uk: Update inventory is on, but no inventory location" in await shop.said("status")
        assert "Name the locations" in (await ctl(shop.daemon, "location", "map", "uk")).output
        unknown = await shop.said("location", "map", "uk", "Default", "Atic", fails=True)
        assert "inventory_locations" in unknown and "Atic: no location of your own" in unknown
        seen = await shop.said("location", "map", "uk", "Default", "Attic, left", "--dry-run")
        assert f"Amazon is told of {len(shop.skus)} listings" in seen
        await shop.said("location", "map", "uk", "Default", "Attic, left")
        rows = {row["location"]: row["offered_by"] for row in await shop.asked("location", "list")}
        assert rows == {"Default": "uk", "Attic, left": "uk"}
        assert 'inventory_locations = "\\"Attic, left\\",Default"' in await shop.said("channel", "export")
        await shop.daemon.pass_time(minutes=5)
        (row,) = (await shop.daemon.status()).stock
        assert row.inventory_sync_date is not None and not row.warning
        assert (await shop.daemon.channel()).inventory_sync_date == row.inventory_sync_date
        await shop.said("location", "map", "uk", "--none")
        assert (await shop.daemon.settings())["inventory_locations"] == ""
        await shop.daemon.pass_time(minutes=1)
        assert {row["withheld"] for row in (await shop.offers()).values()} >= {
            "no inventory location is chosen"
        }


async def test_on_a_terminal_it_is_asked_before_anything_is_changed(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_shop(tmp_path, market_with(clock, 20), clock, **SENDING) as shop:
        await shop.count(Default=5)
        await shop.daemon.pass_time(minutes=1)
        for module in (asking, changing, listing_set):
            monkeypatch.setattr(module, "interactive", lambda: True)
        for words, changed in (
            (("channel", "set", "uk", "end_when=5"), "end_when"),
            (("location", "map", "uk", "--none"), "inventory_locations"),
            (("listing", "set", "uk", shop.skus[0], "max_listed=2"), "changed"),
        ):
            refused = await shop.said(*words, typed="n\n", fails=True)
            assert "Save it? [y/N]" in refused and "Nothing was changed." in refused
            assert "listing" in refused.partition("Save it?")[0], "what it does was said"
            assert changed in await shop.said(*words, typed="y\n")
            assert "it is so already" in await shop.said(*words)


async def test_each_sku_is_explained_from_the_shelf_to_what_amazon_shows(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, 40)
    async with open_shop(tmp_path, market, clock, **SENDING, end_when="2", stock_percentage="50") as shop:
        await shop.count(Default=15)
        await shop.daemon.pass_time(minutes=30)
        sku = await a_sku(shop)
        order = market.place_order(lines=(Line(sku=sku, quantity=3),))
        await shop.daemon.pass_time(hours=2)
        await shop.said("listing", "set", "uk", sku, "max_listed=4")
        await shop.daemon.pass_time(minutes=40)
        (found,) = await shop.asked("stock", "explain", sku)
        (channel,) = found["channels"]
        assert channel["sentence"] == ("A=12 (15−3), End When 2 passed, 50 % → 6, cap 4 of the listing → 4")
        assert channel["cut_by"] == ["Stock Percentage", "Max Listed"]
        assert [(each["location"], each["physical"], each["reserved"]) for each in channel["locations"]] == [
            ("Default", 15, 3)
        ]
        assert [(each["order_id"], each["units"]) for each in found["orders"]] == [(order.order_id, 3)]
        row = found["row"]
        assert (row["quantity"], row["sent_quantity"], row["shown_quantity"]) == (4, 4, 4)
        assert (row["standing"], row["sent_route"], found["waits_for"]) == ("confirmed", "patch", "")
        assert [(each["event"], each["quantity"]) for each in found["events"]][:2] == [
            ("shown", 4), ("accepted", 4),
        ]  # fmt: skip
        said = await shop.said("stock", "explain", sku)
        for text in (order.order_id, "End When 2 passed", "15 at Default, 3 reserved", "confirmed"):
            assert text in said
        unlinked = await _by_amazon(shop)
        (alone,) = await shop.asked("stock", "explain", unlinked)
        assert alone["row"]["withheld"] == "the listing is not linked to an item"
        nowhere = await shop.said("stock", "explain", "NOSUCH", fails=True)
        assert "NOSUCH" in nowhere and "There is no listing of that SKU" in nowhere


async def test_a_push_tells_amazon_once_more_and_is_written_down_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, 20)
    async with open_shop(tmp_path, market, clock, **SENDING) as shop:
        await shop.count(Default=5)
        await shop.daemon.pass_time(minutes=30)
        sku = await a_sku(shop)
        seller = next(iter(market.accounts))

        def times() -> int:
            return len(market.truth.told[seller, sku])

        assert times() == 1
        assert "1 SKU is sent once more." in await shop.said("stock", "push", sku)
        await shop.daemon.pass_time(minutes=1)
        assert times() == 2
        assert "--yes" in (await ctl(shop.daemon, "stock", "push", "--channel", "uk")).output
        count = (await shop.asked("stock", "push", "--channel", "uk", "--yes"))["queued"]
        assert count == len(shop.skus)
        await shop.daemon.pass_time(minutes=1)
        assert times() == 3
        pushed = [row.text for row in await shop.daemon.audit() if row.code == "stock.pushed"]
        assert pushed == [
            f"1 SKU sent once more: {sku}",
            f"Everything of channel uk is sent once more: {count} SKUs",
        ]
        (found,) = await shop.asked("stock", "explain", sku)
        assert [each["event"] for each in found["events"]].count("forced") == 2
        for words in ((), (sku, "--channel", "uk")):
            wrong = await ctl(shop.daemon, "stock", "push", *words)
            assert (wrong.exit_code, "Name SKUs, or --channel." in wrong.output) == (2, True)
        assert "is not known" in await shop.said("stock", "push", sku, "NOSUCH", fails=True)
        await shop.daemon.pass_time(minutes=1)
        assert times() == 3, "of a request with a word that is wrong nothing is done"


async def test_offers_are_found_by_how_they_stand(tmp_path: Path, clock: FakeClock) -> None:
    async with open_shop(tmp_path, market_with(clock, 20), clock, **SENDING) as shop:
        await shop.count(Default=5)
        await shop.daemon.pass_time(minutes=30)
        everything = await shop.offers()
        sku = await a_sku(shop)
        refused = {name for name, row in everything.items() if row["reason"]}
        assert set(await shop.offers("--refused")) == set(await shop.offers("--dirty")) == refused
        assert set(await shop.offers("--unconfirmed", "--channel", "uk")) == set()
        assert "No SKU is so." in await shop.said("stock", "offers", "--closed")
        assert set(await shop.offers("--sku", sku.lower())) == {
            each for each in everything if each.lower().startswith(sku.lower())
        }
        assert set(await shop.offers("--item", sku, "--account", "eu")) == {sku}
        unlinked = {name for name, row in everything.items() if not row["item"]}
        assert set(await shop.offers("--withheld")) == unlinked
        await shop.said("channel", "set", "uk", "dry_run=on")
        await shop.daemon.pass_time(minutes=1)
        dry = await shop.offers("--dry-run")
        assert {(row["quantity"], row["would"]) for row in dry.values()} == {(None, 5)}
        assert set(dry) == set(shop.skus)
        assert "in dry run; else 5: A=5" in await shop.said("stock", "explain", sku)
        assert "Dry run is on: so it would be" in await shop.previewed(end_when="5")
        rows = [row["sku"] for row in await shop.asked("stock", "offers", "--limit", "7")]
        assert rows == sorted(everything)[:7]
        for option, name in (("--account", "account"), ("--channel", "channel"), ("--item", "sku")):
            assert name in await shop.said("stock", "offers", option, "nosuch", fails=True)


async def test_what_amazon_shows_is_the_newest_that_is_known_and_says_when_it_is_from_before(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with open_shop(tmp_path, market_with(clock, 20), clock, **SENDING) as shop:
        await shop.daemon.pass_time(minutes=5)
        await shop.count(Default=5)
        await shop.daemon.pass_time(minutes=1)
        of_report = {sku: row for sku, row in (await shop.offers()).items() if row["sent_at"]}
        assert {row["shown_by"] for row in of_report.values()} == {"report"}
        assert all(row["shown_at"] < row["sent_at"] for row in of_report.values())
        sku = next(iter(of_report))
        shows = f"{of_report[sku]['shown_quantity']} in the report of"
        said = await shop.said("stock", "explain", sku)
        assert shows in said and ", before the last message" in said
        assert "(before)" in await shop.said("stock", "offers", "--sku", sku)

        await shop.daemon.pass_time(minutes=30)
        sku = await a_sku(shop)
        read_at = (await shop.offers())[sku]["shown_at"]
        await shop.said("channel", "set", "uk", "update_inventory=off")
        await shop.daemon.pass_time(minutes=1)
        await shop.said("channel", "set", "uk", "update_inventory=on", "max_listed=4")
        await shop.daemon.pass_time(minutes=1)
        row = (await shop.offers())[sku]
        assert (row["shown_quantity"], row["shown_by"], row["shown_at"]) == (5, "read", read_at)
        assert row["sent_quantity"] == 4 and row["sent_at"] > read_at

        await shop.daemon.pass_time(minutes=30)
        row = (await shop.offers())[sku]
        assert (row["shown_quantity"], row["shown_by"]) == (4, "read") and row["shown_at"] > row["sent_at"]


async def test_limits_of_a_listing_override_the_channels_and_are_written_down(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, 40)
    async with open_shop(tmp_path, market, clock, **SENDING, end_when="10") as shop:
        await shop.count(Default=9)
        await shop.daemon.pass_time(minutes=30)
        sku = await a_sku(shop)
        seen = await shop.said("listing", "set", "uk", sku, "end_when=0", "--dry-run")
        assert "1 listing would change (0 lower, 1 higher)." in seen
        assert (await shop.offers())[sku]["quantity"] == 0
        await shop.said("listing", "set", "uk", sku, "end_when=0", "stock_percentage=50")
        await shop.daemon.pass_time(minutes=1)
        assert (await shop.offers())[sku]["quantity"] == 4
        shown = await shop.said("listing", "show", "uk", sku)
        assert "end_when=0, stock_percentage=50" in shown
        entries = [row.text for row in await shop.daemon.audit() if row.code == "listing.changed"]
        assert entries == [
            f"Listing {sku}: end_when: not set → 0",
            f"Listing {sku}: stock_percentage: not set → 50",
        ]
        await shop.said("listing", "set", "uk", sku, "ignore_sync=on")
        await shop.daemon.pass_time(minutes=1)
        assert (await shop.offers())[sku]["withheld"] == "Ignore Sync is on for the listing"
        wrong = await shop.said("listing", "set", "uk", sku, "end_when=-1", "max_liste=2", fails=True)
        assert "end_when" in wrong and "did you mean max_listed" in wrong.lower()
        by_amazon = await _by_amazon(shop)
        said = await shop.said("listing", "set", "uk", by_amazon, "ignore_sync=off", fails=True)
        assert "ignore_sync" in said and "stays on" in said


async def test_a_file_of_ten_thousand_limits_is_answered_row_by_row(tmp_path: Path, clock: FakeClock) -> None:
    async with open_shop(tmp_path, market_with(clock, 40), clock, **SENDING) as shop:
        some = shop.skus[:20]
        good = "".join(f"{sku},0,50,3,False\n" for sku in some)
        bad = "".join(f"NONE-{number},-1,0,0,\n" for number in range(9_980))
        text = f"sku,end_when,stock_percentage,max_listed,ignore_sync\n{good}{bad}"
        for outcome in ("changed", "unchanged"):
            rows = await shop.loaded("listing", "import", "uk", typed=text)
            assert [row["row"] for row in rows] == list(range(2, 10_002))
            assert [row["outcome"] for row in rows] == [outcome] * 20 + ["refused"] * 9_980
        assert rows[-1]["message"] == (
            "sku is no listing of the channel; end_when must be a whole number of at least 0"
        )
        shown: dict[str, Any] = await shop.asked("listing", "show", "uk", some[0])
        assert shown["settings"] == {"stock_percentage": "50", "max_listed": "3", "ignore_sync": "off"}


async def _by_amazon(shop: Shop) -> str:
    rows = await shop.asked("listing", "list", "uk")
    return next(row["sku"] for row in rows if row["fulfilled_by"] == "AMAZON")
