"""Two channels of one seller and one number at Amazon: what an order does to it, through the whole daemon."""

from pathlib import Path

from channel_protocol.listings import LinkListings, LinkWanted
from channel_protocol.stock import SaveStock, StockLevel
from channeld.sandbox import Line
from tests.support.daemon import Daemon, new_id, running_daemon
from tests.support.daemon_ctl import ctl
from tests.support.fake_clock import FakeClock
from tests.support.listing_daemon import finished, market_with

SELLER, SKU = "A1SANDBOXEU", "MUG-BLUE"
SENDING = {"update_inventory": "on", "inventory_locations": "Default"}
POLL = 60


async def open_stock(daemon: Daemon, units: int) -> None:
    """The channels `uk` and `de`, which send stock, and so many mugs."""
    await daemon.add_account(poll_seconds=POLL)
    for channel, country in (("uk", "GB"), ("de", "DE")):
        await daemon.add_channel(channel, country, enable=True, **SENDING)
    for channel in ("uk", "de"):
        await finished(daemon, channel)
    await ctl(daemon, "item", "add", "MUG")
    wanted = LinkWanted(channel="uk", sku=SKU, item="MUG")
    await daemon.client.request(LinkListings(command_id=new_id(), rows=(wanted,)))
    await count(daemon, units)


async def count(daemon: Daemon, units: int) -> None:
    level = StockLevel(sku="MUG", location="Default", units=units)
    await daemon.client.request(SaveStock(command_id=new_id(), mode="set", rows=(level,)))
    await daemon.pass_time(seconds=20)


def told(daemon: Daemon) -> list[tuple[str, int | None]]:
    """By which marketplace, and how many."""
    return [(each.country, each.quantity) for each in daemon.market.truth.told.get((SELLER, SKU), ())]


async def test_an_order_on_one_channel_lowers_both_at_once_by_one_message(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_stock(daemon, 10)
        assert told(daemon) == [("GB", 10)]
        market.place_order(country="DE", lines=(Line(sku=SKU, quantity=3),))
        while not await daemon.orders("de"):
            await daemon.pass_time(seconds=1)
        await daemon.pass_time(seconds=1)
        assert told(daemon) == [("GB", 10), ("GB", 7)]
        await daemon.pass_time(seconds=5)
        for country in ("GB", "DE"):
            assert market.listings.get(SKU, country=country).quantity == 7
        await daemon.pass_time(minutes=40)
        assert told(daemon) == [("GB", 10), ("GB", 7)]
        assert not market.truth.over_budget


async def test_the_last_one_is_told_as_zero_and_its_return_is_audited(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = market_with(clock)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await open_stock(daemon, 2)
        await count(daemon, 0)
    async with running_daemon(tmp_path, market, clock) as daemon:
        await count(daemon, 4)
        assert [units for _, units in told(daemon)] == [2, 0, 4]
        (entry,) = [each for each in await daemon.audit() if each.code == "listing.relisted"]
        assert (entry.channel, entry.text) == ("uk", f"{SKU} is on sale again: 0 → 4 units.")
