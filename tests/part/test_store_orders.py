"""The order book: no order twice, no line lost, and lists from a few queries."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError

from channeld.store import order_counts, order_queries, orders, quarantine
from channeld.store.order_records import OrderKey, OrderRecord
from channeld.store.store import Store
from channeld.store.unit import Unit
from tests.support.fake_clock import START
from tests.support.store_samples import add_channel, line, open_store, order, plain


async def channel_in(store: Store, name: str = "uk") -> int:
    return (await store.write(lambda unit: add_channel(unit, name))).id


async def save(store: Store, *page: OrderRecord) -> dict[OrderKey, int]:
    return await store.write(lambda unit: orders.save_page(unit, page))


async def book(store: Store) -> list[OrderRecord]:
    return await store.read(lambda connection: order_queries.latest(connection, 1000))


async def test_an_order_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await channel_in(store)
        given_order = msgspec.structs.replace(
            order(uk, 1),
            lines=(line(1), msgspec.structs.replace(line(2), amounts=None, item_id=7, facilitator=True)),
            first_disclosing_at=START,
            delivered_at=START + timedelta(microseconds=1),
            grand_total=None,
            prime=True,
        )
        keys = await save(store, given_order)
        (stored,) = await book(store)
        assert plain(stored) == plain(given_order)
        assert (stored.id, stored.version) == (keys[given_order.key], 1)
        assert await store.read(lambda c: orders.payload(c, stored.id)) == given_order.payload


async def test_saving_again_updates_in_place_and_grows_the_version(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await channel_in(store)
        first = await save(store, order(uk, 1, minutes=1))
        changed = msgspec.structs.replace(
            order(uk, 1, minutes=9, status="SHIPPED"), lines=(line(1, quantity=5), line(3)), payload=None
        )
        assert await save(store, changed) == first
        (stored,) = await book(store)
        assert (stored.status, stored.version) == ("SHIPPED", 2)
        assert stored.first_stored_at == START + timedelta(minutes=1)
        assert [(each.order_item_id, each.quantity) for each in stored.lines] == [
            ("L1", 5),
            ("L2", 2),
            ("L3", 1),
        ]
        assert await store.read(lambda c: orders.payload(c, stored.id)) == order(uk, 1).payload


async def test_the_same_amazon_id_on_two_channels_is_two_orders(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk, de = await channel_in(store, "uk"), await channel_in(store, "de")
        await save(store, order(uk, 1), order(de, 1))
        both = await store.read(lambda c: order_queries.one(c, order(uk, 1).order_id))
        assert {each.channel_id for each in both} == {uk, de}
        (only,) = await store.read(lambda c: order_queries.one(c, order(uk, 1).order_id, de))
        assert only.channel_id == de


def newest_wins(unit: Unit, channel_id: int, page: Sequence[OrderRecord]) -> None:
    """What a download does with a page: read what is stored, save what is newer."""
    newest = {each.key: each for each in sorted(page, key=lambda each: each.updated_at)}
    present = orders.stored(unit.connection, [channel_id], [each.order_id for each in newest.values()])
    orders.save_page(
        unit,
        [
            each
            for each in newest.values()
            if each.key not in present or present[each.key].updated_at < each.updated_at
        ],
    )


@settings(max_examples=10, deadline=None)
@given(
    updates=st.lists(st.tuples(st.integers(1, 8), st.integers(0, 5)), min_size=1, max_size=20),
    pages_of=st.integers(1, 6),
    repeats=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
async def test_pages_in_any_order_and_any_number_make_the_same_book(
    updates: list[tuple[int, int]], pages_of: int, repeats: int, seed: int
) -> None:
    with TemporaryDirectory() as folder:
        async with open_store(Path(folder)) as store:
            uk = await channel_in(store)
            seen = [order(uk, number, minutes=minutes) for number, minutes in updates]
            pages = [seen[start : start + pages_of] for start in range(0, len(seen), pages_of)] * repeats
            random.Random(seed).shuffle(pages)  # noqa: S311 (a reproducible shuffle, no secret)
            for page in pages:
                await store.write(lambda unit, page=page: newest_wins(unit, uk, page))
            expected = {number: max(m for n, m in updates if n == number) for number, _ in updates}
            stored = {each.order_id: each.updated_at for each in await book(store)}
            assert stored == {
                order(uk, number).order_id: START + timedelta(minutes=minutes)
                for number, minutes in expected.items()
            }
            assert all(len(each.lines) == 2 for each in await book(store))


async def test_a_page_takes_the_same_few_statements_however_long_it_is(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await channel_in(store)

        def statements(unit: Unit, length: int) -> int:
            count: list[str] = []

            def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
                count.append(statement)

            page = [order(uk, number) for number in range(length)]
            event.listen(unit.connection, "before_cursor_execute", note)
            orders.stored(unit.connection, [uk], [each.order_id for each in page])
            orders.save_page(unit, page)
            orders.stored(unit.connection, [uk], [each.order_id for each in page])
            event.remove(unit.connection, "before_cursor_execute", note)
            return len(count)

        assert await store.write(lambda unit: statements(unit, 2)) <= 8
        assert await store.write(lambda unit: statements(unit, 100)) <= 8


async def test_lists_are_newest_first_and_paged(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk, de = await channel_in(store, "uk"), await channel_in(store, "de")
        parked = msgspec.structs.replace(order(de, 9, minutes=3), state="parked")
        await save(store, parked, *[order(uk, number, minutes=number % 3) for number in range(1, 6)])

        first = await store.read(lambda c: order_queries.latest(c, 2, uk))
        rest = await store.read(lambda c: order_queries.latest(c, 10, uk, after=first[-1]))
        whole = await store.read(lambda c: order_queries.latest(c, 10, uk))
        assert [*first, *rest] == whole
        assert [each.updated_at for each in whole] == sorted(
            (each.updated_at for each in whole), reverse=True
        )
        assert len(whole) == 5
        assert [
            each.key for each in await store.read(lambda c: order_queries.latest(c, 9, state="parked"))
        ] == [parked.key]
        some = await store.read(lambda c: order_queries.by_keys(c, [parked.key, whole[0].key, (de, "none")]))
        assert {each.key for each in some} == {parked.key, whole[0].key}


async def test_counts_of_all_channels(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk, de = await channel_in(store, "uk"), await channel_in(store, "de")
        await save(
            store,
            order(uk, 1),
            msgspec.structs.replace(order(uk, 2), payment_mapped=False),
            msgspec.structs.replace(order(uk, 3), state="parked", shipping_mapped=False),
        )
        entry = quarantine.Quarantined(
            account_id=1, order_id="x", channel_id=uk, reason="r", field="f", first_at=START, last_at=START
        )
        await store.write(lambda unit: quarantine.put(unit, store.cipher, entry, b"{}", {}))
        assert await store.read(order_counts.counts) == {
            uk: order_counts.ChannelCounts(
                channel_id=uk,
                orders=3,
                open_orders=2,
                parked_orders=1,
                unmapped_payment=1,
                unmapped_shipping=1,
                quarantined=1,
            ),
            de: order_counts.ChannelCounts(
                channel_id=de,
                orders=0,
                open_orders=0,
                parked_orders=0,
                unmapped_payment=0,
                unmapped_shipping=0,
                quarantined=0,
            ),
        }


async def test_an_order_of_an_unknown_channel_is_refused_and_nothing_of_its_page_stays(
    tmp_path: Path,
) -> None:
    async with open_store(tmp_path) as store:
        uk = await channel_in(store)
        with pytest.raises(IntegrityError) as refused:
            await save(store, order(uk, 1), order(99, 2))
        assert order(uk, 1).order_id not in str(refused.value)
        assert await book(store) == []


async def test_money_that_is_not_an_integer_is_refused(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await channel_in(store)
        damaged = msgspec.structs.replace(order(uk, 1), grand_total="14.99")  # pyright: ignore[reportArgumentType]  # what a bug would do
        with pytest.raises(IntegrityError):
            await save(store, damaged)


async def test_an_empty_page_is_nothing(tmp_path: Path) -> None:
    async with open_store(tmp_path) as store:
        uk = await channel_in(store)
        assert await save(store) == {}
        assert await store.read(lambda c: orders.stored(c, [uk], [])) == {}
