"""A feed is overtaken by a sale while its document is on its way: it is not created, but not for ever."""

from pathlib import Path

from msgspec.structs import replace

from channeld.book.offering.feeding.too_late import TOO_LATE
from channeld.domain.stock import pushing
from channeld.domain.stock.latency import KEEP
from channeld.domain.stock.value import Value
from channeld.store import desired_stock
from channeld.store.unit import Unit
from tests.support.fake_clock import FakeClock
from tests.support.feed_line import FeedWire, all_feeds, documents, feed_line, feeding, own_stock, true_stock
from tests.support.stock_line import StockLine, stock_market

RATES = {"patchListingsItem": 0.5}


async def sell(line: StockLine, sku: str, quantity: int) -> None:
    """As recomputing books it while a feed offers more."""
    now, account_id = line.shop.now, line.shop.account_id

    def write(unit: Unit) -> None:
        row = desired_stock.of_skus(unit.connection, account_id, [sku])[sku]
        desired = pushing.computed(row.desired, Value(quantity=quantity, lead_time=KEEP), now)
        if desired.flight is not None:
            desired = pushing.overtaken(desired, now)
        desired_stock.save(unit, [replace(row, desired=desired)], now)

    await line.shop.store.write(write)


async def test_what_sold_while_a_document_was_on_its_way_is_not_offered_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = stock_market(clock, rates=RATES)
    skus = own_stock(market, 60)
    wire = FeedWire(market, clock)
    async with feed_line(tmp_path, clock, market, wire) as line:
        sold: list[str] = []

        async def on_upload() -> None:
            if not sold:
                sold.append(documents(wire)[0]["messages"][0]["sku"])
                await sell(line, sold[0], 0)

        wire.on_upload = on_upload
        await line.want(dict.fromkeys(skus, 9))
        await feeding(line, 600, beside=True)
        assert set(line.told(sold[0])) == {0}, "nine were not offered after it was known that none is left"
        first, *others = await all_feeds(line)
        assert (first.state, first.reason) == ("not created", TOO_LATE)
        assert [each.state for each in others][:1] == ["done"]
        assert true_stock(market, skus) == dict.fromkeys(skus, 9) | {sold[0]: 0}
        assert "not sent" in await line.events(next(sku for sku in reversed(skus) if sku != sold[0]))


async def test_after_two_such_tries_it_goes_on_regardless(tmp_path: Path, clock: FakeClock) -> None:
    market = stock_market(clock, rates=RATES)
    skus = own_stock(market, 120)
    wire = FeedWire(market, clock)
    async with feed_line(tmp_path, clock, market, wire) as line:
        sold: list[str] = []

        async def on_upload() -> None:
            sold.append(documents(wire)[-1]["messages"][0]["sku"])
            await sell(line, sold[-1], 9 - len(sold))

        wire.on_upload = on_upload
        await line.want(dict.fromkeys(skus, 9))
        await feeding(line, 120)
        states = [each.state for each in await all_feeds(line)]
        assert states[:2] == ["not created"] * 2 and states[2] != "not created"
