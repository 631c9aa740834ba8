"""Many refunds at once: each is checked about once, and they leave in few feeds (semantics C3)."""

from pathlib import Path

from channeld.sandbox import Market
from tests.support.fake_clock import FakeClock
from tests.support.outbound import Outbound, open_outbound, placed

MANY = 150


def feeds(shop: Outbound) -> int:
    """How many were created."""
    return sum(r.method == "POST" and r.url.path.endswith("/feeds") for r in shop.daemon.wire.requests)


def reads(shop: Outbound) -> int:
    """Of finances."""
    return sum(r.url.path.endswith("/transactions") for r in shop.daemon.wire.requests)


def count_paid(market: Market, order_ids: list[str]) -> int:
    return sum(bool(market.refunds(order_id)) for order_id in order_ids)


async def test_many_refunds_are_checked_once_each_and_leave_in_few_feeds(
    tmp_path: Path, clock: FakeClock, market: Market
) -> None:
    """The first feed takes what is checked in four minutes; in the pause nothing is checked in vain."""
    order_ids = [placed(market, status="SHIPPED") for _ in range(MANY)]
    async with open_outbound(tmp_path, market, clock) as shop:
        await shop.daemon.pass_time(minutes=5)
        for order_id in order_ids:
            await shop.refund(order_id, "SKU-1", Principal="3.00")
        await shop.daemon.pass_time(minutes=10)
        first = count_paid(market, order_ids)
        assert feeds(shop) == 1 and first > MANY / 2
        assert first <= reads(shop) <= first + 2
        await shop.daemon.pass_time(minutes=16)
        assert feeds(shop) == 2 and count_paid(market, order_ids) == MANY
        looked_for = first
        assert reads(shop) <= MANY + looked_for + 2
