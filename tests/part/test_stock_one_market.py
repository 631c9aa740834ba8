"""Amazon refuses the stock of one marketplace: the others go on, and people see it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from channeld.concerns.refused_markets import ASIDE, RefusedMarket
from channeld.control.rows.stock_attention import refused_attention
from channeld.domain.stock.desired import Standing
from channeld.runtime.actor import Halt
from channeld.store import channels
from tests.support.fake_clock import FakeClock
from tests.support.feed_line import FeedWire, all_feeds, feed_line, feeding, own_stock
from tests.support.stock_line import StockLine, stock_line, stock_market
from tests.support.stock_looking import look, looked

UK, DE = "A1F83G8C2ARO7P", "A1PA6795UKMFR9"

Rewrite = Callable[[httpx.Request, httpx.Response], httpx.Response | None]


def refused_in(*places: str, method: str) -> Rewrite:
    """Requests with that method that name one of these marketplaces are refused."""

    def rewrite(request: httpx.Request, response: httpx.Response) -> httpx.Response | None:
        named = f"{request.url} {request.content.decode(errors='replace')}"
        if request.method != method or not any(place in named for place in places):
            return None
        return httpx.Response(403, json={"errors": [{"code": "Unauthorized", "message": "no"}]})

    return rewrite


def set_aside(line: StockLine) -> list[tuple[str, int]]:
    return [(each.concern, each.channel_id) for each in line.kit.refused_markets.all(line.shop.now)]


async def test_requests_go_on_in_the_other_marketplaces_and_are_tried_again_after_an_hour(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = stock_market(clock)
    skus = own_stock(market, 3)
    async with stock_line(tmp_path, clock, market) as line:
        line.wire.rewrite = refused_in(DE, method="PATCH")
        await line.want({skus[0]: 7, skus[1]: 8}, owner=2)
        await line.want({skus[2]: 9}, owner=1)

        async def meanwhile() -> None:
            await clock.sleep(60)
            asked = len(line.in_order())
            assert line.told(skus[2]) == [9] and set_aside(line) == [("stock_push", 2)]
            assert (await line.row(skus[0])).desired.stands(clock.now()) is Standing.WAITING
            await line.want({skus[2]: 0}, owner=1)
            await clock.sleep(1_800)
            assert line.told(skus[2]) == [9, 0]
            assert len(line.in_order()) == asked + 1, "nothing more is asked where it is refused"
            line.wire.rewrite = None

        await line.run(ASIDE.total_seconds() + 60, meanwhile)
        assert line.trouble is None
        assert len(line.in_order()) > 4 and {line.in_order()[-2], line.in_order()[-1]} == set(skus[:2])
        assert [(await line.row(sku)).desired.is_dirty for sku in skus[:2]] == [False] * 2
        assert set_aside(line) == []


async def test_requests_halt_when_all_marketplaces_are_refused(tmp_path: Path, clock: FakeClock) -> None:
    market = stock_market(clock)
    skus = own_stock(market, 2)
    async with stock_line(tmp_path, clock, market) as line:
        line.wire.rewrite = refused_in(UK, DE, method="PATCH")
        await line.want({skus[0]: 7}, owner=2)
        await line.run(30)
        assert line.trouble is None
        await line.want({skus[1]: 7}, owner=1)
        await line.run(30)
        assert isinstance(line.trouble, Halt) and not line.trouble.whole_group


async def test_a_refused_feed_leaves_the_account_s_other_feeds_alone(
    tmp_path: Path, clock: FakeClock
) -> None:
    market = stock_market(clock, rates={"patchListingsItem": 0.5})
    skus = own_stock(market, 120)
    async with feed_line(tmp_path, clock, market, FeedWire(market, clock)) as line:
        line.wire.rewrite = refused_in(DE, method="POST")
        await line.want(dict.fromkeys(skus[:65], 7), owner=2)
        await line.want(dict.fromkeys(skus[65:], 8), owner=1)
        await feeding(line, 600)
        assert line.trouble is None
        assert set_aside(line) == [("stock_feed", 2)]
        found = [(each.marketplaces, each.state) for each in await all_feeds(line)]
        assert found[:2] == [((DE,), "not created"), ((UK,), "done")]
        assert ((DE,), "done") not in found and len([each for each in found if each[0] == (DE,)]) == 1
        assert {line.at_amazon(sku) for sku in skus[110:]} == {8}


async def test_one_marketplace_is_not_read_back_and_the_other_is(tmp_path: Path, clock: FakeClock) -> None:
    market = stock_market(clock)
    one, other = own_stock(market, 2)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({one: 7}, owner=2)
        await line.want({other: 8}, owner=1)
        await line.run(1_000)
        line.wire.rewrite = refused_in(DE, method="GET")
        await looked(line, one, other)
        assert set_aside(line) == [("stock_check", 2)]
        assert (await line.row(other)).desired.is_confirmed
        row = (await line.row(one)).desired
        assert row.look_at is not None and row.look_at > clock.now() + timedelta(minutes=50)
        assert "in this marketplace" in row.reason


async def test_reading_back_halts_when_all_marketplaces_are_refused(tmp_path: Path, clock: FakeClock) -> None:
    market = stock_market(clock)
    one, other = own_stock(market, 2)
    async with stock_line(tmp_path, clock, market) as line:
        await line.want({one: 7}, owner=2)
        await line.want({other: 8}, owner=1)
        await line.run(5)
        line.wire.rewrite = refused_in(UK, DE, method="GET")
        await clock.advance(2_000)
        assert isinstance(await look(line, 60), Halt)


@pytest.mark.parametrize("is_enabled", [True, False])
async def test_status_says_what_to_do(tmp_path: Path, clock: FakeClock, is_enabled: bool) -> None:
    async with stock_line(tmp_path, clock, stock_market(clock)) as line:
        known = await line.shop.store.read(channels.all_channels)
        known = [replace(each, enabled=is_enabled) for each in known]
        refused = RefusedMarket(
            concern="stock_push", channel_id=2, until=clock.now(), reason="Refused.", hint="Do this."
        )
        told = refused_attention([refused], known)
        assert [text.startswith("de: stock of this channel is not sent") for text in told] == [
            True
        ] * is_enabled
        assert all("Refused. Do this. It is tried again at" in text for text in told)
