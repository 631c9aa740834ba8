"""After the key was replaced: orders that did not change are not written again, commands not done twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from channel_protocol.locations import AddLocation, ListLocations, LocationAdded, LocationList
from channeld.admin.rotate import rotate_key
from channeld.store.keys import read_key_file
from tests.support import store_samples
from tests.support.book_office import open_office
from tests.support.book_shop import ORDER, open_shop
from tests.support.domain_orders import order
from tests.support.fake_clock import START

Rotate = Callable[[], None]


@pytest.fixture
def rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rotate:
    """Give the store in the test's folder another key, with which it is opened from then on."""

    def act() -> None:
        environ = {"CHANNELD_KEY": store_samples.KEY.hex()}
        rotate_key(tmp_path / "channeld.db", None, tmp_path / "new.key", START, environ=environ)
        monkeypatch.setattr(store_samples, "KEY", read_key_file(tmp_path / "new.key"))

    return act


async def test_an_order_that_did_not_change_is_not_written_again(tmp_path: Path, rotate: Rotate) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order())
        before = await shop.order(), await shop.codes(), await shop.personal()
        unchanged = await shop.apply(order())
    rotate()
    async with open_shop(tmp_path) as shop:
        assert await shop.apply(order()) == unchanged
        assert await shop.codes() == before[1]
        assert await shop.personal() == before[2]
        after = await shop.order(ORDER)
        assert after.version == before[0].version
        assert after.lines == before[0].lines


async def test_a_repeated_command_still_gets_its_first_answer(tmp_path: Path, rotate: Rotate) -> None:
    request = AddLocation(command_id="command-1", location="Hall 2")
    async with open_office(tmp_path) as office:
        first = await office.ask(request, LocationAdded)
    rotate()
    async with open_office(tmp_path) as office:
        assert await office.ask(request, LocationAdded) == first
        locations = await office.ask(ListLocations(), LocationList)
        assert [row.location for row in locations.rows].count("Hall 2") == 1
