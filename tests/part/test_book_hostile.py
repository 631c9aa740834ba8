"""A page that cannot be true loses no order and moves no cursor past one (semantics C5)."""

from datetime import datetime
from pathlib import Path

import pytest

from channeld.amazon.orders import search_query
from channeld.book.quarantining import Damaged
from channeld.book.readings import Readings, read_all
from channeld.book.search_page import Page, book_page
from channeld.book.search_turn import begun, note_begin
from channeld.domain.search_plan import CatchUp, Live
from channeld.store.channels import Channel
from channeld.store.searches import Search
from tests.support.amazon_orders import order as amazon_order
from tests.support.amazon_orders import raw
from tests.support.book_shop import Shop, as_sent, damaged, open_shop
from tests.support.domain_orders import DAY, HOUR, NOW, order


async def begin(shop: Shop, plan: Live | CatchUp, *asked: Channel) -> Search:
    query = search_query([channel.marketplace_id for channel in asked], plan.after)
    search = begun(shop.account_id, plan, raw(query).decode(), shop.now)
    await shop.store.write(lambda unit: note_begin(unit, search))
    return search


async def book(shop: Shop, search: Search, readings: Readings, bound: datetime | None = None) -> None:
    page, now, cipher = Page(readings=readings, next_token=None, bound=bound), shop.now, shop.store.cipher
    await shop.store.write(lambda unit: book_page(unit, cipher, search, page, now))


@pytest.mark.parametrize("bound", [NOW + HOUR, NOW + 100 * 365 * DAY])
async def test_a_bound_in_the_future_moves_the_cursor_no_further_than_now(
    tmp_path: Path, bound: datetime
) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        search = await begin(shop, Live(channel_ids=(uk.id,), after=NOW - HOUR), uk)
        await book(shop, search, Readings(), bound)
        assert (await shop.channel()).order_cursor == NOW


async def test_a_bound_beyond_the_slice_moves_the_cursor_to_its_end(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        plan = CatchUp(channel_ids=(uk.id,), after=NOW - 7 * DAY, before=NOW - 6 * DAY)
        await book(shop, await begin(shop, plan, uk), Readings(), NOW - DAY)
        assert (await shop.channel()).order_cursor == NOW - 6 * DAY


async def test_an_order_of_a_marketplace_that_nobody_asked_for_is_not_passed_over(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        search = await begin(shop, Live(channel_ids=(uk.id,), after=NOW - HOUR), uk)
        strange = as_sent(order(order_id="strange", marketplace_id="UNHEARD_OF"))
        broken = damaged("broken", marketplace_id="UNHEARD_OF")
        await book(shop, search, Readings(orders=(as_sent(order()), strange), damaged=(broken,)))
        assert [each.order_id for each in await shop.orders()] == [order().order_id]
        kept = {each.order_id: each for each in await shop.quarantined()}
        assert set(kept) == {"strange", "broken"}
        assert kept["strange"].field == "salesChannel.marketplaceId"
        assert kept["strange"].next_attempt_at is not None


async def test_an_order_of_a_channel_switched_off_meanwhile_is_no_stranger(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk, de = await shop.open_channel(), await shop.open_channel("de", "DE")
        search = await begin(shop, Live(channel_ids=(uk.id, de.id), after=NOW - HOUR), uk, de)
        await shop.set("de", enabled="off")
        german = as_sent(order(order_id="german", marketplace_id=de.marketplace_id, currency="EUR"))
        await book(shop, search, Readings(orders=(german,)))
        assert await shop.orders() == []
        assert await shop.quarantined() == []


async def test_orders_of_other_sales_channels_are_no_strangers(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        search = await begin(shop, Live(channel_ids=(uk.id,), after=NOW - HOUR), uk)
        elsewhere = amazon_order(salesChannel={"channelName": "NON_AMAZON", "marketplaceId": "ANYTHING"})
        await book(shop, search, read_all([raw(elsewhere)]))
        assert await shop.quarantined() == []


async def test_orders_without_an_id_are_told_apart_by_all_that_they_hold(tmp_path: Path) -> None:
    """They differ in what is personal alone, or are no orders at all."""
    nameless = [amazon_order(orderId=None, buyer={"buyerName": name}) for name in ("CANARY-A", "CANARY-B")]
    bodies = [raw(each) for each in (*nameless, nameless[0], None, 7, "text")]

    async def arrive(shop: Shop) -> set[str]:
        uk = await shop.channel()
        search = await begin(shop, Live(channel_ids=(uk.id,), after=NOW - HOUR), uk)
        found = read_all(bodies)
        assert all(isinstance(each, Damaged) and not each.order_id for each in found.damaged)
        await book(shop, search, found)
        return {each.order_id for each in await shop.quarantined()}

    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        kept = await arrive(shop)
        assert len(kept) == 5
        assert await arrive(shop) == kept, "seen again, each is the same one"
