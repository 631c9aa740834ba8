"""Orders that cannot be applied are set apart and tried again; the others go on (semantics C5)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from channeld.book.readings import read_all
from channeld.book.rereading import book_reread, due_rereads, next_reread
from channeld.domain.order import IncomingOrder
from channeld.domain.reread import Reread
from channeld.errors import ChanneldError
from channeld.store import personal, quarantine
from channeld.store.unit import Unit
from tests.support.amazon_orders import order as amazon_order
from tests.support.amazon_orders import raw
from tests.support.book_shop import ORDER, Shop, damaged, open_shop
from tests.support.domain_orders import HOUR, MINUTE, NOW, order


def poison(order_id: str = "poison") -> IncomingOrder:
    """Amazon's answer could be read, but the book chokes on it: a number that SQLite cannot hold."""
    return order(order_id=order_id, grand_total=2**70)


async def test_one_order_that_cannot_be_booked_never_takes_the_others_with_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        page = (order(order_id="first"), poison(), order(order_id="last"))
        outcomes = await shop.apply_carefully(*page)
        assert [(each.order_id, each.what) for each in outcomes] == [
            ("first", "inserted"),
            ("poison", "quarantined"),
            ("last", "inserted"),
        ]
        (culprit,) = await shop.quarantined()
        assert (culprit.order_id, culprit.reason) == ("poison", "cannot be booked (OverflowError)")
        assert {each.order_id for each in await shop.orders()} == {"first", "last"}
        assert await shop.codes("poison") == ["order.quarantined"]


async def test_a_failure_of_the_store_keeps_nothing_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        error = OperationalError("INSERT", None, _DiskFull())
        raise error

    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        with monkeypatch.context() as patch:
            patch.setattr(personal, "put", full)
            with pytest.raises(ChanneldError) as failed:
                await shop.apply_carefully(order(email="x@marketplace.example"))
        assert failed.value.code == "disk_full"
        assert await shop.orders() == []
        assert await shop.quarantined() == []
        await shop.apply_carefully(order())
        assert len(await shop.orders()) == 1


class _DiskFull(Exception):
    sqlite_errorcode = 13
    sqlite_errorname = "SQLITE_FULL"


async def test_a_damaged_order_is_kept_whole_and_told_once(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        for _ in range(3):
            await shop.apply_carefully(damaged=[damaged()])
        (kept,) = await shop.quarantined()
        assert (kept.channel_id, kept.reason, kept.attempts) == (uk.id, "is missing", 3)
        assert await shop.codes() == ["order.quarantined"]
        secret = await shop.store.read(
            lambda c: quarantine.personal(c, shop.store.cipher, shop.account_id, ORDER)
        )
        assert secret == {"buyer.buyerName": "CANARY-NAME"}
        assert not [text for text in await shop.texts() if "CANARY" in text]


async def test_another_reason_is_told_again(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply_carefully(damaged=[damaged()])
        await shop.apply_carefully(damaged=[damaged(reason="has the wrong type (str)")])
        assert await shop.codes() == ["order.quarantined"] * 2


async def test_orders_of_channels_that_are_off_are_not_kept(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(enabled="off")
        assert await shop.apply_carefully(damaged=[damaged()]) == []
        await shop.apply_carefully(damaged=[damaged("unknown", marketplace_id="")])
        (kept,) = await shop.quarantined()
        assert (kept.order_id, kept.channel_id) == ("unknown", None)


async def test_it_is_tried_again_after_5_minutes_15_an_hour_and_then_every_six(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        await shop.apply_carefully(damaged=[damaged()])
        tried = [await _try_in_vain(shop, uk.id) for _ in range(5)]
        assert tried == [5 * MINUTE, 15 * MINUTE, HOUR, 7 * HOUR, 13 * HOUR]


async def test_searches_that_show_it_again_do_not_use_the_ladder_up(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        for _ in range(4):
            await shop.apply_carefully(damaged=[damaged()])
            await shop.clock.advance(60)
        (kept,) = await shop.quarantined()
        assert kept.next_attempt_at == NOW + 5 * MINUTE


async def test_a_machine_that_was_off_skips_what_it_missed(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        await shop.apply_carefully(damaged=[damaged()])
        shop.clock.jump(timedelta(days=7).total_seconds())
        await _reread(shop, uk.id, bytes_=None)
        (kept,) = await shop.quarantined()
        assert kept.next_attempt_at is not None
        assert shop.now < kept.next_attempt_at <= shop.now + 6 * HOUR


async def test_an_order_that_can_be_read_at_last_leaves_the_quarantine(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        whole = amazon_order(orderId=ORDER)
        await shop.apply_carefully(damaged=[damaged()])
        await shop.clock.advance(300)
        await _reread(shop, uk.id, raw(whole))
        assert await shop.quarantined() == []
        assert (await shop.order()).state == "open"
        assert await shop.store.read(lambda c: due_rereads(c, shop.account_id, uk.id, shop.now, 9)) == []


async def test_a_quarantined_order_that_is_no_work_of_ours_is_let_go(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        by_amazon = amazon_order(orderId=ORDER)
        by_amazon["fulfillment"]["fulfilledBy"] = "AMAZON"
        await shop.apply_carefully(damaged=[damaged()])
        await shop.clock.advance(300)
        await _reread(shop, uk.id, raw(by_amazon))
        assert await shop.quarantined() == []


async def test_an_order_of_a_channel_that_was_switched_off_is_not_asked_for_without_end(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        _, de = await shop.open_channel(), await shop.open_channel("de", "DE")
        await shop.apply_carefully(damaged=[damaged(marketplace_id="")])
        await shop.set("uk", enabled="off")
        await shop.clock.advance(300)
        await _reread(shop, de.id, raw(amazon_order(orderId=ORDER)))
        (kept,) = await shop.quarantined()
        assert kept.next_attempt_at == NOW + 15 * MINUTE


async def test_an_order_without_an_id_is_kept_and_not_asked_for(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        nameless = {**amazon_order(), "orderId": 5}
        readings = read_all([raw(nameless), raw(nameless)])
        await shop.apply_carefully(damaged=readings.damaged)
        (kept,) = await shop.quarantined()
        assert (kept.attempts, kept.next_attempt_at) == (2, None)
        assert await shop.store.read(lambda c: next_reread(c, shop.account_id, uk.id)) is None


async def _try_in_vain(shop: Shop, channel_id: int) -> timedelta:
    """Wait for the next attempt, which finds the order as damaged as before. When it was."""
    at = await shop.store.read(lambda c: next_reread(c, shop.account_id, channel_id))
    assert at is not None
    await shop.clock.advance((at - shop.now).total_seconds())
    bad = amazon_order(orderId=ORDER)
    del bad["orderItems"][0]["quantityOrdered"]
    await _reread(shop, channel_id, raw(bad))
    return at - NOW


async def _reread(shop: Shop, channel_id: int, bytes_: bytes | None) -> None:
    """Do the one read that is due; None stands for an order that Amazon does not know."""
    readings = read_all([bytes_]) if bytes_ else None
    now, cipher = shop.now, shop.store.cipher

    def book(unit: Unit) -> None:
        (wanted,) = due_rereads(unit.connection, shop.account_id, channel_id, now, 9)
        assert wanted.kind is Reread.QUARANTINE
        book_reread(unit, cipher, shop.account_id, wanted, readings, now)

    await shop.store.write(book)
