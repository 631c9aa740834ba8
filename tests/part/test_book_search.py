"""A page goes into the book and the search moves on, in one unit of work (semantics C5)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from channeld.book.readings import Readings
from channeld.book.search_page import Page, PageBooked, book_page
from channeld.book.search_turn import Outlook, begun, look_ahead, note_begin
from channeld.commands.accounts import change_account
from channeld.commands.channels import remove_channel
from channeld.commands.orders import rewind_orders
from channeld.domain.order import IncomingOrder
from channeld.domain.search_plan import CatchUp, Live
from channeld.errors import ChanneldError
from channeld.store import channels, searches
from channeld.store.searches import Search, SearchKind
from channeld.store.unit import Unit
from tests.support.book_shop import Shop, as_sent, damaged, open_shop
from tests.support.domain_orders import DAY, HOUR, MINUTE, NOW, order

BOUND = NOW - 2 * MINUTE


async def outlook(shop: Shop, **more: object) -> Outlook:
    now = shop.now
    return await shop.store.read(lambda c: look_ahead(c, shop.account_id, now, **more))  # pyright: ignore[reportArgumentType]  (tests name what they mean)


async def begin(shop: Shop, *channel_ids: int) -> Search:
    """A live search of these channels, before its first page."""
    plan = Live(channel_ids=channel_ids, after=NOW - HOUR)
    search = begun(shop.account_id, plan, "[]", shop.now)
    await shop.store.write(lambda unit: note_begin(unit, search))
    return search


async def book(
    shop: Shop,
    search: Search,
    *incoming: IncomingOrder,
    next_page: str | None = None,
    bound: datetime | None = BOUND,
    readings: Readings | None = None,
) -> PageBooked:
    found = readings or Readings(orders=tuple(map(as_sent, incoming)))
    page, now, cipher = Page(readings=found, next_token=next_page, bound=bound), shop.now, shop.store.cipher
    return await shop.store.write(lambda unit: book_page(unit, cipher, search, page, now))


async def running(shop: Shop, kind: SearchKind = "live") -> Search | None:
    return await shop.store.read(lambda c: searches.running(c, shop.account_id, kind))


async def test_the_last_page_moves_the_cursor_to_amazon_s_bound(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        search = await begin(shop, uk.id)
        booked = await book(shop, search, order(), next_page="page 2")
        assert not booked.complete
        assert (await shop.channel()).order_cursor == uk.order_cursor
        current = await running(shop)
        assert current is not None
        assert (current.page_token, current.next_page, current.applied) == ("page 2", 2, 1)
        booked = await book(shop, current, order(order_id="second"))
        assert booked.complete
        assert (await shop.channel()).order_cursor == BOUND
        assert await running(shop) is None
        assert len(await shop.orders()) == 2


async def test_a_page_that_cannot_be_stored_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_disk(*_given: object) -> None:
        raise ChanneldError("disk_full", "The disk is full.")

    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        search = await begin(shop, uk.id)
        with monkeypatch.context() as patch:
            patch.setattr(channels, "move_cursor", no_disk)
            with pytest.raises(ChanneldError):
                await book(shop, search, order())
        assert await shop.orders() == []
        assert await shop.codes() == []
        assert await running(shop) == await _saved(shop, search)
        assert (await book(shop, search, order())).complete


async def _saved(shop: Shop, search: Search) -> Search | None:
    found = await running(shop)
    assert found is not None
    assert (found.started_at, found.page_token) == (search.started_at, "")
    return found


async def test_the_sync_date_is_the_newest_update_that_was_applied(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        assert (await shop.channel()).order_sync_date is None
        first = order(order_id="1", updated_at=NOW - 9 * MINUTE)
        second = order(order_id="2", updated_at=NOW - 5 * MINUTE)
        search = await begin(shop, uk.id)
        await book(shop, search, second, next_page="2")
        await book(shop, search, first)
        assert (await shop.channel()).order_sync_date == NOW - 5 * MINUTE
        await shop.clock.advance(180)
        await book(shop, await begin(shop, uk.id), first, second)
        assert (await shop.channel()).order_sync_date == NOW - 5 * MINUTE, "a re-read is not applied"
        older = order(order_id="3", updated_at=NOW - 8 * MINUTE)
        await shop.clock.advance(180)
        await book(shop, await begin(shop, uk.id), older)
        assert (await shop.channel()).order_sync_date == NOW - 8 * MINUTE, "of the last sync that applied any"


async def test_the_sync_date_is_never_in_the_future(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        await book(shop, await begin(shop, uk.id), order(updated_at=NOW + HOUR))
        assert (await shop.channel()).order_sync_date == NOW


async def test_without_a_bound_a_live_search_leaves_the_cursor(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        assert (await book(shop, await begin(shop, uk.id), order(), bound=None)).complete
        assert (await shop.channel()).order_cursor == uk.order_cursor


@pytest.mark.parametrize("bound", [None, NOW - 99 * DAY])
async def test_a_slice_without_a_sensible_bound_ends_where_it_was_to_end(
    bound: datetime | None, tmp_path: Path
) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        plan = CatchUp(channel_ids=(uk.id,), after=NOW - 7 * DAY, before=NOW - 6 * DAY)
        search = begun(shop.account_id, plan, "[]", shop.now)
        await shop.store.write(lambda unit: searches.save(unit, search))
        await book(shop, search, bound=bound)
        assert (await shop.channel()).order_cursor == NOW - 6 * DAY


async def test_a_cursor_never_goes_back_by_itself(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        await book(shop, await begin(shop, uk.id), bound=NOW - DAY)
        assert (await shop.channel()).order_cursor == NOW


async def test_a_channel_switched_off_meanwhile_gets_nothing_and_stays(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk, de = await shop.open_channel(), await shop.open_channel("de", "DE")
        search = await begin(shop, uk.id, de.id)
        await shop.set("de", enabled="off")
        await shop.set("de", enabled="on")
        german = order(order_id="german", marketplace_id=de.marketplace_id, currency="EUR")
        booked = await book(shop, search, order(), german)
        assert booked.complete
        assert booked.channel_ids == (uk.id,)
        assert [each.order_id for each in await shop.orders()] == [order().order_id]
        assert (await shop.channel(de.id)).order_cursor == de.order_cursor
        assert (await shop.channel(uk.id)).order_cursor == BOUND


async def test_a_channel_removed_while_its_search_runs_gets_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        search = await begin(shop, uk.id)
        await shop.command(lambda unit, asked: remove_channel(unit, asked, "uk"))
        booked = await book(shop, search, order())
        assert booked.channel_ids == ()
        assert await shop.orders() == []
        assert (await shop.channel()).order_cursor == uk.order_cursor
        look = await outlook(shop)
        assert (look.live, look.catch_up, look.channels) == (None, None, {})


async def test_a_search_given_up_for_a_rewind_keeps_its_orders_and_moves_no_cursor(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        search = await begin(shop, uk.id)
        back = NOW - 2 * DAY
        await shop.command(lambda unit, asked: rewind_orders(unit, asked, "uk", back, confirmed=True))
        booked = await book(shop, search, order())
        assert not booked.complete
        assert len(await shop.orders()) == 1
        assert (await shop.channel()).order_cursor == back


async def test_an_answered_search_ends_the_trouble_of_its_channels(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk, de = await shop.open_channel(), await shop.open_channel("de", "DE")

        def trouble(unit: Unit) -> None:
            for channel in (uk, de):
                channels.note_trouble(unit, channel.id, "Refused.", "Ask.", NOW)

        await shop.store.write(trouble)
        await book(shop, await begin(shop, uk.id))
        assert ((await shop.channel(uk.id)).trouble, (await shop.channel(de.id)).trouble) == ("", "Refused.")


async def test_a_damaged_order_holds_no_cursor(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        booked = await book(shop, await begin(shop, uk.id), readings=Readings(damaged=(damaged(),)))
        assert booked.complete
        assert (await shop.channel()).order_cursor == BOUND
        assert (await shop.channel()).order_sync_date is None
        assert len(await shop.quarantined()) == 1


async def test_the_live_search_is_due_when_the_poll_says_so(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        look = await outlook(shop)
        assert look.live == Live(channel_ids=(uk.id,), after=NOW - 10 * MINUTE)
        assert look.live_due <= NOW
        await book(shop, await begin(shop, uk.id))
        assert (await outlook(shop)).live_due == NOW + 3 * MINUTE
        await shop.command(lambda u, a: change_account(u, a, "eu", {"order_poll_seconds": "60"}))
        assert (await outlook(shop)).live_due == NOW + MINUTE


async def test_a_clock_that_was_set_back_does_not_stop_the_search(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        await book(shop, await begin(shop, uk.id))
        shop.clock.jump(-DAY.total_seconds())
        assert (await outlook(shop)).live_due == shop.now


async def test_a_running_search_goes_on_as_long_as_its_token_lives(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        search = await begin(shop, uk.id)
        assert not isinstance((await outlook(shop)).live, Search), "without a token it begins again"
        await book(shop, search, next_page="page 2")
        live = (await outlook(shop)).live
        assert isinstance(live, Search)
        assert live.next_page == 2
        shop.clock.jump(timedelta(hours=23, minutes=31).total_seconds())
        assert not isinstance((await outlook(shop)).live, Search)


async def test_a_new_channel_catches_up_by_itself(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="0")
        de = await shop.open_channel("de", "DE", order_look_back_days="3")
        look = await outlook(shop)
        assert isinstance(look.live, Live)
        assert isinstance(look.catch_up, CatchUp)
        assert (look.live.channel_ids, look.catch_up.channel_ids) == ((uk.id,), (de.id,))
        assert look.catch_up.after == shop.now - 3 * DAY - 10 * MINUTE
        assert (await outlook(shop, leave_out={de.id})).catch_up is None


async def test_a_slice_whose_page_token_ended_is_halved_also_after_a_restart(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(order_look_back_days="30")
        planned = (await outlook(shop)).catch_up
        assert isinstance(planned, CatchUp)
        search = replace(begun(shop.account_id, planned, "{}", shop.now), page_token="more")  # noqa: S106
        await shop.store.write(lambda unit: searches.save(unit, search))
        assert isinstance((await outlook(shop)).catch_up, Search)
        await shop.clock.advance(24 * 3600)
        again = (await outlook(shop)).catch_up
        assert isinstance(again, CatchUp)
        assert again.after == planned.after
        assert again.before - again.after < (planned.before - planned.after) / 2 + HOUR
