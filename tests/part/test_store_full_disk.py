"""A full disk: what was confirmed stays, what was not is not there at all, and work goes on by itself."""

import sqlite3
from pathlib import Path

import anyio
import pytest

from channeld.errors import ChanneldError
from channeld.store.failures import StoreFailure
from channeld.store.store import Store
from tests.support.book_shop import Shop, open_shop
from tests.support.domain_orders import order
from tests.support.fake_clock import FakeClock
from tests.support.full_disk import filled, pages_left, small_disk, without_limit
from tests.support.store_samples import KEY, open_store
from tests.support.store_units import keys, putting

PAGE = [order(order_id=f"026-1234567-{number:07}") for number in range(24)]


async def booked(shop: Shop) -> tuple[int, int, int]:
    """Orders, audit entries, and orders in quarantine."""
    return len(await shop.orders()), len(await shop.texts()), len(await shop.quarantined())


@pytest.mark.parametrize("company", [0, 3], ids=["alone", "in a group"])
async def test_a_page_for_which_there_is_no_room_is_not_there_at_all(tmp_path: Path, company: int) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        room = 0
        while True:
            before = await booked(shop)
            await pages_left(shop.store, room)
            outcome: list[object] = []

            async def apply(outcome: list[object] = outcome) -> None:
                try:
                    outcome.append(await shop.apply_carefully(*PAGE))
                except ChanneldError as error:
                    outcome.append(error.code)

            async def beside(name: str) -> None:
                try:
                    await shop.store.write(putting(name))
                except StoreFailure as failure:
                    assert failure.code == "disk_full"

            async with anyio.create_task_group() as group:
                for number in range(company):
                    group.start_soon(beside, f"{room}-{number}")
                group.start_soon(apply)
            await without_limit(shop.store)
            if outcome != ["disk_full"]:
                break
            assert await booked(shop) == before, f"with room for {room} pages"
            room += 1
        assert room > 3
        orders, entries, quarantined = await booked(shop)
        assert (orders, quarantined) == (len(PAGE), 0)
        assert entries >= len(PAGE)


def sound(database: Path) -> bool:
    with sqlite3.connect(database) as book:
        verdict = book.execute("PRAGMA integrity_check").fetchone()
    book.close()
    return verdict == ("ok",)


async def test_a_real_full_disk_refuses_with_path_and_hint_reads_go_on_and_room_is_all_it_needs(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "3m") as disk:
        async with open_store(disk) as store:
            confirmed = {await store.write(putting("first"))}
            ballast = filled(disk)
            with pytest.raises(StoreFailure) as refused:
                while True:
                    confirmed.add(await store.write(putting(f"{len(confirmed):01000}")))
            assert refused.value.code == "disk_full"
            assert str(store.path) in refused.value.message
            assert "Free some space" in refused.value.hint
            assert store.failure is not None
            assert await store.read(keys) == confirmed, "reads go on, and show what was confirmed"
            ballast.unlink()
            await store.write(putting("again"))
            assert store.failure is None
        async with open_store(disk) as store:
            assert await store.read(keys) == {*confirmed, "again"}
        assert sound(disk / "channeld.db")


async def test_a_disk_that_is_full_when_the_log_is_moved_into_the_database_loses_nothing(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "3m") as disk:
        async with open_store(disk) as store:
            confirmed = {await store.write(putting(f"{number:0500}")) for number in range(40)}
            filled(disk)
            with pytest.raises(StoreFailure) as refused:
                await store.checkpoint()
            assert refused.value.code == "disk_full"
            assert await store.read(keys) == confirmed
        (disk / "ballast").unlink()
        async with open_store(disk) as store:
            assert await store.read(keys) == confirmed


@pytest.mark.parametrize("leaving", [0, 8_192, 60_000, 250_000])
async def test_a_first_start_on_a_full_disk_says_so_and_the_next_one_with_room_begins(
    tmp_path: Path, leaving: int
) -> None:
    with small_disk(tmp_path / "disk", "2m") as disk:
        ballast = filled(disk, leaving=leaving)
        database = disk / "channeld.db"
        with pytest.raises(ChanneldError) as refused:
            async with Store.open(database, FakeClock(), KEY):
                pass
        assert refused.value.code == "disk_full"
        assert refused.value.hint
        ballast.unlink()
        async with Store.open(database, FakeClock(), KEY) as store:
            await store.write(putting("first"))
        assert sound(database)
