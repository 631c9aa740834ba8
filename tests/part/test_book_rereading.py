"""What time does to orders: re-reads, e-mail deadlines, the end of retention (semantics C0, C4, C5, P1)."""

from datetime import timedelta
from pathlib import Path

from channeld.book.email_deadline import settle_overdue
from channeld.book.readings import Readings
from channeld.book.rereading import book_reread, due_rereads, next_reread
from channeld.book.retention import forget_old, remove_overdue
from channeld.commands.orders import recover_order
from channeld.domain.order import IncomingOrder
from channeld.store import rereads
from channeld.store.unit import Unit
from tests.support.book_shop import ORDER, Shop, as_sent, damaged, open_shop
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW, order

MAIL = "x@marketplace.example"


async def due(shop: Shop, channel_id: int = 1, limit: int = 99) -> list[tuple[str, str]]:
    found = await shop.store.read(lambda c: due_rereads(c, shop.account_id, channel_id, shop.now, limit))
    return [(each.order_id, each.kind) for each in found]


async def reread(shop: Shop, incoming: IncomingOrder | None, channel_id: int = 1) -> None:
    """Do the first read that is due."""
    readings = Readings(orders=(as_sent(incoming),)) if incoming else None
    await book(shop, readings, channel_id)


async def book(shop: Shop, readings: Readings | None, channel_id: int = 1) -> None:
    now, cipher = shop.now, shop.store.cipher

    def act(unit: Unit) -> None:
        wanted = due_rereads(unit.connection, shop.account_id, channel_id, now, 9)[0]
        book_reread(unit, cipher, shop.account_id, wanted, readings, now)

    await shop.store.write(act)


async def next_at(shop: Shop, channel_id: int = 1) -> timedelta | None:
    """From the start until there is something to do again."""
    at = await shop.store.read(lambda c: next_reread(c, shop.account_id, channel_id))
    return at - NOW if at else None


async def test_an_address_is_looked_for_after_5_20_and_60_minutes(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order())
        assert (await shop.order()).email_state == "pending"
        for minutes in (5, 20, 60):
            assert await next_at(shop) == minutes * MINUTE
            await shop.clock.advance(60 * minutes - (shop.now - NOW).total_seconds())
            assert await due(shop) == [(ORDER, "email")]
            await reread(shop, order())
        assert (await shop.order()).email_state == "not disclosed"
        assert await shop.rereads() == []
        assert await next_at(shop) is None
        assert (await shop.codes())[-1] == "email.not_disclosed"


async def test_an_address_that_appears_ends_the_looking(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order())
        await shop.clock.advance(300)
        await reread(shop, order(email=MAIL))
        assert (await shop.order()).email_state == "disclosed"
        assert await shop.rereads() == []
        assert await shop.personal() == {"buyer.buyerEmail": MAIL}


