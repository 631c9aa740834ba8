"""The daemon dies around every commit and request of a feed of stock: the right number is there."""

from pathlib import Path

import anyio
import pytest

from channeld.domain.stock.desired import Standing
from channeld.store import stock_messages
from tests.support.fake_clock import FakeClock
from tests.support.feed_line import (
    LISTINGS,
    FeedWire,
    all_feeds,
    feed_line,
    feeding,
    own_stock,
    standings,
    true_stock,
)
from tests.support.mortal import Life
from tests.support.stock_line import stock_market

OLD, NEW = 9, 4
TROUBLES = {"": "", "feed_stuck": "3600", "feed_fatal": ""}
LIVES = 6
"""Deaths, evenly spread."""
HOURS = {"": 0.75, "feed_stuck": 1.5, "feed_fatal": 0.75}
"""After which all is as it should be; a feed of which nobody knows is looked for twice in that time."""


async def lived(folder: Path, trouble: str, ends_at: int | None) -> tuple[dict[str, object], list[int]]:
    """How it stands some time after a death at that boundary; when there may be others."""
    await anyio.Path(folder).mkdir()
    clock, life = FakeClock(), Life(ends_at)
    market = stock_market(clock, 300, rates={"patchListingsItem": 0.5})
    skus = own_stock(market, 40)
    life.outside = lambda: (len(market.truth.told), sum(market.truth.writes.values()))
    if trouble:
        market.faults.plan(trouble, detail=TROUBLES[trouble], operation=LISTINGS)
    async with feed_line(folder, clock, market, FeedWire(market, clock, life), life) as line:
        await line.want(dict.fromkeys(skus, OLD))
        await feeding(line, 90, life=life)
    async with feed_line(folder, clock, market) as line:
        await line.want(dict.fromkeys(skus, NEW))
        await feeding(line, HOURS[trouble] * 3600, beside=True)
        made = await all_feeds(line)
        left = [await line.shop.store.read(lambda c, id_=f.id: stock_messages.count(c, id_)) for f in made]
        return {
            "true": true_stock(market, skus) == dict.fromkeys(skus, NEW),
            "standing": set(await standings(line, skus)),
            "running": [feed.state for feed in made if feed.ended_at is None],
            "messages left": sum(left),
            "over budget": dict(market.truth.over_budget),
        }, life.moments


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_dying_anywhere_ends_with_what_was_computed(tmp_path: Path, trouble: str) -> None:
    calm, moments = await lived(tmp_path / "calm", trouble, None)

    assert calm == {
        "true": True,
        "standing": {Standing.SENT},
        "running": [],
        "messages left": 0,
        "over budget": {},
    }
    assert len(moments) > 6
    for ends_at in moments[:: -(-len(moments) // LIVES)]:
        found, _ = await lived(tmp_path / f"dead-{ends_at}", trouble, ends_at)
        assert found == calm, f"dead at boundary {ends_at}"
