"""Channels and orders as files, by the command line at a real socket."""

import csv
import json
import stat
from pathlib import Path

from msgspec.structs import replace

from channel_protocol.mappings import SetMapping
from channeld.sandbox import Line, Market
from channeld.store import orders
from channeld.store.unit import Unit
from tests.support.daemon import new_id, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.store_samples import add_channel, open_store, order

THOUSANDS = 2000
BUYER = {
    "name": "Canaria Vogel",
    "email": "canary-4711@marketplace.amazon.co.uk",
    "phone": "+44 7700 900471",
    "line1": "17 Canary Wharf Lane",
    "postal_code": "CN4 7RY",
    "company": "Canary Fittings Ltd",
    "po_number": "CANARY-PO-4711",
}
GIFT = "Happy birthday, dear canary"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_channels_go_out_and_come_back_as_they_were(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(tax_rate="20", fba_enabled="on")
        await daemon.add_channel("de", "DE", enable=False, vcs_enabled="on")
        await daemon.client.request(
            SetMapping(command_id=new_id(), kind="payment", channel="uk", tag="cod", target="Cash = king")
        )
        service = "mapping", "despatch", "set", "uk", "Post", "Royal Mail / Tracked 24"
        assert (await ctl(daemon, *service)).exit_code == 0
        first = (await ctl(daemon, "channel", "export")).stdout
        assert 'POST = "Royal Mail / Tracked 24"' in first
        told = len(await daemon.audit())
        again = await ctl(daemon, "channel", "apply", "-", typed=first)
        assert (again.exit_code, again.stdout) == (0, "Nothing to change: it is so already.\n")
        assert len(await daemon.audit()) == told
        changed = first.replace('tax_rate = "20"', "tax_rate = 7").replace('COD = "Cash = king"', "")
        assert (await ctl(daemon, "channel", "apply", "-", "--dry-run", typed=changed)).exit_code == 0
        assert (await ctl(daemon, "channel", "export")).stdout == first
        done = await ctl(daemon, "channel", "apply", "-", "--yes", typed=changed)
        assert "tax_rate: 20 → 7" in done.stdout
        assert "payment.COD: Cash = king, no longer mapped" in done.stdout
        assert (await ctl(daemon, "channel", "export")).stdout != first
        for name in ("uk", "de"):
            await ctl(daemon, "channel", "remove", name, "--yes")
        assert (await ctl(daemon, "channel", "apply", "-", "--yes", typed=first)).exit_code == 0
        assert (await ctl(daemon, "channel", "export")).stdout == first


async def test_a_file_with_problems_changes_nothing(tmp_path: Path, clock: FakeClock, market: Market) -> None:
    bad = """
    locations = ["Hall 2"]
    [channels.uk]
    tax_rate = 120
    fba_enable = true
    [channels.fr]
    account = "eu"
    marketplace = "FR"
    """
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        before, told = (await ctl(daemon, "channel", "export")).stdout, len(await daemon.audit())
        result = await ctl(daemon, "channel", "apply", "-", "--yes", "--json", typed=bad)
        assert result.exit_code == 1
        problems = {problem["key"] for problem in json.loads(result.stderr)["problems"]}
        assert problems == {"uk.tax_rate", "uk.fba_enable"}
        assert (await ctl(daemon, "channel", "export")).stdout == before
        assert len(await daemon.audit()) == told


async def test_thousands_of_orders_are_in_the_file_once_each(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    def fill(unit: Unit) -> None:
        uk = add_channel(unit).id
        orders.save_page(unit, [order(uk, number, minutes=number % 7) for number in range(THOUSANDS)])

    async with open_store(tmp_path, clock) as store:
        await store.write(fill)
    csv_file, json_file = tmp_path / "orders.csv", tmp_path / "orders.jsonl"
    async with running_daemon(tmp_path, market, clock) as daemon:
        assert (await ctl(daemon, "order", "export", "--output", str(csv_file))).exit_code == 0
        await ctl(daemon, "order", "export", "--format", "jsonl", "--output", str(json_file))
        none = await ctl(daemon, "order", "export", "--state", "shipped")
    rows = table(csv_file)
    assert len({(row["order_id"], row["order_item_id"]) for row in rows}) == len(rows) == 2 * THOUSANDS
    documents = [json.loads(line) for line in text_of(json_file).splitlines()]
    assert len({document["order_id"] for document in documents}) == len(documents) == THOUSANDS
    assert {row["line_gross"] for row in rows} == {item["gross"] for item in documents[0]["items"]}
    assert len(none.stdout.splitlines()) == 1, "the heading alone"


async def test_no_buyer_is_in_an_export_unless_it_is_asked_for(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    plain, whole = tmp_path / "plain", tmp_path / "whole"
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop()
        placed = [market.place_order(lines=[Line(sku="MUG", gift_message=GIFT, gift=True)]) for _ in "123"]
        for each in placed:
            market.record(replace(each, buyer=replace(each.buyer, **BUYER)), delay=0)
        await daemon.pass_time(minutes=12)
        assert len(await daemon.orders()) == 3
        canaries = {*BUYER.values(), GIFT}
        for form in ("csv", "jsonl"):
            words = "order", "export", "--format", form, "--output"
            await ctl(daemon, *words, str(plain))
            assert not [canary for canary in canaries if canary in text_of(plain)]
            told = len(await daemon.audit())
            await ctl(daemon, *words, str(whole), "--with-personal-data")
            assert not [canary for canary in canaries if canary not in text_of(whole)]
            assert placed[0].buyer.city in text_of(whole), "without a town it is no address"
            assert mode_of(whole) == 0o600
            (entry,) = (await daemon.audit())[told:]
            assert (entry.code, entry.text) == ("order.exported", "Personal data of 3 orders exported")
        on_disk = (tmp_path / "channeld.db").read_bytes() + (tmp_path / "channeld.db-wal").read_bytes()
        assert not [canary for canary in canaries if canary.encode() in on_disk]