async def test_the_deadline_passes_without_amazon_too(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(not_disclosed_email="shop@example.org")
        await shop.apply(order())
        await shop.clock.advance(61 * 60)
        assert await settle(shop, uk.id) == 0, "a last answer may be on its way"
        await shop.clock.advance(60)
        assert await settle(shop, uk.id) == 1
        assert await settle(shop, uk.id) == 0
        assert (await shop.order()).email_state == "alternate"
        assert await shop.rereads() == []
        assert (await shop.codes())[-1] == "email.alternate"
        assert not [text for text in await shop.texts() if "shop@example.org" in text and "order" in text]


async def settle(shop: Shop, channel_id: int) -> int:
    now = shop.now
    return await shop.store.write(lambda unit: settle_overdue(unit, channel_id, now))


async def test_an_address_that_comes_later_replaces_the_alternate(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(not_disclosed_email="shop@example.org")
        await shop.apply(order())
        await shop.clock.advance(2 * 3600)
        await settle(shop, uk.id)
        await shop.apply(order(email=MAIL, updated_at=NOW + HOUR))
        assert (await shop.order()).email_state == "disclosed"
        assert (await shop.codes())[-1] == "email.disclosed"


async def test_no_address_is_looked_for_while_pending_or_by_amazon(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(fba_enabled="on")
        await shop.apply(order("PENDING", order_id="pending"))
        await shop.apply(order("SHIPPED", order_id="fba", fulfilled_by="AMAZON"))
        assert [each.kind for each in await shop.rereads("pending")] == ["pending"]
        assert await shop.rereads("fba") == []
        assert (await shop.order("fba")).email_state == "not disclosed"


async def test_a_pending_order_is_read_until_the_seventh_day(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("PENDING"))
        moments: list[timedelta] = []
        while (at := await next_at(shop)) is not None:
            moments.append(at)
            await shop.clock.advance((NOW + at - shop.now).total_seconds())
            await reread(shop, order("PENDING"))
        assert moments[:6] == [30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 10 * HOUR, 16 * HOUR]
        assert 7 * DAY - 6 * HOUR < moments[-1] <= 7 * DAY


async def test_a_person_s_wish_comes_first_and_an_order_once(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("PENDING", order_id="old-1"), order("PENDING", order_id="old-2"))
        await shop.clock.advance(3600)
        await shop.command(lambda unit, asked: recover_order(unit, asked, "old-2", None))
        await shop.command(lambda unit, asked: recover_order(unit, asked, "new-3", "uk"))
        assert set(await due(shop, limit=2)) == {("old-2", "recover"), ("new-3", "recover")}
        assert sorted(await due(shop)) == [("new-3", "recover"), ("old-1", "pending"), ("old-2", "recover")]


async def test_the_outcome_of_a_recovery_is_kept(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        assert await recovered(shop, Readings(orders=(order(),))) == "inserted"
        assert (await shop.order()).order_id == ORDER
        assert "ann: Order is read again by its id" in await shop.texts()
        assert [text for text in await shop.texts() if text.startswith("ann: Order stored as open")]
        assert await recovered(shop, None) == "not found"
        assert await recovered(shop, Readings(damaged=(damaged(),))) == "quarantined"
        elsewhere = order(marketplace_id="A1PA6795UKMFR9")
        assert await recovered(shop, Readings(orders=(elsewhere,))) == "skipped"
        unread = damaged(marketplace_id="A1PA6795UKMFR9")
        assert await recovered(shop, Readings(damaged=(unread,))) == "skipped"


async def recovered(shop: Shop, readings: Readings | None) -> str:
    """Ask for the order, let it be read, and tell what came of it."""
    await shop.command(lambda unit, asked: recover_order(unit, asked, ORDER, "uk"))
    await book(shop, readings)
    entries = await shop.store.read(lambda c: rereads.of_order(c, shop.account_id, ORDER))
    return next(each.outcome for each in entries if each.kind == "recover" and each.done_at == shop.now)


async def test_a_recovery_shows_data_that_was_removed_for_a_day(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(order("SHIPPED", email=MAIL))
        await shop.clock.advance(31 * 86_400)
        assert await purge(shop) == 1
        assert await shop.personal() == {}
        assert (await shop.codes())[-1] == "order.personal_removed"
        await recovered(shop, Readings(orders=(as_sent(order("SHIPPED", email=MAIL)),)))
        assert await shop.personal() == {"buyer.buyerEmail": MAIL}
        await shop.clock.advance(86_400)
        assert await purge(shop) == 1
        assert await shop.personal() == {}


async def test_retention_removes_no_more_at_once_than_it_may(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await shop.apply(*(order("SHIPPED", email=MAIL, order_id=f"order-{n}") for n in range(3)))
        await shop.apply_carefully(damaged=[damaged()])
        assert await purge(shop) == 0, "nothing is due yet"
        await shop.clock.advance(31 * 86_400)
        assert [await purge(shop, 2), await purge(shop, 2), await purge(shop, 2)] == [3, 1, 0]
        assert [await shop.personal(f"order-{n}") for n in range(3)] == [{}, {}, {}]
        assert len(await shop.quarantined()) == 1, "the order itself is kept"


async def purge(shop: Shop, limit: int = 500) -> int:
    now = shop.now
    return await shop.store.write(lambda unit: remove_overdue(unit, now, limit))


async def test_done_rereads_are_forgotten_after_a_month(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        await recovered(shop, None)
        for days, kept in ((29, 1), (2, 0)):
            await shop.clock.advance(days * 86_400)
            now = shop.now
            await shop.store.write(lambda unit, now=now: forget_old(unit, now))
            found = await shop.store.read(lambda c: rereads.of_order(c, shop.account_id, ORDER))
            assert len(found) == kept
