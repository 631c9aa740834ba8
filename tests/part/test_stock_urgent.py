"""Units that may be gone are computed before whatever a file of levels has made stale."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from channeld.book.stock.saving import Wanted, save_levels
from tests.support.offer_desk import HERE, OfferDesk, at_offer_desk, sale

MANY = [f"A{number}" for number in range(10)]


async def load(desk: OfferDesk, *skus: str) -> None:
    """A file with their levels."""
    rows, now = [Wanted(sku=sku, location=HERE, units=5) for sku in skus], desk.shop.now
    await desk.shop.store.write(lambda unit: save_levels(unit, rows, "import", "", now, "ann"))


HAPPENINGS: dict[str, Callable[[OfferDesk], Awaitable[object]]] = {
    "an order": lambda desk: desk.shop.apply(sale("MUG", 3)),
    "a level that was set": lambda desk: desk.count("MUG", 2),
}


@pytest.mark.parametrize("happens", HAPPENINGS.values(), ids=HAPPENINGS)
async def test_what_may_be_gone_does_not_wait_behind_a_file(
    tmp_path: Path, happens: Callable[[OfferDesk], Awaitable[object]]
) -> None:
    async with at_offer_desk(tmp_path) as desk:
        for sku in ("MUG", *MANY):
            await desk.sell(sku, 10)
        await desk.settle()
        await load(desk, *MANY, "MUG")
        desk.shop.clock.jump(60)
        await happens(desk)
        assert list(await desk.stale()) == ["MUG"]
        desk.shop.clock.jump(60)
        await load(desk, "A9", "MUG")
        assert list(await desk.stale()) == ["MUG"], "no file takes that away"
        await desk.settle(pages=1)
        assert sorted(await desk.stale()) == MANY
