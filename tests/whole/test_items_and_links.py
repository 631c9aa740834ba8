"""Items from files and links by hand, through the command line and a real daemon."""

import csv
import json
from pathlib import Path
from typing import Any

from channel_protocol.listings import ExtractListings, ListingsExtracted
from channeld.sandbox import Market
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import LISTINGS, finished, listed, market_with, row_of

ITEMS = (
    "sku;title;barcodes;components;property:Colour;property:Size\n"
    'SET;A set;;MUG=2,"CUP,BLUE=1";;\n'
    'MUG;"=A mug; with ""quotes""";4006381333931 OWN-1;;blue;\n'
    '"CUP,BLUE";Tasse ß 青;;;;"L\nand more"\n'
    "BAD;;4006381333930;;;\n"
)


async def load(daemon: Daemon, text: str, *more: str) -> list[dict[str, Any]]:
    result = await ctl(daemon, "item", "import", "-", "--json", *more, typed=text)
    assert result.exit_code in (0, 1), result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


async def listed_items(daemon: Daemon) -> list[dict[str, Any]]:
    return json.loads((await ctl(daemon, "item", "list", "--limit", "5000", "--json")).stdout)


def outcomes(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(row["row"], row["outcome"]) for row in rows]


async def test_a_file_that_is_loaded_twice_changes_nothing_nor_does_its_export(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        first = await load(daemon, ITEMS)
        assert outcomes(first) == [(2, "created"), (3, "created"), (4, "created"), (5, "refused")]
        assert "barcodes is no product code" in first[-1]["message"]
        items, audit = await listed_items(daemon), await daemon.audit()
        await daemon.pass_time(minutes=1)
        again = await load(daemon, ITEMS)
        assert outcomes(again) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged"), (5, "refused")]
        for name in ("items.csv", "items.jsonl"):
            assert (await ctl(daemon, "item", "export", str(tmp_path / name))).exit_code == 0
            back = await load(daemon, (tmp_path / name).read_text("utf-8"))
            assert {row["outcome"] for row in back} == {"unchanged"}
        assert await listed_items(daemon) == items
        assert await daemon.audit() == audit
    async with running_daemon(tmp_path, market, clock) as daemon:
        assert await listed_items(daemon) == items
        assert outcomes(await load(daemon, ITEMS)) == outcomes(again)


async def test_thousands_of_rows_are_all_answered(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    text = "sku,title,property:Number\n" + "".join(f"A{n},Item {n},{n}\n" for n in range(1700))
    async with running_daemon(tmp_path, market, clock) as daemon:
        assert [row["outcome"] for row in await load(daemon, text)] == ["created"] * 1700
        assert len(await listed_items(daemon)) == 1700
        shown = (await ctl(daemon, "item", "import", "-", typed=text)).stdout
        assert "1,700 rows: 1,700 unchanged." in shown


async def test_orders_follow_the_links_of_their_skus(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    first = market.place_order()
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        await daemon.pass_time(minutes=6)
        sku = (await daemon.order(first.order_id)).items[0].sku
        assert "unlinked" in (await daemon.orders())[first.order_id].flags
        assert (await ctl(daemon, "item", "add", "OWN", "--title", "My own")).exit_code == 0
        linked = await ctl(daemon, "listing", "link", "uk", sku, "OWN")
        assert "1 line of an open order has followed." in linked.stdout
        assert "unlinked" not in (await daemon.orders())[first.order_id].flags
        assert [line.linked for line in (await daemon.order(first.order_id)).items] == [True]
    second = market.place_order()
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=6)
        assert "unlinked" not in (await daemon.orders())[second.order_id].flags
        text = f"channel,sku,item\nuk,{sku},\nuk,{sku}-other,OWN\n"
        result = await ctl(daemon, "listing", "link", "--from", "-", "--json", typed=text)
        rows = [json.loads(line) for line in result.stdout.splitlines()]
        assert [(row["outcome"], row["orders"]) for row in rows] == [("unlinked", 2), ("refused", 0)]
        flags = [row.flags for row in (await daemon.orders()).values()]
        assert all("unlinked" in each for each in flags)
        refused = await ctl(daemon, "item", "show", "own")
        assert (refused.exit_code, "Did you mean OWN?" in refused.stderr) == (1, True)


async def test_listings_that_came_in_become_items_also_when_the_daemon_dies_between_two_pages(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock, report_seconds=5.0)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600, download_full_listings="on")
        await finished(daemon)
        sku = min(await listed(daemon))
        alone = await ctl(daemon, "listing", "link", "uk", sku, "-")
        assert alone.exit_code == 0, alone.stderr
        request = ExtractListings(command_id=new_id(), channel="uk", limit=25)
        page = await daemon.ask(request, ListingsExtracted)
        assert (page.created, [problem.key for problem in page.skipped]) == (24, [sku])
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=1)
        done = json.loads((await ctl(daemon, "listing", "extract", "uk", "--json")).stdout)
        assert (done["created"], done["linked"]) == (LISTINGS - 25, 0)
        assert [each["sku"] for each in done["skipped"]] == [sku]
        again = json.loads((await ctl(daemon, "listing", "extract", "uk", "--json")).stdout)
        assert (again["created"], again["linked"]) == (0, 0)
        assert {row.item for row in (await listed(daemon, link="linked")).values()} == {
            row["sku"] for row in await listed_items(daemon)
        }
        row = await row_of(daemon)
        assert (row.linked, row.unlinked) == (LISTINGS - 1, 1)
        named = await ctl(daemon, "listing", "extract", "uk", "--sku", sku)
        assert "1 item was made" in named.stdout
        truth = {each.sku: each for each in market.listings.all(country="GB")}
        rows = {item["sku"]: item for item in await listed_items(daemon)}
        assert {each: item["title"] for each, item in rows.items()} == {
            each: shown.title for each, shown in truth.items()
        }
        assert all("product type" in item["properties"] for item in rows.values())
        file = tmp_path / "listings.csv"
        assert (await ctl(daemon, "listing", "export", "uk", str(file))).exit_code == 0
        with file.open(encoding="utf-8", newline="") as stream:
            exported = {line["sku"]: line for line in csv.DictReader(stream)}
        assert {each: line["item"] for each, line in exported.items()} == {each: each for each in truth}
