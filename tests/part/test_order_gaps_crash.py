"""The daemon dies at every boundary of a comparison of orders, or of a backfill: it ends as if nobody had."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import anyio.lowlevel
import pytest

from channeld.book.backfill_plan import backfill_due, begin_backfill
from channeld.book.reconciling import begin_comparison, comparison_due
from channeld.book.reports.schedule import Scheduler
from channeld.concerns import order_reconciliation, reported_orders
from channeld.store import channels
from channeld.store.columns import to_micros
from tests.support.book_shop import open_shop
from tests.support.domain_orders import order
from tests.support.fake_clock import START, FakeClock
from tests.support.mortal import Life
from tests.support.order_desk import AtAmazon, open_desk
from tests.support.reported_orders import numbered

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN = START + DAY
"""When an account that was connected at the start is compared for the first time."""
ALL = {numbered(n): START + n * HOUR for n in range(5)}
MISSING = [numbered(1), numbered(2), numbered(4)]
COMPARISON = [Scheduler(comparison_due, begin_comparison)]
BACKFILL = [Scheduler(backfill_due, begin_backfill)]


class Story(NamedTuple):
    schedulers: Sequence[Scheduler]
    lacking: Sequence[str]
    """Orders that the searches have not brought."""
    cursor: datetime | None
    """Up to where they have been; None: not moved since the channel was switched on."""
    said: Sequence[str]
    """Of the comparison or backfill as a whole."""


STORIES = {
    "some are missing": Story(COMPARISON, MISSING, BEGIN, ("order.gaps_found", "order.gaps_recovered")),
    "nothing is missing": Story(COMPARISON, (), BEGIN, ("order.nothing_missing",)),
    "backfill": Story(BACKFILL, list(ALL), None, ("order.backfill_begun", "order.backfill_done")),
}


async def prepare(folder: Path, story: Story) -> bytes:
    """A book of yesterday, to which the searches have brought the rest."""
    async with open_shop(folder, FakeClock()) as shop:
        await shop.open_channel()
        brought = {each: at for each, at in ALL.items() if each not in story.lacking}
        shop.clock.jump(DAY.total_seconds())
        await shop.apply(*(order(order_id=each, updated_at=at) for each, at in brought.items()))
        if story.cursor:
            await shop.store.write(lambda unit: channels.move_cursor(unit, [1], story.cursor or BEGIN))
    return (folder / "channeld.db").read_bytes()


async def lived(folder: Path, book: bytes, story: Story, ends_at: int | None) -> tuple[Any, list[int]]:
    """It goes on with a death at that boundary, and then without one; when there may be others."""
    _lay(folder, book)
    clock, life = FakeClock(BEGIN), Life(ends_at)
    amazon = AtAmazon(clock, ALL)
    amazon.on_boundary, life.outside = life.boundary, lambda: amazon.acts
    async with open_desk(folder, amazon, clock, story.schedulers, life.mortal) as desk:
        with life.scope:
            await desk.pass_time(minutes=2)
    amazon.on_boundary = anyio.lowlevel.checkpoint
    async with open_desk(folder, amazon, clock, story.schedulers) as desk:
        await desk.pass_time(minutes=10)
        return await desk.outcome() | {"made at Amazon": len(amazon.made)}, life.moments


def _lay(folder: Path, book: bytes) -> None:
    folder.mkdir()
    (folder / "channeld.db").write_bytes(book)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", STORIES)
async def test_dying_anywhere_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reported_orders, "PAGE", 2)
    monkeypatch.setattr(order_reconciliation, "WORTH", -DAY)
    story = STORIES[name]
    book = await prepare(tmp_path, story)
    calm, moments = await lived(tmp_path / "calm", book, story, None)

    assert calm["made at Amazon"] == 1 and len(calm["reports"]) == 1
    ((purpose, state, *_, data_to),) = calm["reports"]
    mark = calm["cursor"] if purpose == "backfill" else calm["compared to"][1]
    assert (state, to_micros(mark)) == ("processed", data_to)
    assert sorted(calm["orders"]) == sorted(ALL.items()) and set(calm["orders"].values()) == {1}
    assert {code: count for (code, *_), count in calm["told"].items() if code in story.said} == dict.fromkeys(
        story.said, 1
    )
    assert not calm["left of a backfill"] and not calm["to be read"]
    assert len(moments) > 8
    for ends_at in moments:
        found, _ = await lived(tmp_path / f"dead-{ends_at}", book, story, ends_at)
        assert found == calm, f"dead at boundary {ends_at}"
