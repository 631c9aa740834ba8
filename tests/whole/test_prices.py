"""Prices through the command line, a real daemon and a simulated Amazon: saved, held, sent, confirmed."""

import json
from pathlib import Path
from typing import Any

from channeld.sandbox import Market
from tests.support.daemon import Daemon, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import download, market_with
from tests.support.sandbox_client import connected
from tests.support.sandbox_listings import amounts, item, offer, patch, replace

SELLER, MUG = "A1SANDBOXEU", "MUG-BLUE"


async def asked(daemon: Daemon, *words: str, typed: str = "", code: int = 0) -> Any:
    result = await ctl(daemon, *words, "--json", typed=typed)
    assert result.exit_code == code, result.stderr
    return json.loads(result.stdout)


async def load(daemon: Daemon, text: str) -> list[dict[str, Any]]:
    result = await ctl(daemon, "price", "import", "uk", "-", "--json", typed=text)
    assert result.exit_code in (0, 1), result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


async def shown(daemon: Daemon, sku: str = MUG) -> dict[str, Any]:
    return await asked(daemon, "price", "show", "uk", sku)


def market_of(clock: FakeClock, listings: int = 60) -> Market:
    market = market_with(clock, listings)
    market.listings.change(MUG, price=1000)
    return market


async def test_a_price_is_saved_sent_and_confirmed_while_everything_around_it_stays(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_of(clock)
    sale = amounts(7.5, start_at="2026-11-27T00:00:00Z", end_at="2026-12-01T00:00:00Z")
    both = [offer(10.0, discounted_price=sale), offer(8.01, "B2B")]
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600, price_change="on")
        await download(daemon)
        async with connected(market) as client:
            await patch(client, MUG, replace("purchasable_offer", *both))
            await daemon.pass_time(minutes=1)
            done = await ctl(daemon, "price", "set", "uk", MUG, "12.50")
            assert "MUG-BLUE: 10.00 GBP → 12.50 GBP, pending." in done.stdout, done.stderr
            assert (await shown(daemon))["state"] == "Pending"
            await daemon.pass_time(minutes=4)
            offers = (await item(client, MUG))["attributes"]["purchasable_offer"]
        found = await shown(daemon)
        assert (found["state"], found["confirmed"], found["listed"]) == ("Success", 1250, 1250)
        assert offers == [both[0] | {"our_price": amounts(12.5)}, both[1]]
        assert market.listings.get(MUG).price == 1250
        said = (await ctl(daemon, "price", "show", "uk", MUG)).stdout
        assert all(word in said for word in ("12.50 GBP", "Success", "accepted", "confirmed"))
        assert (await daemon.actor("uk/price")).state == "waiting"


async def test_what_is_held_goes_out_when_it_is_approved(tmp_path: Path, clock: FakeClock) -> None:
    market = market_of(clock)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600, price_change="on")
        await download(daemon)
        held = await ctl(daemon, "price", "set", "uk", MUG, "30")
        assert "held (it changes by more than 50 %)" in held.stdout and "price approve" in held.stdout
        assert [line for line in (await daemon.status()).attention if "to be approved" in line]
        listed = (await ctl(daemon, "price", "list", "uk", "--only", "held")).stdout
        assert "it changes by more than 50 %" in listed
        assert (await asked(daemon, "price", "approve", "uk", f"{MUG}=31", code=1))[0]["outcome"] == "nothing"
        assert (await asked(daemon, "price", "approve", "uk", f"{MUG}=30"))[0]["outcome"] == "pending"
        assert (await ctl(daemon, "price", "approve", "uk", MUG)).exit_code == 2
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.pass_time(minutes=4)
        assert (await shown(daemon))["state"] == "Success"
        assert market.listings.get(MUG).price == 3000
        held = await asked(daemon, "price", "set", "uk", MUG, "1", "--min", "5", "--currency", "gbp")
        assert (held["outcome"], held["note"].count(";")) == ("held", 1)
        assert (await asked(daemon, "price", "drop", "uk", MUG))[0]["outcome"] == "dropped"
        for wrong in (["MUG-BLUE"], ["MUG-BLUE", "x"], ["NONE", "1"], ["MUG-BLUE", "1", "--currency", "EUR"]):
            assert (await ctl(daemon, "price", "set", "uk", *wrong)).exit_code == 1


async def test_a_file_of_prices_is_answered_row_by_row_and_does_nothing_twice(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_of(clock, 700)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600, price_change="on", dry_run="on")
        await download(daemon)
        prices = {each.sku: each.price for each in market.listings.all() if each.price}
        rows = [f"{sku},{(price + 1) / 100:.2f}," for sku, price in prices.items()]
        text = "SKU;Price;Min price\n".replace(";", ",") + "\n".join(rows) + "\nNONE,1,\n,1,\n"
        for first in (True, False):
            answers = await load(daemon, text)
            outcomes = [each["outcome"] for each in answers]
            assert outcomes[-2:] == ["refused", "refused"]
            assert set(outcomes[:-2]) == ({"pending"} if first else {"unchanged"})
        assert [row["row"] for row in answers] == list(range(2, len(rows) + 4))
        entries = [entry for entry in await daemon.audit() if entry.code == "price.saved"]
        assert len(entries) == len(rows) and entries[0].text.count("GBP") == 2
        waiting = await asked(daemon, "price", "list", "uk", "--limit", "10000")
        assert len(waiting) == len(rows)
        assert {(row["state"], row["held_back"]) for row in waiting} == {("Pending", "dry run")}
        wrong = await ctl(daemon, "price", "import", "uk", "-", typed="sku,cost\nMUG-BLUE,1\n")
        assert wrong.exit_code == 1 and "cost" in wrong.stderr


async def test_the_actor_is_there_while_there_is_something_for_it_to_do(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_of(clock)

    async def has_actor(daemon: Daemon) -> bool:
        await clock.settle()
        return "price" in {row.concern for row in (await daemon.status()).rows}

    async with running_daemon(tmp_path, market, clock) as daemon:
        await daemon.open_shop(poll_seconds=3600)
        await download(daemon)
        assert not await has_actor(daemon)
        saved = await asked(daemon, "price", "set", "uk", MUG, "12")
        assert (saved["outcome"], saved["note"]) == ("saved", "Price Change was off")
        assert (await ctl(daemon, "price", "push", "uk", MUG)).exit_code == 1
        await ctl(daemon, "channel", "set", "uk", "price_change=on")
        assert await has_actor(daemon)
        assert (await asked(daemon, "price", "push", "uk", "--unsent"))[0]["outcome"] == "pending"
        await daemon.pass_time(seconds=7)
        await ctl(daemon, "channel", "set", "uk", "price_change=off")
        assert await has_actor(daemon), "it was sent, and is to be read back"
        await daemon.pass_time(minutes=5)
        assert ((await shown(daemon))["state"], await has_actor(daemon)) == ("Success", False)
